"""What stands after a test's name: number, unit, mark and printed range, or a word."""

from __future__ import annotations

import re
from typing import NamedTuple

from agents.records.numerals import spoken
from agents.records.results import grammar
from agents.records.results.judgement import Side
from agents.records.results.units import Unit, Units

_MOST_STEPS = 6


class Number(NamedTuple):
    """One number as written: `other`: the end of a range, such as 38 to 39, or after a slash."""

    start: int
    end: int
    value: float
    sign: str
    other: float | None
    slash: float | None
    slash_other: float | None
    unit: Unit | None
    unit_text: tuple[int, int]
    printed: tuple[float, float] | None
    flag: Side
    urgent: bool


class Word(NamedTuple):
    """An answer in words, and which side it is on."""

    start: int
    end: int
    side: Side


class Answer(NamedTuple):
    """All that stands after a name: numbers, of which the last is the present one, or a word."""

    numbers: tuple[Number, ...]
    word: Word | None
    end: int


def read_severally(folded: str, text: str, at: int, units: Units, most: int) -> tuple[Number, ...]:
    """The numbers of several names before: 分别为132μmol/L、9.8mmol/L; empty if none."""
    begun = grammar.SEVERALLY.match(folded, at)
    numbers: list[Number] = []
    place = begun.end() if begun else len(folded)
    while begun and len(numbers) < most:
        number = _number(folded, text, place, units, False)
        if number is None:
            break
        numbers.append(number)
        parting = grammar.NEXT.match(folded, number.end)
        place = parting.end() if parting else number.end
    return tuple(numbers)


def read(folded: str, text: str, at: int, units: Units, signed: bool) -> Answer | None:
    """The answer after a name that ends here; `signed`: whether its values may be negative."""
    gap = grammar.GAP.match(folded, at)
    if gap is None:
        return None
    hint = _bracket_unit(folded, gap, units)
    arrow: Side = "H" if "↑" in gap["arrow"] else "L" if "↓" in gap["arrow"] else ""
    number = _number(folded, text, gap.end(), units, signed)
    if number is None:
        word = _word(folded, gap.end())
        if word is None and arrow:
            word = Word(gap.start("arrow"), gap.end("arrow"), arrow)
        return Answer((), word, word.end) if word else None
    numbers = [number]
    while len(numbers) < _MOST_STEPS:
        end = numbers[-1].end
        then = grammar.THEN.match(folded, end) or _column(folded, numbers[-1])
        following = then and _number(folded, text, then.end(), units, signed)
        if then is None:
            following = _beside(folded, text, numbers[-1], units, signed)
        if not following or (then and not then[0].strip(" \t|") and following.other is not None):
            break
        numbers.append(following)
    last = numbers[-1]
    numbers = [_completed(one, last, hint, arrow) for one in numbers]
    return Answer(tuple(numbers), None, last.end)


def _beside(folded: str, text: str, number: Number, units: Units, signed: bool) -> Number | None:
    """A further value on the other side, lying and standing, or later, in the same unit."""
    found = grammar.BESIDE.match(folded, number.end)
    made = found and _number(folded, text, found.end(), units, signed)
    if not made or (number.slash is None) != (made.slash is None):
        return None
    if made.unit is None and number.unit is not None:
        return made._replace(unit=number.unit, unit_text=number.unit_text)
    return made if number.unit in (None, made.unit) else None


def _column(folded: str, number: Number) -> re.Match[str] | None:
    """The gap before the next value of a table's line, which has the same unit or none."""
    if number.unit is None and number.printed is None:
        return grammar.WIDE.match(folded, number.end)
    if number.unit is None or number.printed is not None or number.flag:
        return None
    found = grammar.COLUMN.match(folded, number.end)
    if found is None:
        return None
    unit = folded[number.unit_text[0] : number.unit_text[1]]
    behind = folded[found.end() : found.end() + 30].lstrip("0123456789. ")
    return found if unit and behind.startswith(unit) else None


def _bracket_unit(
    folded: str, gap: re.Match[str], units: Units
) -> tuple[Unit, tuple[int, int]] | None:
    start = gap.start("bracket")
    found = units.match(folded, start) if start >= 0 else None
    if found is None or found[1] != gap.end("bracket"):
        return None
    return found[0], (start, found[1])


def _completed(
    one: Number, last: Number, hint: tuple[Unit, tuple[int, int]] | None, arrow: Side
) -> Number:
    """Unit and range of the last number hold for those before it."""
    if one.unit is None and last.unit is not None:
        one = one._replace(unit=last.unit, unit_text=last.unit_text)
    if one.unit is None and hint is not None:
        one = one._replace(unit=hint[0], unit_text=hint[1])
    if one.printed is None and last.printed is not None:
        one = one._replace(printed=last.printed)
    if not one.flag and one is last and arrow:
        one = one._replace(flag=arrow)
    return one


