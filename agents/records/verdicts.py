"""Whose a disease is and whether so, where the tag model says otherwise than the rules.

It takes back: what it doubts of the patient's is shown as uncertain, never as denied. It moves what
it is sure of from the patient to the family, and what is likely not a relative's to the patient.
It confirms nothing that rules deny.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from agents.records.parsed import Parsed
from schemas.records import Certainty, Diagnosis, FamilyHistory, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_MEANT: dict[str, Certainty] = {
    "own": "confirmed",
    "maybe": "uncertain",
    "no": "refuted",
    "warn": "hypothetical",
}
_STOP = re.compile(r"[,;。!?\n]")
_DENIES_MORE = re.compile(
    r",\s?(?:均?否认|没有?|无|未见|未发现)(?!过|得过|患过|这|那|以上|上述|此|[,。;!?\n]|$)"
)
"""Behind a clause: what is denied now is something else."""
_FAR = 160
"""Characters behind a name in which its clause ends."""
_OTHERS = frozenset({"kin", "other"})
_CONFIRMED = 0.95
"""How sure the model must be for its word alone to give the patient a disease."""
_LIKELY = 0.6
"""The same for it to be perhaps the patient's what rules hold for a relative's."""
_NAMED = 0.5
"""How probably words name a disease for its word to count."""


def reread(parsed: Parsed, pack: Pack, one: Diagnosis | FamilyHistory) -> Diagnosis | FamilyHistory:
    """A mention as both readers have it.

    Ticks and signs are left to the rules, and where relatives tell of the patient, whom a word for
    one means: sex and age say that.
    """
    tagged = parsed.tagged
    if tagged is None or pack.tags is None:
        return one
    card = pack.tags.card
    if pack.cues.judge(parsed, one.span, wary=True).framed:
        return one
    shares = tagged.shares("disease", one.span.start, one.span.end)
    knows_whom = pack.cues.knows_whom(parsed)
    if knows_whom and isinstance(one, FamilyHistory):
        return one
    if knows_whom or parsed.section(one.span.start).kind == "diagnosis":
        # Under that heading stands what the writer found.
        shares = {name: share for name, share in shares.items() if name not in _OTHERS}
    label = max(shares, key=lambda name: shares[name])
    named = tagged.probable("disease", one.span.start, one.span.end) >= _NAMED
    if isinstance(one, FamilyHistory):
        mine = named and shares[label] >= _LIKELY and label in _MEANT
        return _of_patient(one, certainty(label, shares[label])) if mine else one
    if one.certainty not in ("confirmed", "uncertain") or _is_left(parsed, one.span):
        return one
    if named and label == "kin" and shares[label] >= card.sure:
        return _of_family(one)
    denied = sum(share for name, share in shares.items() if name not in ("own", "maybe"))
    if one.certainty == "confirmed" and denied >= card.known:
        return msgspec.structs.replace(one, certainty="uncertain")
    return one


def _is_left(parsed: Parsed, span: Span) -> bool:
    stop = _STOP.search(parsed.folded, span.end, span.end + _FAR)
    return stop is not None and _DENIES_MORE.match(parsed.folded, stop.start()) is not None


def certainty(label: str, share: float) -> Certainty:
    """What the model's word alone makes of a disease of the patient."""
    meant = _MEANT[label]
    return "uncertain" if meant == "confirmed" and share < _CONFIRMED else meant


def _of_family(one: Diagnosis) -> FamilyHistory:
    return FamilyHistory(
        span=one.span, sentence=one.sentence, name=one.name, term=one.term, code=one.code
    )


def _of_patient(one: FamilyHistory, said: Certainty) -> Diagnosis:
    return Diagnosis(
        span=one.span,
        sentence=one.sentence,
        name=one.name,
        term=one.term,
        code=one.code,
        certainty=said,
    )
