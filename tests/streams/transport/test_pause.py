import signal
import subprocess
import sys
import time

import pytest

from streams.transport.pause import PAUSED
from tests.support.waiting import SOON, until

PROGRAM = """
import sys
from streams.transport.pause import ends_if_paused
with ends_if_paused(1.0):
    print("ready", flush=True)
    for line in sys.stdin:
        print("here", flush=True)
print("over", flush=True)
"""


def pause(process: subprocess.Popen[str], seconds: float) -> None:
    process.send_signal(signal.SIGSTOP)
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, "the pause")
    process.send_signal(signal.SIGCONT)


@pytest.mark.slow
def test_a_long_pause_ends_the_process_and_a_short_one_does_not() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    with process:
        assert process.stdout.readline() == "ready\n"
        pause(process, 0.3)
        process.stdin.write("?\n")
        process.stdin.flush()
        assert process.stdout.readline() == "here\n"
        pause(process, 1.5)
        assert process.wait(SOON) == PAUSED
        assert process.stdout.read() == ""
        assert "was paused for" in process.stderr.read()


def test_the_watch_ends_with_the_block() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input="", capture_output=True, text=True, check=True
    )
    assert done.stdout == "ready\nover\n"
