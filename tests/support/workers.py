"""Worker processes of a test, as an operator runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.support.waiting import until
from windows.alignment import Source

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 30.0


class WorkerProcess:
    """One `groundswell worker`; its standard error goes to `log`."""

    def __init__(self, command: list[str], log: Path, environ: dict[str, str]) -> None:
        self.log = log
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd=ROOT,
                env=environ,
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def lines(self) -> list[str]:
        """What it said so far."""
        return self.log.read_text(errors="replace").splitlines()

    def messages(self) -> list[dict[str, Any]]:
        """Its JSON log lines; all it says once its log is set up must be one."""
        return [json.loads(line) for line in self.lines() if line.startswith("{")]

    def port(self) -> int:
        """Of /healthz, /readyz and /metrics; 0 until it has started."""
        started = [m for m in self.messages() if m.get("message", "").endswith(" started")]
        return int(started[0]["port"]) if started else 0

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a path on its port."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port()}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def lags(self) -> dict[Source, float]:
        """Records not read yet of every partition that it owns, by base name."""
        families = text_string_to_metric_families(self.get("/metrics")[1])
        return {
            (sample.labels["topic"], int(sample.labels["partition"])): sample.value
            for family in families
            for sample in family.samples
            if sample.name == "groundswell_lag"
        }

    def wait_started(self) -> None:
        """Wait until it has taken its port."""
        until(lambda: self.port() > 0 or self.exit_code is not None, "the worker starts")
        assert self.exit_code is None, self.lines()[-5:]

    def wait_ready(self) -> None:
        """Wait until it owns partitions."""
        self.wait_started()
        until(lambda: self.exit_code is not None or self.get("/readyz")[0] == 200, "it is ready")
        assert self.exit_code is None, self.lines()[-5:]

    def wait_exit(self) -> int:
        """Wait until it has ended by itself; its exit code."""
        until(lambda: self.exit_code is not None, "the worker ends")
        return self._process.returncode

    def pause(self) -> None:
        """SIGSTOP: it does nothing, and does not know it."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self, number: int = signal.SIGTERM, patience: float = STOP_SECONDS) -> int:
        """A signal to stop; its exit code, which must come within `patience` seconds."""
        self._process.send_signal(number)
        return self._process.wait(patience)


class Workers:
    """Starts worker processes on one bootstrap and prefix, and kills what is left of them."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._arguments = ["--bootstrap", bootstrap, "--prefix", prefix, "--port", "0"]
        self._folder = folder
        self.all: list[WorkerProcess] = []

    def start(
        self, *options: str, program: tuple[str, ...] = ("-m", "streams", "worker"), **settings: Any
    ) -> WorkerProcess:
        """`options` as on the command line, `settings` through the environment."""
        ours = {"GROUNDSWELL_" + name.upper(): str(value) for name, value in settings.items()}
        foreign = {k: v for k, v in os.environ.items() if not k.startswith("GROUNDSWELL_")}
        worker = WorkerProcess(
            [sys.executable, *program, *self._arguments, *options],
            self._folder / f"worker-{len(self.all)}.log",
            foreign | ours,
        )
        self.all.append(worker)
        return worker

    def kill_all(self) -> None:
        """For the end of a test, however it ends."""
        for worker in self.all:
            worker.kill()


class Supervised:
    """A worker that is started again whenever it has ended, as systemd or Kubernetes would."""

    def __init__(self, workers: Workers, *options: str, **settings: Any) -> None:
        self._workers = workers
        self._options = options
        self._settings = settings
        self.restarts = 0
        self.worker = workers.start(*options, **settings)

    def look(self) -> bool:
        """Start it again if it has ended; true if it runs."""
        if self.worker.exit_code is None:
            return True
        self.restarts += 1
        self.worker = self._workers.start(*self._options, **self._settings)
        return False
