"""What a replay prints, on whatever terminal."""

import pytest

from streams.cli.replay_words import show_plan
from tests.streams.replay.made import plan, stretch


def test_a_narrow_terminal_cuts_no_name_and_no_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    far = 123_456_789_012
    stretches = (stretch(), stretch(low=far, start=far, end=far, stop=far, clipped=True))
    prefix = "a-department-of-a-company-"
    show_plan(plan(prefix=prefix, stretches=stretches))
    lines = capsys.readouterr().out.splitlines()
    (row,) = [line for line in lines if "clipped" in line]
    assert row.split()[:3] == [f"{prefix}feedback.app-0", str(far), str(far)]
    assert row.endswith(f"clipped: offsets before {far} are deleted")
    (row,) = [line for line in lines if " 0   " in line and "clipped" not in line]
    assert row == row.rstrip()
