"""The person on call at work: what she says is written to the log, as people write it."""

import time
from collections.abc import Callable, Iterator

from schemas.commands import Acknowledge, Resolve
from schemas.incidents import Incident
from sinks.errors import SinkError
from streams.bounded import BoundedRun
from streams.demonstration.oncall import OnCall
from streams.desk import Desk, shows
from streams.errors import OperatorError

_PATIENCE = 10.0
"""Seconds that the answers to her last words are waited for."""

Said = Acknowledge | Resolve


class Shift:
    """Give it every revision as it comes.

    `tell` is called with what she says and the title of the incident, `trouble` with why she
    cannot; the run goes on then.
    """

    def __init__(
        self,
        run: BoundedRun,
        desk: Desk,
        tell: Callable[[Said, str], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._run = run
        self._desk = desk
        self._tell = tell
        self._trouble = trouble
        self._ana = OnCall()

    def hear(self, revision: Incident) -> None:
        """She may act on it."""
        if (said := self._ana.hear(revision)) is not None:
            self._say(said)

    def close(self) -> Iterator[Incident]:
        """Her last words, when all input has gone through, and the revisions that come of them."""
        waiting = {
            said.incident_id: (said, self._ana.known(said.incident_id))
            for said in self._ana.close()
            if self._say(said)
        }
        deadline = time.monotonic() + _PATIENCE
        while waiting and time.monotonic() < deadline:
            for revision in self._run.later(patience=0.5):
                yield revision
                self._ana.hear(revision)
                name = revision.incident_id
                if name in waiting and shows(*waiting[name], revision):
                    del waiting[name]

    def _say(self, said: Said) -> bool:
        self._tell(said, self._ana.known(said.incident_id).title)
        try:
            self._desk.tell(said)
        except (OperatorError, SinkError) as error:
            self._trouble(f"{said.by} is not heard: {error}")
            return False
        return True
