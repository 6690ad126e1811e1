"""Allergies in shorthand: a row of names, short or whole, each with its sign: 青- 磺+ 碘(?)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from agents.records.allergies.words import WORD
from schemas.records import Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_HINT = re.compile(r"\((?:\+|-|±|\?|neg)|[+\-±→](?![\w.%])|neg\b")
"""Begins a sign, and is soon looked for."""
_SIGN = re.compile(
    r"\s?\((?:皮试)?\s?(?P<in>\+{1,4}|-|±|\?|neg|pos)(?:[:,、](?P<of>[^()]{1,16}))?\)"
    r"|(?P<bare>\+{1,3}|-|±|\?)(?![\w.%])|\s(?P<word>neg|pos)\b"
)
_SHOWN = re.compile(r"\s?(?:\((?P<in>[^()\d+\-?]{1,12})\)|[→:](?P<after>[^\s,、;。()]{1,6}))")
_BETWEEN = re.compile(r"[\s,、;/]{0,3}")
_LABEL = re.compile(
    r"(?:过敏史?|药敏|皮试|腕带|手环|疑似?|\ball?|\balg|allerg(?:y|ies)|\badr|\bnka)[^,;。:]{0,2}[(:]?\s?$"
)
_SIGNS: dict[str, Certainty] = {
    "-": "refuted",
    "neg": "refuted",
    "?": "uncertain",
    "±": "uncertain",
}
_LONGEST = 12
"""Characters of a name in a row."""
_BEFORE = 12
"""Characters before a row in which its label stands."""


class Signed(NamedTuple):
    """A name, what its sign says, and the words of how it showed."""

    span: Span
    certainty: Certainty
    reaction: str


def signed(pack: Pack, folded: str) -> list[Signed]:
    """Rows behind a word for allergies, of three names, or of two where a note has that word."""
    rows: list[list[Signed]] = []
    end = 0
    for hint in _HINT.finditer(folded):
        if hint.start() < end:
            continue
        place = _name_before(pack, folded, end, hint.start())
        row: list[Signed] = []
        while place is not None and (made := _read(pack, folded, *place)) is not None:
            row.append(made[0])
            end = made[1]
            place = _name_after(pack, folded, end)
        if row:
            rows.append(row)
    if not rows:
        return []
    spoken = WORD.search(folded) is not None
    return [one for row in rows if _is_row(folded, row, spoken=spoken) for one in row]


def _name_before(pack: Pack, folded: str, floor: int, sign: int) -> tuple[int, int] | None:
    """The name that a sign stands behind."""
    end = sign - 1 if folded[sign - 1 : sign] == " " else sign
    base = max(floor, end - _LONGEST)
    words = folded[base:end]
    starts = [
        one.start
        for table in (pack.allergens, pack.drugs)
        for one in table.find(words)
        if one.end == len(words)
    ] or [one.start() for one in pack.reactions.short.finditer(words) if one.end() == len(words)]
    return (base + min(starts), end) if starts else None


def _name_after(pack: Pack, folded: str, end: int) -> tuple[int, int] | None:
    """The name that a row goes on with."""
    between = _BETWEEN.match(folded, end)
    start = between.end() if between else end
    words = folded[start : start + _LONGEST]
    ends = [
        one.end
        for table in (pack.allergens, pack.drugs)
        for one in table.find(words)
        if one.start == 0
    ]
    if short := pack.reactions.short.match(words):
        ends.append(short.end())
    return (start, start + max(ends)) if ends else None


def _read(pack: Pack, folded: str, start: int, stop: int) -> tuple[Signed, int] | None:
    """A name with its sign, and where that ends; None: it has none."""
    sign = _SIGN.match(folded, stop)
    shown = _SHOWN.match(folded, sign.end() if sign else stop)
    words = (shown["in"] or shown["after"] or "") if shown else (sign and sign["of"]) or ""
    if words and not pack.reactions.pattern.match(words) and words not in pack.reactions.brief:
        shown, words = None, ""
    if sign is None and shown is None:
        return None
    mark = (sign["in"] or sign["bare"] or sign["word"]) if sign else "+"
    certainty = _SIGNS.get(mark, "confirmed")
    end = shown.end() if shown else sign.end() if sign else stop
    return Signed(Span(start, stop), certainty, "" if certainty == "refuted" else words), end


def _is_row(folded: str, row: list[Signed], *, spoken: bool) -> bool:
    start = row[0].span.start
    if _LABEL.search(folded, max(0, start - _BEFORE), start):
        return True
    return len(row) > 1 and (spoken or len(row) > 2)
