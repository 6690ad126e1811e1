"""Amounts of money that a message names, in minor units; not dates, card numbers or counts."""

from __future__ import annotations

import re
from decimal import Decimal

from agents.assistant.understanding.folding import pattern
from agents.assistant.understanding.numbers import ENGLISH, english
from agents.numerals import CHINESE, DIGITS, chinese
from schemas.tools import MOST_MINOR

_UNIT = r"(?:块钱|块|元|圆|人民币|rmb|cny|yuan|kuai|dollars?|bucks|usd|刀)"
# What says that a number counts something else.
_NOT_MONEY = (
    r"(?!\s*(?:[-/:.]?\d|年|月|日|号|天|周|个|次|笔|期|张|点|分钟|小时|秒|位|岁|遍|项|条|步|折|倍|%|％"
    r"|度|分(?!钱)|days?\b|weeks?\b|months?\b|years?\b|hours?\b|minutes?\b|times?\b|st\b|nd\b|rd\b"
    r"|th\b|am\b|pm\b|o'?clock|digits?\b|instal|points?\b|cards?\b|transactions?\b|payments?\b))"
)
_ARABIC = pattern(
    r"(?<![\w.,/:#-])(?P<mark>[¥$]|rmb|cny)?\s?(?P<whole>\d{1,3}(?:,\d{3}){1,4}|\d{1,13})"
    r"(?P<part>\.\d{1,4})?(?P<times>\s?(?:万|千|百|亿|thousand\b|hundred\b|million\b|grand\b)"
    rf"|[kw](?![a-z])|m(?![a-z]))?(?P<rest>[1-9](?![\d.]))?\s?(?P<unit>{_UNIT})?"
    r"(?:(?P<jiao>[1-9])\s?[毛角]?(?!\d))?" + _NOT_MONEY + r"(?![a-z\d])"
)
_HAN = pattern(
    rf"(?<![第零〇一二两三四五六七八九十百千万亿周期])(?P<number>{CHINESE})(?P<half>半)?"
    rf"(?P<unit>{_UNIT})?(?P<jiao>[一二两三四五六七八九][毛角]?(?![十百千万亿天个]))?" + _NOT_MONEY
)
_COINS = pattern(r"(?<!\d)([1-9]|[一二两三四五六七八九])[毛角](?:钱)?")
_WORDS = pattern(rf"(?<![a-z])({ENGLISH})(?: (yuan|rmb|dollars?|bucks|kuai))?(?![a-z])")
_LARGE_WORD = pattern("hundred|thousand|grand|million|yuan|rmb|dollar|buck|kuai")
_TIMES = {
    "万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "百": 100, "亿": 10**8, "m": 10**6,
    "thousand": 1_000, "hundred": 100, "million": 10**6, "grand": 1_000,
}  # fmt: skip
_TARGET = pattern(r"(?:到|成|为|是|至|改|\bto|\binstead|\bactually|\bmean|\bmeant|=)\s?[¥$]?$")
_NO_NUMBER = frozenset(
    [
        "一",
        "二",
        "两",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "零",
        "〇",
        "十",
        "百",
        "千",
        "万",
        "亿",
        "千万",
        "百万",
        "万一",
        "十一",
    ]
)


def amount(text: str) -> int | None:
    """The amount meant by a folded text: the one after 到, 是 or "to", else the first."""
    found = sorted(_arabic(text) + _han(text) + _words(text))
    if not found:
        return None
    for at, minor in found:
        if _TARGET.search(text[max(0, at - 12) : at]):
            return minor
    return found[0][1]


def _minor(value: Decimal) -> int | None:
    minor = int(value * 100)
    return minor if 0 < minor <= MOST_MINOR else None


def _arabic(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _ARABIC.finditer(text):
        whole, part, times, rest, unit = match.group("whole", "part", "times", "rest", "unit")
        bare = not (match["mark"] or times or unit or part or "," in whole)
        if (
            (bare and len(whole) > 7)
            or (rest and not times)
            or (len(whole) > 1 and whole[0] == "0")
        ):
            continue
        if bare and len(text) == 1:
            continue
        number = Decimal(whole.replace(",", "") + (part or ""))
        step = _TIMES[times.strip()] if times else 1
        value = number * step
        if rest:  # 1万2
            value += Decimal(rest) * step / 10
        if match["jiao"]:
            if not unit:
                continue
            value += Decimal(match["jiao"]) / 10
        if (minor := _minor(value)) is not None:
            found.append((match.start("whole"), minor))
    return found


def _han(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _HAN.finditer(text):
        number, half, unit, jiao = match.group("number", "half", "unit", "jiao")
        if not unit and (number in _NO_NUMBER or not re.search("[十百千万亿]", number)):
            continue
        whole = chinese(number)
        if whole is None or (jiao and not unit):
            continue
        value = Decimal(whole)
        if half:
            steps = {"百": 50, "千": 500, "万": 5_000, "亿": 5 * 10**7}
            value += steps.get(number[-1], Decimal("0.5"))
        if jiao:
            value += Decimal(DIGITS[jiao[0]]) / 10
        if (minor := _minor(value)) is not None:
            found.append((match.start(), minor))
    if not found and (coins := _COINS.search(text)):
        digit = coins[1]
        found.append((coins.start(), 10 * (int(digit) if digit.isdecimal() else DIGITS[digit])))
    return found


def _words(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    if not _LARGE_WORD.search(text):
        return found
    for match in _WORDS.finditer(text):
        words, unit = match.group(1, 2)
        if not unit and not re.search("hundred|thousand|grand|million", words):
            continue
        if re.match(r" (?:days?|times|points?|weeks?)\b", text[match.end() :]):
            continue
        value = english(words)
        if value is not None and (minor := _minor(value)) is not None:
            found.append((match.start(), minor))
    return found