def _number(folded: str, text: str, at: int, units: Units, signed: bool) -> Number | None:
    found = grammar.VALUE.match(folded, at)
    if found is None:
        return _said(folded, text, at, units)
    if found["minus"] and not signed and found["minus"] == "+":
        return None
    value = _float(found["number"])
    if signed and found["minus"] in ("-", "−"):
        value = -value
    end = found.end()
    if found["power"]:
        value = float(f"{value!r}e{found['exponent']}")
    if _is_date_or_more(folded, end):
        return None
    other, end = _further(grammar.UPTO, folded, end)
    slash, end = _further(grammar.SLASH, folded, end)
    slash_other, end = _further(grammar.UPTO, folded, end) if slash is not None else (None, end)
    made = Number(
        found.start("number"), end, value, _sign(found["sign"] or ""), other, slash, slash_other,
        None, (end, end), None, "", False,
    )  # fmt: skip
    return _after(folded, text, made, units)


def _said(folded: str, text: str, at: int, units: Units) -> Number | None:
    """A number that is spoken: 九十六, 一百四十比九十; one syllable alone says how often."""
    found = grammar.SAID.match(folded, at)
    value = found and len(found["number"]) > 1 and spoken(found["number"])
    if not found or not value or _is_date_or_more(folded, found.end()):
        return None
    over, end = grammar.OVER.match(folded, found.end()), found.end()
    slash = spoken(over["number"]) if over else None
    end = over.end() if over and slash else end
    made = Number(
        found.start("number"), end, value, _sign(found["sign"] or ""), None, slash, None,
        None, (end, end), None, "", False,
    )  # fmt: skip
    return _after(folded, text, made, units)


def _after(folded: str, text: str, made: Number, units: Units) -> Number:
    """Unit, mark and range in any order, each once: a line of a table, or a sentence."""
    for _ in range(5):
        end = made.end
        if made.unit is None:
            start = _skip(folded, end)
            found = units.match(folded, start)
            if found is not None:
                made = made._replace(unit=found[0], unit_text=(start, found[1]), end=found[1])
        if not made.flag or not made.urgent:
            made = _flagged(folded, text, made)
        if made.printed is None:
            made = _ranged(folded, made, units)
        if made.end == end:
            break
    return made


def _skip(folded: str, at: int) -> int:
    """Past blanks and a table's bars, a few of them."""
    for place in range(at, min(len(folded), at + 40)):
        if folded[place] not in " \t|":
            return place
    return at


def _flagged(folded: str, text: str, made: Number) -> Number:
    found = grammar.FLAG.match(folded, made.end)
    if found is None:
        return made
    if found["urgent"]:
        return made._replace(urgent=True, end=found.end())
    if made.flag:
        return made
    if found["letter"] and not text[found.start("letter") : found.end("letter")].isupper():
        return made
    flag: Side = "A" if found["star"] else "N" if found["normal"] else "H"
    if found["down"] or (found["letter"] or "").startswith("l"):
        flag = "L"
    urgent = made.urgent or len(found["letter"] or "") == 2
    return made._replace(flag=flag, urgent=urgent, end=found.end())


def _ranged(folded: str, made: Number, units: Units) -> Number:
    found = grammar.RANGE.match(folded, made.end)
    if found is None:
        return made
    bracket = "(" in found["open"] or "[" in found["open"]
    apart = bool(found["open"].strip(" \t"))
    if not (bracket or found["said"] or (found["open"] and (not apart or "|" in found["open"]))):
        return made
    if not bracket and not found["said"] and found["open"].strip(" \t|"):
        return made
    low = _float(found["low"] or found["least"] or "-inf")
    high = _float(found["high"] or found["most"] or "inf")
    end = found.end()
    unit = units.match(folded, _skip(folded, end))
    if unit is not None and (bracket or made.unit is None):
        end = unit[1]
        if made.unit is None:
            made = made._replace(unit=unit[0], unit_text=(unit[1] - 1, unit[1]))
    if bracket:
        close = grammar.CLOSE.match(folded, end)
        if close is None:
            return made
        end = close.end()
    if low > high or (high - low > 0 and _is_date_or_more(folded, end)):
        return made
    return made._replace(printed=(low, high), end=end)


def _word(folded: str, at: int) -> Word | None:
    found = grammar.WORD.match(folded, at)
    if found is None:
        return None
    side: Side = "A"
    if found["negative"] or found["normal"]:
        side = "N"
    elif found["up"]:
        side = "H"
    elif found["down"]:
        side = "L"
    end = found.end()
    titre = grammar.TITRE.match(folded, end)
    start = at + len(found[0]) - len(found[0].lstrip())
    return Word(start, titre.end() if titre else end, side)


def _is_date_or_more(folded: str, at: int) -> bool:
    """Whether the number before is of a date, an age or a count and so no value."""
    return grammar.MORE.match(folded, at) is not None


def _further(pattern: re.Pattern[str], folded: str, at: int) -> tuple[float | None, int]:
    found = pattern.match(folded, at)
    return (_float(found["number"]), found.end()) if found else (None, at)


def _float(number: str) -> float:
    return float(number.replace(",", ""))


def _sign(written: str) -> str:
    if written in ("小于", "低于", "不足"):
        return "<"
    if written in ("大于", "高于", "超过"):
        return ">"
    return written[:1]
