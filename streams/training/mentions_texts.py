"""Clauses around names of diseases that teach the mention model: of our notes, and of moulds."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from agents.records.diagnoses import names
from agents.records.guard import DISEASE, readings, written
from agents.records.headings import Headings
from agents.records.lexicon import Lexicon
from agents.records.pack import BUNDLED, text
from agents.records.parsed import Parsed
from schemas.records import Span
from streams.evaluation.record_files import SETS, read
from streams.evaluation.record_matching import overlap
from streams.evaluation.record_sets import Fact, GoldNote

MOULDS = files("streams.training") / "mentions.toml"
KINDS = ("own", "denied", "other")
"""What the patient has or may have; what is denied or warned of; what is another's."""
_TUNE = "-tune.txt"
_LEXICON = ("diagnoses.tsv", "procedures.tsv", "lesions.toml")
_DENIED = frozenset({"refuted", "hypothetical"})
_TARGET = "\ue001"
_STOP = re.compile(r"[,;。!?\n]")
_JOINTS = (",", "。", "。", ";", "\n", ",")
_LISTED = ("、", "、", "、", "、", ",", "和")


class Mention(NamedTuple):
    """A name of which the note's facts say whose it is and whether so."""

    parsed: Parsed
    span: Span
    kind: str
    hand: str


class Clause(NamedTuple):
    """`hand`: who wrote it: a set of notes, or the moulds, whose hand is empty."""

    text: str
    kind: str
    hand: str


def hands() -> dict[str, list[GoldNote]]:
    """The notes that rules may be chosen on, by who wrote them."""
    notes = {place.name.removesuffix(_TUNE): read(place) for place in tune_files()}
    return {hand: [one for one in some if one.half == "tune"] for hand, some in notes.items()}


def tune_files() -> list[Traversable]:
    """Their files, by name."""
    return sorted((o for o in SETS.iterdir() if o.name.endswith(_TUNE)), key=lambda o: o.name)


def of_notes(notes: Mapping[str, Sequence[GoldNote]]) -> list[Clause]:
    """Both readings of every mention."""
    lexicon = _lexicon()
    return [
        Clause(one, mention.kind, mention.hand)
        for mention in mentions_of(notes)
        for one in readings(mention.parsed, lexicon, mention.span)
    ]


def mentions_of(notes: Mapping[str, Sequence[GoldNote]]) -> Iterator[Mention]:
    """In the order of the notes."""
    headings = Headings.read(text(BUNDLED, "headings.toml"), "headings.toml")
    lexicon = _lexicon()
    for hand, some in notes.items():
        for gold in some:
            parsed = Parsed(gold.note, headings.sections(gold.note.text))
            for _, span in names(parsed, lexicon):
                kind = _kind(gold.facts, span)
                if kind:
                    yield Mention(parsed, span, kind, hand)


def _lexicon() -> Lexicon:
    return Lexicon.read({name: text(BUNDLED, name) for name in _LEXICON})


def _kind(facts: Sequence[Fact], span: Span) -> str:
    """By the fact that names the mention first; empty if none does."""
    here = [one for one in facts if overlap(span, one.places)]
    own = [one for one in here if one.kind == "diagnosis"]
    if own:
        first = next((one for one in own if overlap(span, one.places[:1])), own[0])
        return "denied" if first.certainty in _DENIED else "own"
    return "other" if any(one.kind in ("family", "other") for one in here) else ""


def of_moulds(*, each: int, seed: int) -> list[Clause]:
    """`each` clauses of every mould, among others; nothing stands around those of a mould."""
    table = tomllib.loads(MOULDS.read_text("utf-8"))
    kinds: dict[str, list[str]] = table["kinds"]
    every = [mould for kind in KINDS for mould in kinds[kind]]
    plain: list[str] = table["beside"]["plain"]
    made = []
    for kind in KINDS:
        for mould in kinds[kind]:
            # A mould of its own seed: another one beside it changes only its neighbours.
            rng = random.Random(f"{seed} {kind} {mould}")
            made += [Clause(_among(mould, every, plain, rng), kind, "") for _ in range(each)]
    return made


def _among(mould: str, every: Sequence[str], plain: Sequence[str], rng: random.Random) -> str:
    parts = [
        _filled(rng.choice(every if rng.random() < 0.5 else plain), rng).replace(_TARGET, DISEASE)
        for _ in range(rng.choice((0, 1, 1, 2)))
    ]
    at = rng.randrange(len(parts) + 1)
    parts.insert(at, _filled(mould, rng))
    said = "".join(part + rng.choice(_JOINTS) for part in parts)
    place = rng.choice([one.start() for one in re.finditer(_TARGET, said)])
    said = said.replace(_TARGET, DISEASE)
    start = max((one.end() for one in _STOP.finditer(said, 0, place)), default=0)
    stop = _STOP.search(said, place + 1)
    end = stop.start() if stop else len(said)
    return written(said[start:place], said[place + 1 : end], said[end : end + 1])


def _filled(mould: str, rng: random.Random) -> str:
    """L and X as lists of names; those of L are what the mould tells of."""

    def listed(match: re.Match[str]) -> str:
        name = _TARGET if match[0] == "L" else DISEASE
        return rng.choice(_LISTED).join([name] * rng.choice((1, 1, 1, 2, 3, 4)))

    return re.sub("[LX]", listed, mould)
