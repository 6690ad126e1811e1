from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.broker.process import CONSOLE, PID, ServerProcess, locked, wait_until
from tests.support.waiting import SOON

DEAF = "import pathlib, signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True);"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path)
    yield process
    process.end(timeout=0)


def test_nothing_was_ever_started(process: ServerProcess) -> None:
    assert (process.known(), process.alive(), process.pid()) == (False, False, None)
    process.end(timeout=0)


def test_started_seen_and_ended(process: ServerProcess, tmp_path: Path) -> None:
    process.spawn(["/bin/sleep", "60"])
    pid = process.pid()
    assert process.alive()
    assert pid is not None
    # A session of its own: Ctrl-C at our terminal does not reach it.
    assert os.getsid(pid) != os.getsid(0)
    assert ServerProcess(tmp_path).pid() == pid
    process.end(timeout=5)
    assert (process.alive(), process.pid()) == (False, None)


def test_killed_from_outside_is_noticed(process: ServerProcess) -> None:
    process.spawn(["/bin/sleep", "60"])
    pid = process.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not process.alive(), timeout=SOON)
    assert process.resident_bytes() is None


def test_one_that_ignores_sigterm_is_killed(process: ServerProcess, tmp_path: Path) -> None:
    process.spawn([sys.executable, "-c", f"{DEAF} time.sleep(60)"])
    assert wait_until(lambda: (tmp_path / CONSOLE).read_text() == "1\n", timeout=SOON)
    process.end(timeout=0.1)
    assert not process.alive()


def test_files_of_a_crashed_machine_name_nobody(process: ServerProcess, tmp_path: Path) -> None:
    (tmp_path / "broker.alive").touch()
    # The pid was given to somebody else since: to this test, which `end` would end.
    (tmp_path / PID).write_text(f"{os.getpid()}\n")
    assert (process.alive(), process.pid()) == (False, None)
    process.end(timeout=0)


def test_a_pid_written_late_is_waited_for(process: ServerProcess, tmp_path: Path) -> None:
    process.spawn(["/bin/sleep", "60"])
    pid = (tmp_path / PID).read_text()
    (tmp_path / PID).unlink()
    # As when Ctrl-C comes between the fork and the first act of the child.
    late = threading.Timer(0.3, (tmp_path / PID).write_text, [pid])
    late.start()
    process.end(timeout=0)
    late.join()
    assert not process.alive()


def test_a_command_that_does_not_exist_is_dead(process: ServerProcess, tmp_path: Path) -> None:
    process.spawn(["/nowhere/java"])
    assert wait_until(lambda: not process.alive(), timeout=SOON)
    assert "/nowhere/java" in (tmp_path / CONSOLE).read_text()


def test_the_lock_says_when_it_waits(tmp_path: Path) -> None:
    class WaitedError(Exception):
        pass

    def refuse() -> None:
        raise WaitedError

    lock = tmp_path / "lock"
    with locked(lock, refuse), pytest.raises(WaitedError), locked(lock, refuse):
        pass
    with locked(lock, refuse):
        pass


def test_waiting_gives_up() -> None:
    assert not wait_until(lambda: False, timeout=0)
