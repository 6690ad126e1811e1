"""Texts as facts are looked for in them: widths, spaces, ways to write numbers and dates."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from windows.texts import clean

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ZEROS = re.compile(r"(?<=\d)(?:\.0+|(\.\d*?[1-9])0+)(?!\d|\.\d)")
_LOOSE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_DAY = re.compile(r"\{day([+-]\d+)?\}")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


def canonical(text: str) -> str:
    """Lower case, narrow, no spaces beside Chinese; `¥1,234.50` and `1234.5 元` hold `1234.5`."""
    text = clean(text).casefold().replace("¥", " ").replace("’", "'")
    text = _ZEROS.sub(lambda found: found[1] or "", _THOUSANDS.sub("", text))
    return _LOOSE.sub("", " ".join(text.split()))


def forms(wanted: str, today: date) -> list[str]:
    """What is wanted, canonical; `{day+3}` is a day from today in each usual way to write it."""
    found = _DAY.search(wanted)
    if found is None:
        return [canonical(wanted)]
    day = today + timedelta(days=int(found[1] or 0))
    month = _MONTHS[day.month - 1]
    return [
        canonical(wanted.replace(found[0], way))
        for way in (
            f"{day:%Y-%m-%d}",
            f"{day:%m-%d}",
            f"{day.month}/{day.day}",
            f"{day:%Y/%m/%d}",
            f"{day.month}月{day.day}日",
            f"{day.month}月{day.day}号",
            f"{day:%m月%d日}",
            *(f"{name} {day.day}" for name in (month, month[:3])),
            *(f"{day.day} {name}" for name in (month, month[:3])),
        )
    ]


def holds(text: str, wanted: str, today: date) -> bool:
    """Whether a canonical text holds it; a number only as a whole number."""
    return any(_pattern(form).search(text) for form in forms(wanted, today))


def lacking(text: str, groups: Sequence[str | Sequence[str]], today: date) -> Iterator[str]:
    """What a canonical text does not hold: each of these, and of a list any."""
    for group in groups:
        wanted = [group] if isinstance(group, str) else group
        if not any(holds(text, one, today) for one in wanted):
            yield " | ".join(wanted)


def _pattern(form: str) -> re.Pattern[str]:
    before = r"(?<!\d)(?<!\d\.)" if form[:1].isdecimal() else ""
    if "a" <= form[:1] <= "z":
        before = "(?<![a-z])"
    after = r"(?!\d)(?!\.\d)" if form[-1:].isdecimal() else ""
    return re.compile(before + re.escape(form) + after)
