"""A second reader of a note: what the tag model finds beside the rules, and what it rules out.

It finds allergies, drugs, procedures, diseases and advice however they are said; of drugs
`medication` has asked it before, with doses. What it makes of the diseases that rules find is in
`verdicts.py`. What it holds for denied it does not add: nobody is shown what a patient has not, and
it errs there most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from agents.models.tags import LONGEST, Stretch, Tagged
from agents.records.allergies.reactions import reaction_of
from agents.records.due import due_days, until
from agents.records.overlaps import Overlaps
from agents.records.parsed import Parsed
from agents.records.times import when
from agents.records.verdicts import certainty, reread
from schemas.records import (
    Allergy,
    Diagnosis,
    FamilyHistory,
    Item,
    Medication,
    Precaution,
    Procedure,
    Span,
)

if TYPE_CHECKING:
    from agents.records.pack import Pack

_GROUPS: dict[type[Item], str] = {
    Allergy: "allergy",
    Diagnosis: "disease",
    FamilyHistory: "disease",
    Medication: "drug",
    Procedure: "procedure",
    Precaution: "advice",
}
_LEAST, _MOST = 2, 80
"""Characters of a clause."""


def revised(parsed: Parsed, pack: Pack, found: Iterable[Item]) -> Iterator[Item]:
    """What rules found, as the model has it, and what it finds more."""
    tagged = parsed.tagged
    if tagged is None or pack.tags is None:
        yield from found
        return
    card = pack.tags.card
    kept = [
        reread(parsed, pack, one) if isinstance(one, Diagnosis | FamilyHistory) else one
        for one in found
        if not _is_none(tagged, one, card.left)
    ]
    yield from kept
    for group, make in _MAKERS.items():
        known = Overlaps((one.span, one) for one in kept if _GROUPS.get(type(one)) == group)
        for stretch in tagged.stretches(group, card.taken[group]):
            if not known.of(Span(stretch.start, stretch.end)):
                yield from make(parsed, pack, stretch)


def _is_none(tagged: Tagged, one: Item, left: dict[str, float]) -> bool:
    """Whether what a rule found is most likely nothing of the kind."""
    least = left.get(_GROUPS.get(type(one), ""))
    if least is None or not one.name:  # that no allergy is known is no name
        return False
    return tagged.probable(_GROUPS[type(one)], one.span.start, one.span.end) < least


def _allergy(parsed: Parsed, pack: Pack, stretch: Stretch) -> Iterator[Allergy]:
    span = Span(stretch.start, stretch.end)
    if span.end - span.start <= LONGEST and stretch.label == "allergic":
        sentence = parsed.sentence(span.start)
        reaction = reaction_of(parsed, pack, span, [span], sentence.end)
        yield Allergy(span=span, sentence=sentence, name=_words(parsed, span), reaction=reaction)


def _disease(parsed: Parsed, _: Pack, stretch: Stretch) -> Iterator[Diagnosis | FamilyHistory]:
    span = Span(stretch.start, stretch.end)
    name, sentence = _words(parsed, span), parsed.sentence(span.start)
    if not stretch.is_name:
        return
    if stretch.label == "kin":
        yield FamilyHistory(span=span, sentence=sentence, name=name)
    elif stretch.label in ("own", "maybe"):
        said = certainty(stretch.label, stretch.share)
        yield Diagnosis(span=span, sentence=sentence, name=name, certainty=said)


def _drug(parsed: Parsed, pack: Pack, stretch: Stretch) -> Iterator[Medication]:
    span = Span(stretch.start, stretch.end)
    measured = pack.drugs.is_measured(parsed.folded, span.start, span.end)
    if stretch.is_name and stretch.label == "drug" and not measured:
        yield Medication(span=span, sentence=parsed.sentence(span.start), name=_words(parsed, span))


def _procedure(parsed: Parsed, _: Pack, stretch: Stretch) -> Iterator[Procedure]:
    span = Span(stretch.start, stretch.end)
    if stretch.is_name and stretch.label in ("done", "planned"):
        done = stretch.label == "done"
        yield Procedure(
            span=span,
            sentence=parsed.sentence(span.start),
            name=_words(parsed, span),
            time=when(parsed, span).time if done else "",
            certainty="confirmed" if done else "hypothetical",
        )


def _advice(parsed: Parsed, _: Pack, stretch: Stretch) -> Iterator[Precaution]:
    span = Span(stretch.start, stretch.end)
    said = parsed.folded[span.start : span.end]
    if _LEAST <= len(said) <= _MOST:
        yield Precaution(
            span=span,
            sentence=parsed.sentence(span.start),
            name=_words(parsed, span),
            due_days=until(parsed.note.date, said) or due_days(said),
        )


def _words(parsed: Parsed, span: Span) -> str:
    return parsed.text[span.start : span.end]


_Maker = Callable[[Parsed, "Pack", Stretch], Iterator[Item]]
_MAKERS: dict[str, _Maker] = {
    "allergy": _allergy,
    "disease": _disease,
    "drug": _drug,
    "procedure": _procedure,
    "advice": _advice,
}
