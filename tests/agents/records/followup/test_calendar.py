import re

from hypothesis import given
from hypothesis import strategies as st

from agents.records.followup.calendar import calendar
from schemas.records import Reminder

TODAY = "2024-06-15"


def reminder(
    what: str = "查血钾", why: str = "安全", due: str = "2024-07-01", done: str = ""
) -> Reminder:
    return Reminder("abc123", "p1", due, what, why, done=done)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_an_event_has_what_the_standard_asks_for() -> None:
    lines = unfolded(calendar([reminder()], TODAY))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for line in (
        "UID:abc123@groundswell.invalid", "DTSTAMP:20240615T000000Z",
        "DTSTART;VALUE=DATE:20240701", "DTEND;VALUE=DATE:20240702", "SUMMARY:查血钾",
        "TRIGGER:-P1D",
    ):  # fmt: skip
        assert line in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_text_is_escaped() -> None:
    lines = unfolded(calendar([reminder("a,b;c\\d\ne", "x\r\nBEGIN:VEVENT")], TODAY))
    assert "SUMMARY:a\\,b\\;c\\\\d\\ne" in lines
    assert lines.count("BEGIN:VEVENT") == 1


def test_the_name_is_in_it_only_when_asked() -> None:
    assert "程晚秋".encode() not in calendar([reminder()], TODAY)
    assert "SUMMARY:程晚秋: 查血钾" in unfolded(calendar([reminder()], TODAY, "程晚秋"))


def test_done_and_undated_ones_are_left_out() -> None:
    content = calendar(
        [reminder(done="2024-06-01"), reminder(due=""), reminder(due="2024-13-45")], TODAY
    )
    assert b"VEVENT" not in content


@given(st.text(max_size=300), st.text(max_size=300))
def test_lines_are_short_whole_and_come_back(what: str, why: str) -> None:
    content = calendar([reminder(what, why)], TODAY)
    parts = content.split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    for part in parts:
        part.decode()
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert not re.search(rb"(?<!\r)\n", content)
    assert unfolded(content).count("BEGIN:VEVENT") == 1
