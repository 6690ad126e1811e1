"""Dose, route, frequency and change in a stretch of text around a medicine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from agents.records.medication.dosing import Dosing, Words

Kind = Literal["dose", "route", "frequency", "change"]

_DAYTIMES = re.compile(
    r"(?:(?:早餐?|晨|中餐?|午餐?|晚餐?|睡前|夜)(?:前|后|上"
    r"|皮下)?[ \t]?\d{1,3}(?:\.\d)?[ \t]?(?:u|iu|单位|mg|g|片|粒"
    r"|ml)?[ \t,，、;/]{0,2}){2,4}"
)
_UNIT = re.compile(r"u|单位|mg|片|粒|g|ml")
_BLANK = re.compile(r"\s")
_COUNT = re.compile(r"早|晨|中|午|晚|睡前|夜")
_SHARED = re.compile(
    r"\d{1,3}[ \t]?(?:u|iu|单位)?[-/、][ \t]?\d{1,3}[ \t]?(?:u|iu"
    r"|单位)?[-/、][ \t]?\d{1,3}[ \t]?(?:u|iu|单位)"
)
_BY_COUNT = {2: "bid", 3: "tid", 4: "qid"}
_LAST = ("prn", "st", "cont")
"""Frequencies that say less than another one beside them."""


_CONCENTRATION = re.compile(r"[ \t]?/[ \t]?(?:[md]?l|毫升)(?![a-z])")
_BREATHS = ("吸", "喷", "揿", "puffs", "puff")
"""Of an inhaler, whose strength is written as a dose too."""


class Token(NamedTuple):
    """One word at characters `start` to `end` of the note; `each`: said to be of one intake."""

    start: int
    end: int
    kind: Kind
    value: str
    each: bool = False


def doses(folded: str, text: str, start: int, end: int, dosing: Dosing) -> list[Token]:
    """Doses between two places, as written without blanks; a box's contents are none."""
    found = []
    taken = start
    for day in (_DAYTIMES.search(folded, start, end), _SHARED.search(folded, start, end)):
        if day is None or not _UNIT.search(day[0]):
            continue
        count = len(_COUNT.findall(day[0])) or 3
        written = text[day.start() : day.end()].strip(" ,，、;/\t")
        stop = day.start() + len(written)
        found.append(Token(day.start(), stop, "dose", written, True))
        found.append(Token(day.start(), stop, "frequency", _BY_COUNT.get(count, "")))
        return found + _rest(folded, text, max(taken, day.end()), end, dosing)
    return _rest(folded, text, start, end, dosing)


def _rest(folded: str, text: str, start: int, end: int, dosing: Dosing) -> list[Token]:
    found = []
    for match in dosing.dose.finditer(folded, start, end):
        if match["pack"] or (
            folded[match.end("dose") : match.end("dose") + 2] in ("/l", "/d")
            and (match["unit"] not in ("mg", "g", "ml", "u", "片", "粒"))
        ):
            continue
        if _CONCENTRATION.match(folded, match.end("dose")):
            continue
        written = _BLANK.sub("", text[match.start("dose") : match.end("dose")])
        if written in ("一贴", "一支", "一片") and folded[match.end() : match.end() + 1] == "次":
            continue
        found.append(
            Token(match.start("dose"), match.end("dose"), "dose", written, bool(match["each"]))
        )
    return found


class Squeezed(NamedTuple):
    """A stretch without its blanks but those behind Latin letters; where each character was."""

    text: str
    places: Sequence[int]


def squeezed(folded: str, start: int, end: int) -> Squeezed:
    """Of the characters between two places."""
    stretch = folded[start:end]
    if " " not in stretch:
        return Squeezed(stretch, range(start, end))
    places = tuple(
        place
        for place, character in enumerate(stretch, start)
        if character != " "
        or (place and folded[place - 1].isascii() and folded[place - 1].isalpha())
    )
    return Squeezed("".join([folded[place] for place in places]), places)


def words(stretch: Squeezed, table: Words, kind: Kind) -> list[Token]:
    """Words of a table in a stretch; blanks do not part them."""
    places = stretch.places
    return [
        Token(places[one.start], places[one.end - 1] + 1, kind, one.meaning)
        for one in table.find(stretch.text)
    ]


def frequency(tokens: list[Token]) -> str:
    """The frequency that says the most."""
    codes = [one.value for one in tokens if one.kind == "frequency"]
    strong = [code for code in codes if code not in _LAST]
    if "qd" in strong and "qn" in strong:
        return "qn"
    return (strong or codes or [""])[0]


def dose(tokens: list[Token]) -> str:
    """The dose of one intake."""
    found = [one for one in tokens if one.kind == "dose"]
    each = [one for one in found if one.each]
    breaths = [one for one in found if one.value.endswith(_BREATHS)]
    return (each or breaths or found)[0].value if found else ""


def route(tokens: list[Token]) -> str:
    """The route."""
    return next((one.value for one in tokens if one.kind == "route"), "")


_TURNS = ("increase", "decrease", "change")


def turn(tokens: list[Token]) -> int | None:
    """Which one changes the amount: with figures on both sides, else the first."""
    turns = [at for at, one in enumerate(tokens) if one.kind == "change" and one.value in _TURNS]
    for at in turns:
        sides = tokens[:at], tokens[at + 1 :]
        if all(any(one.kind in ("dose", "frequency") for one in side) for side in sides):
            return at
    return turns[0] if turns else None


_RATE = re.compile(r"\d[ \t]?(?:mg|ml|g|u|iu|μg|ug)?(?:/(?:kg|\(kg·min\)|h|min|d))+\)?[ \t]*$")
"""What a drip is kept at: 8mg/h维持."""


def turning(folded: str, tokens: list[Token]) -> Token | None:
    """The first one that starts, stops or keeps it, and is of no amount."""
    said = (one for one in tokens if one.kind == "change" and one.value not in _TURNS)
    return next(
        (one for one in said if not _RATE.search(folded, max(0, one.start - 24), one.start)), None
    )
