"""Processes side by side: order, errors, and what becomes of them when one of the two is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from streams.crew import Crew, CrewLost
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
