"""When something was so: dates and spans of time beside a mention, as exact as written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from agents.records import dates
from agents.records.numerals import spoken
from agents.records.parsed import Parsed
from schemas.records import DateText, Span

_NUMBER = r"(?:\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3}|半|数)"
_UNIT = r"(?:年|个月|月|周|星期|天|日|小时|h)"
_LENGTH = (
    rf"(?P<number>{_NUMBER})\s?(?:[-~至到]\s?\d{{1,2}})?\s?(?:余|多|来)?\s?(?:个)?(?P<half>半)?"
    rf"(?P<unit>{_UNIT})(?:半|余|多)?"
)
_AGO = re.compile(rf"{_LENGTH}\s?(?:以)?(?:之)?前")
_BEFORE_VISIT = re.compile(rf"(?:入院|就诊|来诊)前\s?{_LENGTH}")
_DAY = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s?(?:[-./年]\s?(?P<month>1[0-2]|0?[1-9])(?!\d)"
    r"(?:\s?[-./月]\s?(?P<day>3[01]|[12]\d|0?[1-9])(?!\d))?)?\s?年?"
)
_NEAR = re.compile(
    r"(?P<word>去年|前年|今年|上月|上个月|昨日|昨天|今日|今天|前天)(?:(?P<month>1[0-2]|[1-9])月)?"
)
_SINCE = re.compile(
    r"[\s(:]*(?:病史|史|病程|诊断|确诊|发现|患病|控制|规律服药)?[\s(:,]*"
    r"(?:约|近|有|已|达|至今|多年|大概|大约|将近|差不多|共)*"
    rf"\s?{_LENGTH}(?!\s?(?:以|之)?前|\d|级|期|后)"
)
_BEHIND_DATE = re.compile(r"(?:\d次)?\s?[(]?\s?(?=(?:19|20)\d\d)")
_LONG = re.compile(r"[\s(:]*(?:病史|史|病程)?[\s(:]*(?:多年|数年|十余年|数十年|many years)")
_CLAUSE, _RIGHT = 60, 24
"""Characters of an English clause beside a mention, and of the words right before it."""
_BACK = 34
"""Characters before a mention in which its time may stand."""
_ENGLISH_FOR = re.compile(
    r"[\s(]*(?:for|x|×|since|history of)?\s*(?P<number>\d{1,2}|(?:19|20)\d\d)\s*"
    r"(?P<unit>years?|yrs?|y|months?|weeks?|days?)?\b"
)
_ENGLISH_AGO = re.compile(r"(?P<number>\d{1,2})\s*(?P<unit>year|yr|month|week|day)s?\s+ago")
_CHRONIC_DAYS = 365
_EVENT_DAYS = 45
_FOUND = re.compile(
    r"发现|诊断|确诊|查出|检出|起病|起|提示|示|开始|始|诊为|出现|患|diagnosed|found"
)


_NOW = re.compile(r"今|现(?!为)|目前|本次|此次|入院|来诊|\b(?:now|today|currently)\b")
"""Behind a date: what follows is of another time."""
_LEADS = re.compile(r"[年月日起间初末底 ]*(?:$|因|由于|出现|发生|due|after|because)")
"""Behind a date, before a comma: what follows is of it."""


class When(NamedTuple):
    """`long`: it has been so for a year or more. `event`: it happened then, and is over."""

    time: DateText = ""
    long: bool = False
    event: bool = False


def when(parsed: Parsed, span: Span) -> When:
    """When a mention was so; empty if the words beside it do not say."""
    today = day_of(parsed.note.date)
    sentence = parsed.sentence(span.start)
    if parsed.is_english:
        return _in_english(parsed, span, sentence, today)
    behind = parsed.folded[span.end : min(sentence.end, span.end + 30)]
    before = parsed.folded[max(sentence.start, span.start - _BACK) : span.start]
    return _behind(today, behind) or _before(today, before) or When()


def happened(parsed: Parsed, span: Span) -> DateText:
    """When what is told at a place came to pass: a date of its own clause, not after the note's."""
    today = day_of(parsed.note.date)
    sentence = parsed.sentence(span.start)
    behind = parsed.folded[span.end : min(sentence.end, span.end + 30)]
    before = parsed.folded[max(sentence.start, span.start - _BACK) : span.start]
    made: When | dates.Written | None
    if parsed.is_english:
        made = dates.behind(today, behind) or dates.before(before)
    else:
        made = _date_behind(today, behind) or _led(today, before)
    day = day_of(made.time) if made else None
    return made.time if made and day and (today is None or day <= today) else ""


def _led(today: date | None, words: str) -> When | None:
    """The last date before a mention, if nothing of another time stands between."""
    nearest = _nearest(today, words)
    if nearest is None or _NOW.search(words, nearest[0]):
        return None
    between, comma, _ = words[nearest[0] :].partition(",")
    return nearest[1] if not comma or _LEADS.match(between) else None


def _in_english(parsed: Parsed, span: Span, sentence: Span, today: date | None) -> When:
    """How long, since when or when, in the words of an English clause."""
    behind = parsed.folded[span.end : min(sentence.end, span.end + _CLAUSE)]
    before = parsed.folded[max(sentence.start, span.start - _CLAUSE) : span.start]
    lasted = _ENGLISH_FOR.match(behind)
    if lasted and lasted["unit"]:
        return _shifted(today, lasted)
    ago = _ENGLISH_AGO.search(re.split(r"[,;]", behind, maxsplit=1)[0])
    if ago:
        return _marked(today, _shifted(today, ago), behind[: ago.start()])
    found = dates.behind(today, behind) or dates.before(before)
    if found is None:
        return When()
    made = When(found.time, _years(today, found.time[:4]))
    return made if found.since else _marked(today, made, f"{before[-_RIGHT:]} {behind}")


