import signal
from pathlib import Path

import pytest

from tests.streams.cli.running import run
from tests.support.talking import TalkProcess
from tests.support.waiting import until

pytestmark = pytest.mark.broker


def test_the_help_says_what_happens() -> None:
    said = run("assistant", "demo", "--help").stdout
    for word in ("local page", "stand-in", "hanging", "Ctrl-C", "broker stop"):
        assert word in said


@pytest.mark.slow
def test_asked_to_end_it_leaves_nothing(bootstrap: str, prefix: str, tmp_path: Path) -> None:
    demo = TalkProcess(bootstrap, prefix, tmp_path)
    try:
        assert demo.address
        workers = demo.children()
        assert len(workers) == 1
        assert demo.on_kafka()
        assert demo.end(signal.SIGTERM) == 0
    finally:
        demo.close()
    assert not any(worker.is_running() for worker in workers)
    assert demo.on_kafka() == []
    assert demo.files() == []
    assert len(demo.said().splitlines()) == 1, demo.said()


@pytest.mark.slow
def test_ended_before_its_time_it_leaves_nothing(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    demo = TalkProcess(bootstrap, prefix, tmp_path)
    try:
        until(lambda: bool(demo.children()), "a worker is on its way")
        workers = demo.children()
        assert demo.end(signal.SIGINT) == 130
    finally:
        demo.close()
    assert not any(worker.is_running() for worker in workers)
    assert demo.on_kafka() == []
    assert demo.files() == []
    assert "Traceback" not in demo.said()
