"""Days that a message names, relative to today; both ends included, the past where it is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from agents.assistant.understanding.folding import pattern
from agents.assistant.understanding.lasting import EN, N, number_of

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_LONGEST = 730


class Span(NamedTuple):
    """`at`, `end`: where in the text."""

    at: int
    end: int
    since: date
    until: date


def named(text: str, spans: list[Span]) -> tuple[date, date] | None:
    """The days that a folded text names: from the first to the second of a range."""
    if not spans:
        return None
    if len(spans) > 1:
        between = text[spans[0].end : spans[1].at].strip()
        if between in (
            "到",
            "至",
            "-",
            "~",
            "和",
            "and",
            "to",
            "until",
            "till",
            "through",
            "—",
            "–",
        ):
            first, last = spans[0].since, spans[1].until
            return min(first, spans[1].since), max(last, spans[0].until)
    return spans[0].since, spans[0].until


def without(text: str, spans: list[Span]) -> str:
    """The text with spaces in place of the days it names."""
    for span in spans:
        text = f"{text[: span.at]}{' ' * (span.end - span.at)}{text[span.end :]}"
    return text


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _past(month: int, day: int, today: date) -> date | None:
    """The last time this day came."""
    for year in range(today.year, max(today.year - 5, 1) - 1, -1):
        found = _day(year, month, day)
        if found and found <= today:
            return found
    return None


def _shift(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days)
    except OverflowError:
        return None


def _one(day: date | None) -> tuple[date, date] | None:
    return (day, day) if day else None


def _month(year: int, month: int, today: date) -> tuple[date, date] | None:
    first = _day(year, month, 1)
    after = _day(year + month // 12, month % 12 + 1, 1)
    if not first or not after:
        return None
    last = after - timedelta(1)
    return first, min(last, today) if first <= today else last


def _this_month(months: int, today: date) -> tuple[date, date] | None:
    at = today.year * 12 + today.month - 1 + months
    return _month(at // 12, at % 12 + 1, today)


def _week(weeks: int, today: date) -> tuple[date, date] | None:
    monday = _shift(today, 7 * weeks - today.weekday())
    sunday = _shift(today, 7 * weeks - today.weekday() + 6)
    if not monday or not sunday:
        return None
    return monday, min(sunday, today) if weeks == 0 else sunday


def _last(days: int | None, today: date) -> tuple[date, date] | None:
    if not days or days > _LONGEST:
        return None
    since = _shift(today, 1 - days)
    return (since, today) if since else None


_NAMED = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1,
    "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "刚才": 0, "刚刚": 0, "明天": 1, "明日": 1,
    "后天": 2, "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1,
    "last night": -1, "today": 0, "this morning": 0, "tonight": 0, "tomorrow": 1,
}  # fmt: skip
_CHINESE_WEEK = (
    {c: n for n, c in enumerate("一二三四五六日")}
    | {"天": 6}
    | {str(n): n - 1 for n in range(1, 8)}
)
_TENSE = {"上": -1, "上个": -1, "这": 0, "这个": 0, "本": 0, "下": 1, "下个": 1, "上上": -2}


def _weekday(tense: str, weekday: int, today: date) -> tuple[date, date] | None:
    if not tense:
        return _one(_shift(today, -((today.weekday() - weekday) % 7)))
    return _one(_shift(today, 7 * _TENSE[tense] - today.weekday() + weekday))


def _english_weekday(tense: str, weekday: int, today: date) -> tuple[date, date] | None:
    back = (today.weekday() - weekday) % 7
    if tense == "next":
        return _one(_shift(today, (weekday - today.weekday() - 1) % 7 + 1))
    return _one(_shift(today, -(back or 7 if tense == "last" else back)))


def _dated(year: str | None, month: int, day: int, today: date) -> tuple[date, date] | None:
    return _one(_day(int(year), month, day) if year else _past(month, day, today))


def _named_month(year: str | None, month: int, today: date) -> tuple[date, date] | None:
    if not 1 <= month <= 12:
        return None
    return _month(int(year) if year else today.year - (month > today.month), month, today)


def _english_month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _year(years: int, today: date) -> tuple[date, date] | None:
    first, last = _day(today.year + years, 1, 1), _day(today.year + years, 12, 31)
    return (first, min(last, today)) if first and last else None


def _times(number: str, days: int) -> int | None:
    found = number_of(number)
    return found * days if found else None


def _ago(number: str, days: int, today: date) -> tuple[date, date] | None:
    far = _times(number, days)
    return _one(_shift(today, -far)) if far and far <= _LONGEST else None


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], tuple[date, date] | None]]
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365,
              "day": 1, "week": 7, "month": 30, "year": 365}  # fmt: skip
_ZH_UNIT = "(天|日|周|星期|礼拜|月|年)"
_RULES: tuple[_Rule, ...] = (
    (
        pattern(r"(?<!\d)((?:19|20)\d\d)(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?:[日号]|(?!\d))"),
        lambda m, t: _dated(m[1], int(m[2]), int(m[3]), t),
    ),
    (
        pattern(rf"(?:(?<!\d)(\d{{4}})年)?(?<!\d){N}月(?:份)?{N}[日号]?(?!\d|个|天)"),
        lambda m, t: _dated(m[1], number_of(m[2]) or 0, number_of(m[3]) or 0, t),
    ),
    (
        pattern(rf"(?:(?<!\d)(\d{{4}})年)?(?<![个\d]){N}月(?:份)?(?!\d)"),
        lambda m, t: _named_month(m[1], number_of(m[2]) or 0, t),
    ),
    (
        pattern(rf"\b{_MONTH}\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (20\d\d)\b)?"),
        lambda m, t: _dated(m[3], _english_month(m[1]), int(m[2]), t),
    ),
    (
        pattern(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? (20\d\d)\b)?"),
        lambda m, t: _dated(m[3], _english_month(m[2]), int(m[1]), t),
    ),
    (
        pattern(rf"\b(?:in|during|since|of|for|last|this) {_MONTH}\b(?: (20\d\d)\b)?"),
        lambda m, t: _named_month(m[2], _english_month(m[1]), t),
    ),
    (
        pattern("(上上|上个?|这个?|本|下个?)?(?:周|星期|礼拜)([一二三四五六日天1-7])"),
        lambda m, t: _weekday(m[1] or "", _CHINESE_WEEK[m[2]], t),
    ),
    (
        pattern(rf"\b(?:(last|this|next|on) )?({'|'.join(_WEEKDAYS)})\b"),
        lambda m, t: _english_weekday(m[1] or "", _WEEKDAYS.index(m[2]), t),
    ),
    (pattern("(上上|上个?|这个?|本|下个?)(?:周|星期|礼拜)"), lambda m, t: _week(_TENSE[m[1]], t)),
    (pattern("(上上|上个?|这个?|本|下个?|当)月"), lambda m, t: _this_month(_TENSE.get(m[1], 0), t)),
    (
        pattern(r"\b(last|previous|this|current) (week|month|year)\b"),
        lambda m, t: _relative(m[1] in ("last", "previous"), m[2], t),
    ),
    (pattern("(今年|去年|前年)"), lambda m, t: _year(-"今去前".index(m[1][0]), t)),
    (
        pattern(rf"(?:最近|过去|近|这)的?{N}\s?个?{_ZH_UNIT}"),
        lambda m, t: _last(_times(m[1], _UNIT_DAYS[m[2]]), t),
    ),
    (
        pattern(rf"\b(?:last|past|previous) {EN} (day|week|month)s?\b"),
        lambda m, t: _last(_times(m[1], _UNIT_DAYS[m[2]]), t),
    ),
    (
        pattern(rf"{N}\s?个?{_ZH_UNIT}(?:之前|以前|前)"),
        lambda m, t: _ago(m[1], _UNIT_DAYS[m[2]], t),
    ),
    (
        pattern(rf"\b{EN} (day|week|month)s? ago\b"),
        lambda m, t: _ago(m[1], _UNIT_DAYS[m[2]], t),
    ),
    (
        pattern("|".join(sorted((rf"(?<![a-z]){k}(?![a-z])" if k.isascii() else k for k in _NAMED), key=len, reverse=True))),  # noqa: E501
        lambda m, t: _one(_shift(t, _NAMED[m[0]])),
    ),
    (
        pattern(r"(?<![\d月年/.-])(\d{1,2}|[一二三四五六七八九十]{1,3})号(?!线|楼|卡|码|店)"),
        lambda m, t: _one(_day_of_month(number_of(m[1]) or 0, t)),
    ),
)  # fmt: skip
# Something of it is in whatever any of the rules finds; most messages name no day.
_MAY_NAME = pattern(
    r"[\d天日周月年号]|星期|礼拜|[昨今]|刚[才刚]|day|week|month|year|night|morning|tomorrow|"
    + "|".join(_MONTHS)
)


def _relative(before: bool, unit: str, today: date) -> tuple[date, date] | None:
    if unit == "week":
        return _week(-before, today)
    return _this_month(-before, today) if unit == "month" else _year(-before, today)


def _day_of_month(day: int, today: date) -> date | None:
    for month in range(3):
        at = today.year * 12 + today.month - 1 - month
        found = _day(at // 12, at % 12 + 1, day)
        if found and found <= today:
            return found
    return None


def find(text: str, today: date) -> list[Span]:
    """All days of a folded text, in its order; what one rule has found no later one finds."""
    found: list[Span] = []
    if not _MAY_NAME.search(text):
        return found
    for rule, days in _RULES:
        for match in rule.finditer(text):
            if any(span.at < match.end() and match.start() < span.end for span in found):
                continue
            named_days = days(match, today)
            if named_days:
                found.append(Span(match.start(), match.end(), *named_days))
    found.sort()
    return _same_month(found, text)


def _same_month(found: list[Span], text: str) -> list[Span]:
    """In 10月1号到5号 the second day is of the month of the first."""
    if len(found) < 2 or not re.fullmatch(
        r"\d{1,2}号|[一二三四五六七八九十]{1,3}号", text[found[1].at : found[1].end]
    ):
        return found
    first, second = found[0], found[1]
    day = _day(first.since.year, first.since.month, second.since.day)
    if "月" in text[first.at : first.end] and day:
        found[1] = Span(second.at, second.end, day, day)
    return found
