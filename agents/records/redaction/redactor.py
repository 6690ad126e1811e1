"""A text without the people and places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.models.tags import Tags
from agents.records.folding import fold
from agents.records.patterns import HANS
from agents.records.redaction.codes import Codes
from agents.records.redaction.cutter import cutter_of
from agents.records.redaction.dates import dates
from agents.records.redaction.english import english_names
from agents.records.redaction.listed import Listed
from agents.records.redaction.names import NameFinder
from agents.records.redaction.numbers import numbers
from agents.records.redaction.places import PlaceFinder
from agents.records.redaction.removal import Kind, Place, beside, settle
from agents.records.redaction.tables import Tables
from agents.records.redaction.tagged import TaggedText
from agents.records.redaction.terms import Terms
from agents.records.redaction.worded import WordedDates
from schemas.records import Patient, Secret, Span

_MARKS: dict[Kind, tuple[str, str]] = {
    "name": ("[姓名]", "[name]"),
    "identity": ("[证件号]", "[identity]"),
    "passport": ("[护照号]", "[passport]"),
    "phone": ("[电话]", "[phone]"),
    "email": ("[邮箱]", "[email]"),
    "account": ("[账号]", "[account]"),
    "address": ("[地址]", "[address]"),
    "hospital": ("[医院]", "[hospital]"),
    "ward": ("[病区]", "[ward]"),
    "record": ("[编号]", "[number]"),
    "card": ("[卡号]", "[card]"),
    "plate": ("[车牌]", "[plate]"),
    "employer": ("[单位]", "[employer]"),
    "birth": ("[出生日期]", "[birth]"),
    "date": ("[日期]", "[date]"),
    "age": ("[年龄]", "[age]"),
}
_CLEAR: frozenset[Kind] = frozenset(
    {"identity", "passport", "phone", "email", "account", "card", "plate", "birth", "age"}
)
"""Kinds that rules tell by their form."""
_LEAST = 2


class Removed(Secret, frozen=True):
    """Characters of the text as it was, and of which kind they were."""

    span: Span
    kind: Kind


class Perhaps(Secret, frozen=True):
    """Characters of the text as it was, what they may be, and the mark that would hide them.

    `at`: where they begin in the text that is left.
    """

    span: Span
    at: int
    kind: Kind
    mark: str


class Redacted(Secret, frozen=True):
    """`text`: with marks and moved dates in place of what was removed.

    `perhaps`: what stands in it still and may be an identifier, in order, none within another.
    """

    text: str
    removed: tuple[Removed, ...]
    perhaps: tuple[Perhaps, ...] = ()


class Redactor:
    """Names, numbers, addresses, places of treatment and work, births and dates.

    It removes what it recognises: a name that nothing tells apart from a word stays. So a person
    looks before anything is sent.
    """

    def __init__(self, tables: Tables, tags: Tags | None = None) -> None:
        self._tables = tables
        self._tags = tags
        self._terms = Terms(tables, cutter_of(tables.medical))
        self._names = NameFinder(tables, self._terms)
        self._listed = Listed(tables)
        self._places = PlaceFinder(tables)
        self._worded = WordedDates(tables)
        self._codes = Codes(tables.frames)

    def redact(self, text: str, known: Patient | None = None, *, days: int) -> Redacted:
        """`known`: of whom it is; `days`: by which every date of this text is moved, not 0.

        Raises BadModel if the model of tags fails.
        """
        folded = fold(text)
        english = HANS.search(text) is None
        tagged = None
        if self._tags is not None and not english:
            tagged = TaggedText(folded, self._tags, self._tables, self._terms)
        places = settle(self._find(text, folded, known, days, tagged))
        perhaps = settle(tagged.perhaps(places)) if tagged is not None else []
        out, done = "", 0
        doubts: list[Perhaps] = []
        for one, is_sure in sorted([*((p, True) for p in places), *((p, False) for p in perhaps)]):
            out += text[done : one.start]
            done = one.end
            mark = _MARKS[one.kind][english]
            if is_sure:
                out += one.instead or mark
            else:
                doubts.append(Perhaps(Span(one.start, one.end), len(out), one.kind, mark))
                out += text[one.start : one.end]
        removed = tuple(Removed(Span(one.start, one.end), one.kind) for one in places)
        return Redacted(out + text[done:], removed, tuple(doubts))

    def _find(
        self, text: str, folded: str, known: Patient | None, days: int, tagged: TaggedText | None
    ) -> Iterator[Place]:
        ruled = self._ruled(text, folded, known.birth if known else "", days)
        if tagged is None:
            yield from ruled
        else:
            kept = [one for one in ruled if not tagged.is_none(one)]
            yield from kept
            # A moved date stays one, and a phone number is called so.
            clear = (one for one in kept if one.instead or one.kind in _CLEAR)
            yield from beside(folded, tagged.sure(), clear, least=1)
        if known is not None:
            yield from _known(folded, known)

    def _ruled(self, text: str, folded: str, birth: str, days: int) -> Iterator[Place]:
        yield from numbers(folded)
        yield from self._codes.find(folded)
        yield from dates(folded, days, birth)
        yield from self._worded.find(folded)
        yield from self._places.find(text, folded)
        yield from self._names.find(folded)
        yield from english_names(text, self._tables)
        yield from (Place(*span, "name") for span in self._listed.find(text))


def _known(folded: str, known: Patient) -> Iterator[Place]:
    """What the device knows of the patient, however it is spaced."""
    name = "".join(fold(known.name).split())
    words = [(name, "name"), (fold(known.number), "record")]
    if len(name) > _LEAST and HANS.search(name):
        words.append((name[1:], "name"))
    if " " in known.name.strip():
        words += [(part, "name") for part in fold(known.name).split() if len(part) > _LEAST]
    for word, kind in words:
        if len(word) < _LEAST:
            continue
        pattern = r"[\s·•-]{0,2}".join(map(re.escape, "".join(word.split())))
        if word.isascii():
            pattern = rf"(?<![a-z0-9]){pattern}(?![a-z0-9])"
        for match in re.finditer(pattern, folded):
            yield Place(*match.span(), "name" if kind == "name" else "record")
