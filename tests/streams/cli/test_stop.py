"""A stop that is asked for is never lost."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DROPPED = """
import os, signal
from streams.cli.stop import Stop

class Cycle:
    def __del__(self):
        os.kill(os.getpid(), signal.{number})

stop = Stop()
with stop.at_work():
    assert not stop.wait(0.0)
Cycle()
stop.wait(600.0)
raise AssertionError
"""
AT_WORK = """
import os, signal
from streams.cli.stop import Stop

stop = Stop()
with stop.at_work():
    os.kill(os.getpid(), signal.{number})
    print("went on")
"""


@pytest.mark.parametrize(("number", "code"), [("SIGINT", -2), ("SIGTERM", 143)])
@pytest.mark.parametrize("script", [DROPPED, AT_WORK])
def test_it_ends_by_what_was_asked_and_python_drops_nothing(
    script: str, number: str, code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script.format(number=number)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
    )
    assert b"ignored" not in done.stderr
    assert (done.returncode, done.stdout) == (code, b"")
