"""For how many days something is to last, as a message says."""

from __future__ import annotations

from agents.assistant.understanding.folding import pattern
from agents.assistant.understanding.numbers import english
from agents.numerals import CHINESE, chinese

N = rf"(\d{{1,3}}|{CHINESE})"
EN = r"(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty)"


def count(text: str) -> int | None:
    """For how many days something is to last, 1 to 365."""
    if not _UNIT.search(text):
        return None
    for rule, days in _LASTS:
        for match in rule.finditer(text):
            number = number_of(match[1])
            if number and 1 <= number * days <= 365:
                return number * days
    return None


def number_of(text: str) -> int | None:
    """The number that `N` or `EN` has found."""
    if text.isdecimal():
        return int(text)
    if text in ("a", "an"):
        return 1
    if text.isascii():
        value = english(text)
        return int(value) if value is not None else None
    return chinese(text)


_UNIT = pattern("[天日周月]|星期|礼拜|day|week|month")
_SO_LONG = r"(?!\s*(?:之?前|以前|后|到|了|没|能|可以|最多|限|ago|later|多少|取|还没|冻|一笔))"
_LASTS = (
    (pattern(rf"(?<![第最每近去过\d]){N}\s?(?:天|日(?!期|元))" + _SO_LONG), 1),
    (pattern(rf"(?<![第最每近去过上下这\d]){N}\s?个?(?:周|星期|礼拜)(?![一二三四五六日天末])" + _SO_LONG), 7),  # noqa: E501
    (pattern(rf"(?<![第最每近去过上下这\d]){N}\s?个月" + _SO_LONG), 30),
    (pattern(rf"(?:\bfor|\bnext)(?: the next)? {EN}[ -]days?\b"), 1),
    (pattern(r"(?<!last )(?<!past )(?<!previous )\b(\d{1,3}|two|three|five|seven|ten)[ -]days?\b(?! ago)"), 1),  # noqa: E501
    (pattern(rf"\bfor(?: the next)? {EN} weeks?\b"), 7),
    (pattern(r"(?<!last )(?<!past )\b(\d{1,2}|two|three) weeks?\b(?! ago)"), 7),
    (pattern(rf"\bfor(?: the next)? {EN} months?\b"), 30),
)  # fmt: skip
