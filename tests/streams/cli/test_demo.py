import signal
from pathlib import Path

import pytest

from tests.support.demo import DemoProcess
from tests.support.waiting import until

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def test_without_a_terminal_it_ends_by_itself_and_people_cost_no_points(
    bootstrap: str, tmp_path: Path
) -> None:
    demo = DemoProcess(bootstrap, tmp_path)
    try:
        demo.hear("ana (demo) acknowledges: ")
        assert demo.wait() == 0
    finally:
        demo.close()
    lines = demo.said().splitlines()
    assert lines[0].startswith("Scenario seed 113: 108,886 messages")
    revisions = [line for line in lines if line.startswith("2026-01-05 ")]
    assert sum(" r1 " in line for line in revisions) == 4
    assert revisions[-1].endswith("resolved by ana (demo): rolled back 7.9.2")
    assert sum("acknowledged by ana (demo)" in line for line in revisions) == 2
    figures = dict(line.strip().split("  ", 1) for line in lines if line.startswith(" "))
    for name, share in (
        ("detectable incidents found", "4 of 4"),
        ("slice, top 1", "3 of 3"),
        ("right change named first", "4 of 4"),
        ("false incidents per product and week", "0 in "),
    ):
        assert share in figures[name], name
    assert "Ctrl-C ends it" not in demo.said()
    assert demo.left() == []


def test_when_it_is_ended_before_its_time_nothing_stays(bootstrap: str, tmp_path: Path) -> None:
    demo = DemoProcess(bootstrap, tmp_path)
    try:
        demo.hear("Console at ")
        until(lambda: bool(demo.left()), "it has topics")
        # While Kafka's client starts, its C code may swallow a Ctrl-C (docs/plan.md).
        demo.hear(" r1 ")
        # Python itself ends by the signal if it was importing when that came.
        assert demo.stop() in (130, -signal.SIGINT)
    finally:
        demo.close()
    assert demo.left() == []
    assert "Traceback" not in demo.said()
