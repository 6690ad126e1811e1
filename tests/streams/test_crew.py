"""Processes side by side: order, errors, and what becomes of them when one of the two is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from streams.crew import Crew, CrewLost, mark
from tests.support.waiting import until


def test_results_come_in_the_order_of_the_tasks(tmp_path: Path) -> None:
    with Crew(2, os.chdir, tmp_path) as crew:
        found = list(crew.each(os.path.realpath, map(str, range(20))))
    assert found == [os.path.realpath(tmp_path / str(n)) for n in range(20)]


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with Crew(1, abs, 0) as crew:
        next(crew.each(abs, tasks()))
        assert len(taken) < 5


def wait_for(file: Path) -> Path:
    until(file.exists, "the file")
    return file


def make_or_wait_for(task: tuple[Path, bool]) -> Path:
    file, waits = task
    if not waits:
        file.touch()
    return wait_for(file)


def test_a_long_task_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Processes take over where we look for modules, and the tasks stand in this one.
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    last = tmp_path / "9"
    tasks = [(last, True), *((tmp_path / str(n), False) for n in range(1, 10))]
    with Crew(2, abs, 0) as crew:
        assert list(crew.each(make_or_wait_for, tasks)) == [last, *(file for file, _ in tasks[1:])]


def mark_and_wait_for(file: Path) -> None:
    mark(1, 7)
    wait_for(file)


def test_how_far_a_task_has_come_is_seen_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Processes take over where we look for modules, and the tasks stand in this one.
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    file = tmp_path / "seen"

    def look() -> None:
        if list(crew.marks) == [0, 7]:
            file.touch()

    with Crew(1, abs, 0, marks=2) as crew:
        assert list(crew.each(mark_and_wait_for, [file], look)) == [None]


def test_an_error_of_a_task_is_raised() -> None:
    with pytest.raises(ValueError, match="invalid literal"), Crew(1, abs, 0) as crew:
        list(crew.each(int, ["1", "x"]))


def test_a_killed_process_is_told_in_one_line() -> None:
    with pytest.raises(CrewLost, match="run the same command again"), Crew(1, abs, 0) as crew:
        list(crew.each(os._exit, [9]))


LEADER = """
import time
from streams.crew import Crew
if __name__ == "__main__":
    with Crew(2, abs, 0) as crew:
        print("begun", flush=True)
        list(crew.each(time.sleep, [600.0, 600.0]))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_none_outlives_the_one_that_leads_them(tmp_path: Path, number: signal.Signals) -> None:
    script = tmp_path / "leader.py"
    script.write_text(LEADER)
    root = Path(__file__).parents[2]
    leader = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    try:
        assert leader.stdout is not None
        assert leader.stdout.readline() == b"begun\n"
        process = psutil.Process(leader.pid)
        # Two at work, and the tracker of what they share.
        until(lambda: len(process.children()) == 3, "the crew")
        crew = process.children()
        leader.send_signal(number)
        until(lambda: not any(one.is_running() for one in crew), "the end of the crew")
    finally:
        leader.kill()
        leader.wait()
        if leader.stdout is not None:
            leader.stdout.close()


STARTING = """
import sys
from pathlib import Path
from streams.crew import Crew
if __name__ == "__main__":
    with Crew(1, abs, 0) as crew:
        assert list(crew.each(abs, [-1])) == [1]
else:
    print("begun", flush=True)
    while not Path(sys.argv[1]).exists():
        pass
"""


def test_ctrl_c_is_for_the_leader_alone(tmp_path: Path) -> None:
    script, file = tmp_path / "leader.py", tmp_path / "go on"
    script.write_text(STARTING)
    root = Path(__file__).parents[2]
    leader = subprocess.Popen(
        [sys.executable, str(script), str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    try:
        assert leader.stdout is not None
        assert leader.stdout.readline() == b"begun\n"
        # It is still importing.
        for child in psutil.Process(leader.pid).children():
            child.send_signal(signal.SIGINT)
        file.touch()
        _, said = leader.communicate(timeout=30)
    finally:
        leader.kill()
        leader.communicate()
    assert (leader.returncode, said) == (0, b"")


SLOW = """
import pathlib, time
pathlib.Path(__file__).with_name("begun").touch()
time.sleep(600)
"""
LEADER_OF_SLOW = """
from streams.crew import Crew
class Slow:
    def __reduce__(self):
        return __import__, ("slow",)
if __name__ == "__main__":
    with Crew(1, abs, Slow()) as crew:
        list(crew.each(abs, [1]))
"""


@pytest.mark.slow
def test_none_outlives_it_while_still_importing(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    script = tmp_path / "leader.py"
    script.write_text(LEADER_OF_SLOW)
    root = Path(__file__).parents[2]
    crew: list[psutil.Process] = []
    leader = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": f"{root}:{tmp_path}"},
    )
    try:
        process = psutil.Process(leader.pid)
        until(lambda: len(process.children()) == 2, "the crew")
        crew += process.children()
        until((tmp_path / "begun").exists, "the import")
        leader.send_signal(signal.SIGKILL)
        until(lambda: not any(one.is_running() for one in crew), "the end of the crew")
    finally:
        leader.kill()
        leader.wait()
        for one in crew:
            with suppress(psutil.NoSuchProcess):
                one.kill()
