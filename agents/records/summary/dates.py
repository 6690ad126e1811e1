"""Days between dates that are as exact as a document says."""

from __future__ import annotations

from datetime import date, timedelta

from schemas.records import DateText


def day(text: DateText) -> date | None:
    """The first day that it may be; None if empty or no day of the calendar."""
    parts = text.split("-") if text else []
    try:
        numbers = [int(part) for part in parts] + [1, 1]
        return date(*numbers[:3]) if parts else None
    except ValueError:
        return None


def after(text: DateText, days: int) -> DateText:
    """So many days later; empty if the date is, or is none."""
    start = day(text)
    try:
        return "" if start is None else (start + timedelta(days)).isoformat()
    except OverflowError:
        return ""


def between(first: DateText, last: DateText) -> int | None:
    """Days from one to the other; None if one of them is no date."""
    start, end = day(first), day(last)
    return None if start is None or end is None else (end - start).days
