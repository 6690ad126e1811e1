"""Reminders as a calendar file: iCalendar, RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agents.records.summary.dates import after, day
from schemas.records import DateText, Reminder

_PRODUCT = "PRODID:-//Groundswell//Follow-ups//EN"
_MOST_OCTETS = 75
"""Of a line, without its end."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def calendar(reminders: Iterable[Reminder], today: DateText, name: str = "") -> bytes:
    """Whole-day events of what is not done, with an alarm a day ahead. Raises nothing.

    Nobody's name is in it unless `name` is given. Importing it again updates the same events.
    `today`: when it was made; what is overdue stands on its own day. Without a day there is none.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", _PRODUCT, "CALSCALE:GREGORIAN"]
    for one in reminders:
        if not one.done and day(one.due) is not None:
            lines += _event(one, today, name)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(one: Reminder, today: DateText, name: str) -> list[str]:
    first = day(one.due)
    start = "" if first is None else first.isoformat()
    what = _escaped(f"{name}: {one.what}" if name else one.what)
    made = day(today) or first
    stamp = "" if made is None else made.isoformat()
    return [
        "BEGIN:VEVENT",
        f"UID:{re.sub(r'[^A-Za-z0-9-]', '-', one.id)}@groundswell.invalid",
        f"DTSTAMP:{_compact(stamp)}T000000Z",
        f"DTSTART;VALUE=DATE:{_compact(start)}",
        f"DTEND;VALUE=DATE:{_compact(after(start, 1) or start)}",
        f"SUMMARY:{what}",
        *([f"DESCRIPTION:{_escaped(one.why)}"] if one.why else []),
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{what}",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
    ]


def _compact(date: str) -> str:
    return date.replace("-", "")


def _escaped(text: str) -> str:
    """A value of type TEXT."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Parts of at most 75 octets, those after the first behind a space; no character is cut."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _MOST_OCTETS:
            yield part
            part, size = " ", 1
        part += character
        size += octets
    yield part
