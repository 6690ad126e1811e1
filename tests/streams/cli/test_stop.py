"""A stop that is asked for is never lost."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DROPPED = """
import gc, os, signal
from streams.cli.stop import Stop

class Cycle:
    def __del__(self):
        os.kill(os.getpid(), signal.{number})

stop = Stop()
assert not stop.wait(0.0)
Cycle()
assert stop.wait(600.0)
stop.end()
raise AssertionError
"""


@pytest.mark.parametrize(("number", "code"), [("SIGINT", -2), ("SIGTERM", 143)])
def test_one_that_python_drops_is_remembered(number: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DROPPED.format(number=number)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
    )
    assert b"Exception ignored in" in done.stderr
    assert done.returncode == code