def _behind(today: date | None, words: str) -> When | None:
    """Of the words behind a mention: how long, or a date."""
    if match := _SINCE.match(words):
        made = _shifted(today, match)
        if made.time or made.long:
            return made
    clause = words if words.startswith(",") else re.split(r"[,;。]", words, maxsplit=1)[0]
    if match := _ENGLISH_FOR.match(clause):
        if match["unit"]:
            return _shifted(today, match)
        if len(match["number"]) == 4 and "since" in match[0]:
            return When(match["number"], _years(today, match["number"]))
    if _LONG.match(words):
        return When("", True)
    return _date_behind(today, words)


def _date_behind(today: date | None, words: str) -> When | None:
    """A date right behind a mention."""
    start = _BEHIND_DATE.match(words)
    found = _DAY.match(words, start.end()) if start else None
    return _marked(today, _dated(today, found), words[: found.end()]) if found else None


def _before(today: date | None, words: str) -> When | None:
    """Of the words before a mention."""
    nearest = _nearest(today, words)
    return nearest[1] if nearest else None


def _nearest(today: date | None, words: str) -> tuple[int, When] | None:
    """The last date, in the clause that ends the words or the one before, and where it ends."""
    best: tuple[int, When] | None = None
    for pattern in (_BEFORE_VISIT, _AGO, _DAY, _NEAR, _ENGLISH_AGO):
        for match in pattern.finditer(words):
            between = words[match.end() :]
            if between.count(",") > 1 or ";" in between or "。" in between:
                continue
            if pattern is _DAY:
                made = _dated(today, match)
            elif pattern is _NEAR:
                made = _spoken(today, match)
            else:
                made = _shifted(today, match)
            if made.time and (best is None or match.end() > best[0]):
                best = (match.end(), _marked(today, made, between))
    return best


def _marked(today: date | None, made: When, words: str) -> When:
    """Something found at a time goes on; what happened at a time is over."""
    day = day_of(made.time)
    over = today is not None and day is not None and (today - day).days > _EVENT_DAYS
    return made._replace(event=over and not _FOUND.search(words))


def day_of(text: DateText) -> date | None:
    """The first day that a date may mean; None if it names none."""
    if len(text) < 4:
        return None
    try:
        return date(int(text[:4]), int(text[5:7] or 1), int(text[8:10] or 1))
    except ValueError:
        return None


def count(text: str) -> float | None:
    """A number in digits or Chinese characters; None for 数 and the like."""
    if re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        return float(text)
    if text == "半":
        return 0.5
    number = spoken(text)
    # 十二三 and 二三十 are ten or more.
    return 10.0 if number is None and "十" in text else number


_DAYS = {"年": 365.25, "个月": 30.44, "月": 30.44, "周": 7, "星期": 7, "天": 1, "日": 1}
_ENGLISH = {"y": "年", "m": "月", "w": "周", "d": "天"}


def days(number: str, unit: str) -> float | None:
    """A length of time in days."""
    many = count(number)
    factor = _DAYS.get(unit) or _DAYS.get(_ENGLISH.get(unit[:1], ""))
    return None if many is None or factor is None else many * factor


def _shifted(today: date | None, match: re.Match[str]) -> When:
    unit = match["unit"]
    length = days(match["number"], unit)
    if length is None:
        return When("", match["number"] == "数" and unit == "年")
    known = "half" in match.re.groupindex and match["half"]
    if known:
        length += _DAYS.get(unit, 0) / 2
    long = length >= _CHRONIC_DAYS * 0.98
    if today is None or length > 36_600:
        return When("", long)
    first = unit if unit in _DAYS else _ENGLISH.get(unit[:1], unit)
    if first == "年":
        many = count(match["number"]) or 0
        if many >= 1 and not known and many == int(many):
            return When(f"{today.year - int(many):04}", long)
        moved = today - timedelta(days=round(length))
        return When(f"{moved:%Y-%m}", long)
    if first in ("月", "个月"):
        months = today.year * 12 + today.month - 1 - round(length / 30.44)
        return When(f"{months // 12:04}-{months % 12 + 1:02}", long)
    moved = today - timedelta(days=round(length))
    return When(f"{moved:%Y-%m-%d}", long)


def _dated(today: date | None, match: re.Match[str]) -> When:
    year, month, day = match["year"], match["month"], match["day"]
    made = year + (f"-{int(month):02}" if month else "") + (f"-{int(day):02}" if day else "")
    return When(made, _years(today, year)) if day_of(made) else When(year, _years(today, year))


def _years(today: date | None, year: str) -> bool:
    return today is not None and today.year - int(year) >= 1


def _spoken(today: date | None, match: re.Match[str]) -> When:
    if today is None:
        return When()
    word, month = match["word"], match["month"]
    if word in ("去年", "前年", "今年"):
        year = today.year - {"去年": 1, "前年": 2, "今年": 0}[word]
        return When(f"{year:04}" + (f"-{int(month):02}" if month else ""), year < today.year)
    if word in ("上月", "上个月"):
        months = today.year * 12 + today.month - 2
        return When(f"{months // 12:04}-{months % 12 + 1:02}")
    back = {"昨日": 1, "昨天": 1, "今日": 0, "今天": 0, "前天": 2}.get(word)
    return When() if back is None else When(f"{today - timedelta(days=back):%Y-%m-%d}")
