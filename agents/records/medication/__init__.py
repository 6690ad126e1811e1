"""Medication in a note: what, how much, how, how often, what changed, from what and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from agents.records.medication.around import Around
from agents.records.medication.drugs import MADE, Mention
from agents.records.medication.intake import Reader
from agents.records.overlaps import Overlaps
from agents.records.terms import Term
from schemas.records import Medication, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack
    from agents.records.parsed import Parsed

_HALF = 0.5
_SAME = re.compile(r"[ \t]*[(\[/]?[ \t]*(?:商品名|即|又名|简称)?[:]?[ \t]*")


def find(parsed: Parsed, pack: Pack) -> Iterator[Medication]:
    """The medicines of a note in order of place; what one is allergic to is none."""
    around = Around(parsed, pack)
    mentions = [
        one
        for one in _parted(parsed.folded, _read(parsed, pack, pack.drugs.find(parsed.folded)))
        if not around.allergic(one)
    ]
    reader = Reader(parsed, pack, around)
    yield from reader.items(mentions)


def _read(parsed: Parsed, pack: Pack, known: list[Mention]) -> list[Mention]:
    """With what the tag model holds for a medicine that is taken; no such name is weak."""
    tagged, tags = parsed.tagged, pack.tags
    if tagged is None or tags is None:
        return known
    least = tags.card.taken["drug"]

    def is_taken(one: Mention) -> bool:
        likely = tagged.probable("drug", one.start, one.end) >= least
        return likely and tagged.shares("drug", one.start, one.end)["drug"] > _HALF

    sure = [one._replace(weak=one.weak and not is_taken(one)) for one in known]
    taken = Overlaps((Span(one.start, one.end), one) for one in known)
    for one in tagged.stretches("drug", least):
        fits = one.label == "drug" and one.is_name
        fits = fits and not pack.drugs.is_measured(parsed.folded, one.start, one.end)
        if fits and not taken.of(Span(one.start, one.end)):
            term = Term(parsed.text[one.start : one.end], "", (MADE,))
            sure.append(Mention(one.start, one.end, one.end, term, weak=False))
    return sorted(sure)


def _parted(folded: str, mentions: list[Mention]) -> list[Mention]:
    """Without the second name of a medicine: 拜新同(硝苯地平控释片)."""
    kept: list[Mention] = mentions[:1]
    for before, one in pairwise(mentions):
        between = folded[before.end : one.start]
        near = len(between) <= 6 and _SAME.fullmatch(between) is not None
        if not (near and (one.term == before.term or "(" in between)):
            kept.append(one)
    return kept
