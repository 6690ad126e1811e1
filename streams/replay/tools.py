"""What the tasks of one process share."""

from __future__ import annotations

from streams.replay.job import Job
from streams.replay.log import Log
from streams.sources import Intakes


class Tools:
    """Made once a process; close it in the end."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.intakes = Intakes(job.intake)
        self._log: Log | None = None

    @property
    def log(self) -> Log:
        """The connection, made when it is first needed."""
        if self._log is None:
            self._log = Log(self.job.cluster, self.job.patience)
        return self._log

    def close(self) -> None:
        """Let go of the connection."""
        if self._log is not None:
            self._log.close()
