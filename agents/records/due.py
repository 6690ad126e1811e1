"""When something is due, in days after a note."""

from __future__ import annotations

import re
from datetime import date

from agents.records.times import day_of, days
from schemas.records import DateText

_MANY = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_TO = r"(?:[-~～至到]\s?(?:\d{1,3}|[一二两三四五六七八九十]))?"
_DUE = re.compile(
    rf"(?P<every>每隔?)?(?P<number>{_MANY}|隔)?\s?{_TO}\s?(?:个)?(?P<unit>年|月|周|星期|天|日)(?:左右)?"
    r"(?P<after>后|内|时|一?次|1次|复查|复诊|随访|随诊|门诊|来|回|返|拆线|拔|换药|查|测|末)?"
)
_LATER = re.compile(
    rf"(?:下次|约|复诊[:：]?|随访[:：]?)?\s?(?P<number>{_MANY})\s?{_TO}\s?(?:个)?"
    r"(?P<unit>年|月(?!\d)|周|星期|天|日|小时|h|w)(?:左右)?(?:以?后|内|复|$)"
)
"""A clause that begins with when it is due."""
_ENGLISH = re.compile(
    r"(?:in|after|every|within)\s+(?P<number>\d{1,3}|one|two|three|a)\s*(?:-|to)?\s*\d{0,2}\s*"
    r"(?P<unit>day|week|month|year)s?"
)
COMES = re.compile(
    r"复查|复诊|随诊|随访|就诊|门诊|复检|检查|化验|返院|回院|来院|维护|程控|体检|复筛|拔|入院|拆线|换药|监测|查|测|评估|胃镜|肠镜|b超|ct|磁共振|超声"
    r"|follow|return|recheck|repeat|check|visit|review"
)
"""What is done at a time; other clauses have none."""
_ON = re.compile(
    r"(?:(?P<year>20\d\d)[-/年]|(?<![\d.]))(?P<month>1[0-2]|0?[1-9])[-/月]"
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?:日|号|(?![\d.]|\s?(?:个|月|周|天|年|次|小时|分)))"
)
_WEEKDAY = re.compile(r"下周([一二三四五六日天])")
_SOON = {
    "次日": 1, "明日": 1, "明天": 1, "后天": 2, "下周": 7, "下月": 30, "下个月": 30,
    "每周": 7, "每月": 30, "每年": 365,
}  # fmt: skip
_NUMBERS = {"one": "1", "two": "2", "three": "3", "a": "1"}
_DAYS = {
    "年": 365.0, "月": 30.0, "周": 7.0, "星期": 7.0, "天": 1.0, "日": 1.0, "w": 7.0, "小时": 1 / 24,
    "h": 1 / 24, "year": 365.0, "month": 30.0, "week": 7.0, "day": 1.0,
}  # fmt: skip


def until(note_date: DateText, words: str) -> int | None:
    """Days to a date that is written out: 9月18日复查."""
    today = day_of(note_date)
    named = _WEEKDAY.search(words)
    if today is not None and named:
        return 7 - today.weekday() + "一二三四五六日".index(named[1].replace("天", "日"))
    match = _ON.search(words)
    if today is None or match is None:
        return None
    try:
        due = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    if due < today and not match["year"]:
        due = due.replace(year=due.year + 1) if (due.month, due.day) != (2, 29) else due
    return (due - today).days if due > today else None


def due_days(words: str) -> int | None:
    """When it is due, in days after the note; the first of a range. None if it has no time."""
    words = words.lower()
    lead = _LATER.match(words)
    if lead:
        return _round(lead["number"], lead["unit"])
    if not COMES.search(words):
        return None
    english = _ENGLISH.search(words)
    if english:
        number = _NUMBERS.get(english["number"], english["number"])
        return _round(number, english["unit"])
    for match in _DUE.finditer(words):
        if match["number"] is None and (not match["every"] or match["unit"] in "天日"):
            continue
        if match["number"] is None:
            return _round("1", match["unit"])
        if match["after"] or match["every"]:
            return _round("1" if match["number"] == "隔" else match["number"], match["unit"])
    return next((many for word, many in _SOON.items() if word in words), None)


def _round(number: str, unit: str) -> int | None:
    if number == "半":
        return {"年": 180, "月": 15}.get(unit)
    many = days(number, "天")
    factor = _DAYS.get(unit)
    return None if many is None or factor is None else max(1, round(many * factor))
