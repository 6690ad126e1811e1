"""The device of the demonstration: a folder, and `groundswell-edge` as child processes."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from edge.settings import Home

_PATIENCE_S = 60.0
_STEP_S = 0.005
_OFFLINE = "streams.edge.demonstration.offline"


class Run(NamedTuple):
    """A command that has ended, as a person would have typed it."""

    command: str
    code: int
    out: str
    errors: str


class Begun(NamedTuple):
    """A command that runs."""

    command: str
    process: subprocess.Popen[str]


class DemoDevice:
    """`folder`: of the device; children run with `workplace` taken out of what they say."""

    def __init__(self, folder: Path, workplace: Path, passphrase: str) -> None:
        self.home = Home(folder)
        self.passphrase = passphrase
        self._workplace = workplace
        self._running: list[subprocess.Popen[str]] = []

    def run(self, *words: str | Path, offline: bool = False) -> Run:
        """`groundswell-edge` with these words, to its end; `offline`: without any network."""
        return self.finish(self.begin(*words, offline=offline))

    def begin(self, *words: str | Path, offline: bool = False) -> Begun:
        """Start it."""
        return Begun(
            shlex.join(["groundswell-edge", *map(str, words)]), self._start(words, offline)
        )

    def finish(self, begun: Begun) -> Run:
        """Wait for its end."""
        process = begun.process
        try:
            out, errors = process.communicate(f"{self.passphrase}\n", timeout=_PATIENCE_S)
        finally:
            self._end(process)
        return Run(self._plain(begun.command), process.returncode, *map(self._plain, (out, errors)))

    def cut(self, *words: str | Path, when: Callable[[], bool]) -> bool:
        """Start a command and kill it, with whatever it started, once `when` holds; whether it did.

        SIGKILL: nothing is written or tidied up any more, as when the power goes.
        """
        process = self._start(words, offline=True)
        deadline = time.monotonic() + _PATIENCE_S
        try:
            while not when() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(_STEP_S)
            in_time = process.poll() is None and when()
        finally:
            self._end(process)
        return in_time and process.returncode == -signal.SIGKILL

    def open(self) -> str:
        """Serve the page; its link, empty if there is none."""
        process = self._start(("open",), offline=False)
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _PATIENCE_S)
        return process.stdout.readline().strip() if ready else ""

    def close(self) -> None:
        """End what still runs."""
        for process in list(self._running):
            self._end(process)

    def _start(self, words: tuple[str | Path, ...], offline: bool) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", _OFFLINE if offline else "edge", *map(str, words)]
        process = subprocess.Popen(
            [*command, "--home", str(self.home.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
            # Ctrl-C is for us: we end it, and whatever it has started.
            start_new_session=True,
        )
        self._running.append(process)
        return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._running.remove(process)

    def _plain(self, text: str) -> str:
        return text.replace(f"{self._workplace}{os.sep}", "")
