"""The server process of a home: started, seen and ended from any process.

A running server holds the lock of `broker.alive` through a file descriptor that it inherits.
The kernel frees it however the server ends, so neither a reused pid nor a file left by a
machine that crashed can be mistaken for a running broker.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from streams.broker.errors import EndProcessError

# Both in the home.
CONSOLE = "console.log"
PID = "broker.pid"

# The outer shell leaves the server to init, so that it outlives us and is never our zombie. The
# inner one writes its pid and becomes the server: whatever is killed, no server lacks a pid.
_DETACH = f"""/bin/sh -c 'echo $$ >{PID} && exec "$@"' sh "$@" &"""

_POLL_SECONDS = 0.03
_PID_SECONDS = 5.0
_KILL_SECONDS = 10.0


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Whether `condition` came true within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


@contextlib.contextmanager
def locked(file: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of `file`, calling `waiting` once if another process has it."""
    with file.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


class ServerProcess:
    """The server process of `home`; `spawn` and `end` need the start lock."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._alive = home / "broker.alive"
        self._pid = home / PID

    def known(self) -> bool:
        """Whether a server of this home was ever started."""
        return self._alive.is_file()

    def alive(self) -> bool:
        """Whether a server of this home runs."""
        try:
            stream = self._alive.open()
        except FileNotFoundError:
            return False
        with stream:
            try:
                # Shared, so that two who look at once do not see each other.
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def pid(self) -> int | None:
        """The pid of the running server; None if none runs."""
        try:
            text = self._pid.read_text().strip()
        except FileNotFoundError:
            return None
        return int(text) if text and self.alive() else None

    def resident_bytes(self) -> int | None:
        """The server's memory; None if none runs or the system has no /proc."""
        try:
            pages = Path(f"/proc/{self.pid()}/statm").read_text().split()[1]
        except OSError:
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def spawn(self, command: Sequence[str]) -> None:
        """Start `command` in the home, in a session of its own, output to `console.log`."""
        self._pid.unlink(missing_ok=True)
        with self._alive.open("a") as stream, (self._home / CONSOLE).open("wb") as console:
            fcntl.flock(stream, fcntl.LOCK_EX)
            subprocess.run(
                ["/bin/sh", "-c", _DETACH, "sh", *command],
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                pass_fds=[stream.fileno()],
                start_new_session=True,
                check=True,
            )
        self._settle()

    def end(self, timeout: float) -> None:
        """SIGTERM, and SIGKILL if the server still runs after `timeout` seconds.

        Raises EndProcessError if it survives that too, or its pid is not known.
        """
        # Ctrl-C may have come before the pid was written.
        self._settle()
        for number, patience in ((signal.SIGTERM, timeout), (signal.SIGKILL, _KILL_SECONDS)):
            if not self.alive():
                return
            pid = self.pid()
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if wait_until(lambda: not self.alive(), patience):
                return
        raise EndProcessError(
            f"the broker of {self._home} does not end: end process {self.pid() or 'java'} by hand"
        )

    def _settle(self) -> None:
        """Wait until the pid is known, or nothing runs."""
        wait_until(lambda: self.pid() is not None or not self.alive(), _PID_SECONDS)
