"""The figures in a text: amounts, dates, numbers of cards, references, however they are written."""

import re
from decimal import Decimal
from typing import NamedTuple

from windows.texts import clean

_UNITS = {
    "CNY": r"元|块钱|块|圆|人民币|rmb|cny|yuan",
    "USD": r"美元|美金|usd|dollars?",
    "EUR": r"欧元|eur|euros?",
    "GBP": r"英镑|gbp|pounds?",
    "HKD": r"港币|港元|hkd",
    "JPY": r"日元|jpy|yen",
    "workday": r"个?工作日|(?:business|working)[ -]days?",
    "month": r"个月|months?",
    "of_year": r"月",
    "day": r"天|日|号|days?",
    "hour": r"个?小时|hours?|hrs?",
    "minute": r"分钟|minutes?|mins?",
    "second": r"秒钟?|seconds?|secs?",
    "week": r"个?星期|周|weeks?",
    "year": r"年|years?",
    "%": r"%|per ?cent|个?百分点",
    "tenths": r"折|成",
    "times": r"倍|times",
}
_SIGNS = {"¥": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "us$": "USD", "hk$": "HKD"}
_SIGNS |= dict.fromkeys(("cny", "rmb", "人民币"), "CNY")
_UNIT = "|".join(f"(?P<{name}>{form})" for name, form in _UNITS.items() if name != "%")
_UNIT = rf"(?P<percent>{_UNITS['%']})|{_UNIT}"
_HAN_DIGITS = dict(
    zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_HAN_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_HAN_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN_LARGE = {"万": 10**4, "亿": 10**8}
_HAN = "".join([*_HAN_DIGITS, *_HAN_SCALES, *_HAN_LARGE])
_IDIOMS = re.compile("千万(?!元|块)|万一|十分(?!钟)|一一|万分|百般|四处|两者|两全|三思|七上八下")
_SAID = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_WORDS = {word: Decimal(n) for n, word in enumerate(_SAID.split(), 2)}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_WORDS |= {word: Decimal(10 * n) for n, word in enumerate(_TENS, 2)}
_WORDS |= {"thousand": Decimal(1000), "million": Decimal(10**6), "dozen": Decimal(12)}
_WORDS |= {"twice": Decimal(2), "double": Decimal(2), "half": Decimal("0.5"), "triple": Decimal(3)}

_FIGURE = re.compile(
    rf"""
    (?P<masked>\d*\*+[\d*]*)
  | (?P<reference>(?<![a-z0-9])(?=[a-z0-9_.:-]*\d)(?=[a-z0-9_.:-]*[a-z])(?!(?:cny|rmb)\d)
      [a-z0-9]+(?:[-_.:][a-z0-9]+)*)
  | (?P<parts>\d+(?:[-/:]\d+)+|\d+(?:\.\d+){{2,}})
  | (?P<sign>(?<![\w)])[-−–]\s?)?(?:(?P<currency>us\$|hk\$|[¥$€£]|cny|rmb|人民币)\s?)?
      (?P<minus>[-−–])?
      (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)
      \s?(?P<scale>[万亿千百])?\s?(?:{_UNIT})?(?![a-z])
  | 百分之(?P<of_hundred>[{_HAN}]+|\d+(?:\.\d+)?)
  | (?P<han>[{_HAN}]+)(?P<han_unit>个工作日|工作日|个月|个小时|小时|分钟|个星期|星期|元|块|美元
      |天|日|号|月|年|周|倍|折|成|秒)?
  | 半(?P<half>天|年|个月|小时|个小时|价)
  | \b(?P<word>{"|".join(_WORDS)}|one|an?)\b
      (?:[ -](?P<word_unit>(?:business|working)[ -]days?|days?|hours?|minutes?|seconds?|weeks?
      |months?|years?|per\ ?cent|yuan|dollars?|times))?
    """,
    re.VERBOSE,
)
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_UNIT_ALONE = re.compile(rf"(?:{_UNIT})")


class Figure(NamedTuple):
    """`value` in one writing for all; `unit` is empty for a bare number. `at`: where it begins."""

    value: str
    unit: str
    at: int


def plainly(text: str) -> str:
    """The text as figures and words are looked for in it: clean, small letters, digits 0 to 9."""
    return _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), clean(text).casefold())


def figures(text: str) -> list[Figure]:
    """The figures of a text that `plainly` has made, in their order."""
    text = _IDIOMS.sub(lambda found: "　" * len(found[0]), text)
    found = (_figure(match) for match in _FIGURE.finditer(text))
    return [figure for figure in found if figure is not None]


def _figure(match: re.Match[str]) -> Figure | None:
    at = match.start()
    for name in ("masked", "parts"):
        if match[name]:
            return Figure(match[name], "", at) if any(map(str.isdigit, match[name])) else None
    if match["reference"]:
        return Figure(match["reference"], "", at)
    if match["number"]:
        value = Decimal(match["number"].replace(",", ""))
        scale = match["scale"]
        value *= (_HAN_SCALES | _HAN_LARGE)[scale] if scale else 1
        if match["sign"] or match["minus"]:
            value = -value
        unit = _SIGNS.get(match["currency"] or "", "") or _unit_in(match)
        # 007 is a number of something, not seven.
        written = match["number"]
        bare = not unit and not scale and written.startswith("0") and written.isdigit()
        return Figure(written if bare else _written(value), unit, at)
    if match["of_hundred"]:
        said = match["of_hundred"]
        value = Decimal(said) if said[0].isdigit() else Decimal(_han(said))
        return Figure(_written(value), "%", at)
    if match["han"]:
        return _han_figure(match)
    if match["half"]:
        return Figure("0.5", _unit_of(match["half"]), at)
    return _word_figure(match)


def _han_figure(match: re.Match[str]) -> Figure | None:
    said, unit = match["han"], _unit_of(match["han_unit"] or "")
    if not unit and len(said) == 1 and (said == "一" or said in "百千万亿十"):
        return None
    return Figure(_written(Decimal(_han(said))), unit, match.start())


def _word_figure(match: re.Match[str]) -> Figure | None:
    word, unit = match["word"], _unit_of(match["word_unit"] or "")
    if word in _WORDS:
        return Figure(_written(_WORDS[word]), unit, match.start())
    # "one" and "a" count nothing but time and money.
    return Figure("1", unit, match.start()) if unit else None


def _unit_in(match: re.Match[str]) -> str:
    for name in _UNITS:
        if match["percent" if name == "%" else name]:
            return name
    return ""


def _unit_of(written: str) -> str:
    found = _UNIT_ALONE.fullmatch(written)
    return _unit_in(found) if found else ""


def _written(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _han(said: str) -> int:
    """The number in Chinese numerals; digits alone are read one after the other."""
    if all(c in _HAN_DIGITS for c in said):
        return int("".join(str(_HAN_DIGITS[c]) for c in said))
    total, section, digit = 0, 0, 0
    for c in said:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in _HAN_SCALES:
            section += (digit or 1) * _HAN_SCALES[c]
            digit = 0
        elif c == "亿":
            total, section, digit = (total + section + digit or 1) * _HAN_LARGE[c], 0, 0
        else:
            total, section, digit = total + (section + digit or 1) * _HAN_LARGE[c], 0, 0
    return total + section + digit
