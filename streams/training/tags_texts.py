"""What teaches the tag model: characters of our notes, each with a label of every group."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from agents.models.encoder import TOKENIZER
from agents.models.tags import GROUPS, Numbers, Window, numbered, windows
from agents.records.folding import fold
from schemas.records import Span
from streams.evaluation.record_passages import DISEASES_ONLY
from streams.evaluation.record_sets import Fact, GoldNote

NAME = "tags"
LEFT_OUT = (
    "marked-kinfolk", "marked-rare", "marked-wards3", "passages-phones", "passages-wards", "chats",
)  # fmt: skip
"""Hands whose notes said from where on a tag counts, or how good the model is."""
UNTOLD = -1
"""Instead of the number of a label: nobody says."""
SWAPPED = 0.3
"""How many names get another of their kind in a round: the name says nothing."""
_SIGNS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
"""The published model's, in the order of `agents.models.tags`."""
_LEVEL_ONE = range(0xB0, 0xD8)
"""First bytes of the 3,755 common characters in GB 2312."""
_GROUPS = tuple(GROUPS)
_MEANT = {
    ("diagnosis", "confirmed"): ("disease", "own"),
    ("diagnosis", "uncertain"): ("disease", "maybe"),
    ("diagnosis", "refuted"): ("disease", "no"),
    ("diagnosis", "hypothetical"): ("disease", "warn"),
    ("family", ""): ("disease", "kin"),
    ("other", ""): ("disease", "other"),
    ("allergy", "refuted"): ("allergy", "notallergic"),
    ("allergy", ""): ("allergy", "allergic"),
    ("medication", "refuted"): ("drug", "notdrug"),
    ("medication", ""): ("drug", "drug"),
    ("procedure", "refuted"): ("procedure", "notdone"),
    ("procedure", "hypothetical"): ("procedure", "planned"),
    ("procedure", ""): ("procedure", "done"),
    ("precaution", ""): ("advice", "goes on"),
}
"""Kind and certainty of a fact to group and label; without a certainty: whatever it is."""

Labels = npt.NDArray[np.int8]


class Named(NamedTuple):
    """Characters `start` to `end` are one thing; `like`: others of that may stand there."""

    start: int
    end: int
    like: str


class Told(NamedTuple):
    """A folded text; `labels`: a row for each group, UNTOLD where nobody says."""

    hand: str
    text: str
    labels: Labels
    names: tuple[Named, ...] = ()


class Example(NamedTuple):
    """What the model reads, and for each of it and each group the number of a label."""

    numbers: Numbers
    labels: Labels


def told(notes: Mapping[str, Sequence[GoldNote]]) -> list[Told]:
    """Every note, by who wrote it."""
    return [_told(hand, one) for hand, some in notes.items() for one in some]


def _told(hand: str, gold: GoldNote) -> Told:
    text = fold(gold.note.text)
    labels = np.zeros((len(_GROUPS), len(text)), np.int8)
    labels[_GROUPS.index("identity")] = UNTOLD
    if hand.startswith(DISEASES_ONLY):
        labels[[group != "disease" for group in _GROUPS]] = UNTOLD
    facts = [(one, *meant) for one in gold.facts if (meant := _meant(one))]
    for fact, group, _ in facts:
        for place in _unsure(fact, text) if gold.whole else ():
            labels[_GROUPS.index(group), place.start : place.end] = UNTOLD
            if fact.kind == "other":  # a disease or an allergy
                labels[_GROUPS.index("allergy"), place.start : place.end] = UNTOLD
    names = []
    for fact, group, label in facts:
        # The first place is the fact's own, which no other's further mention takes.
        for place in [] if fact.optional else fact.places[::-1]:
            row = labels[_GROUPS.index(group)]
            row[place.start : place.end] = GROUPS[group].index(label)
            if group == "advice":
                row[place.start] = GROUPS[group].index("begins")
            else:
                names.append(Named(place.start, place.end, group))
    return Told(hand, text, labels, tuple(sorted(set(names))))


def _meant(fact: Fact) -> tuple[str, str] | None:
    """Group and label; None: the model is not taught such facts."""
    return _MEANT.get((fact.kind, fact.certainty)) or _MEANT.get((fact.kind, ""))


def _unsure(fact: Fact, text: str) -> Iterator[Span]:
    """Where the words of a fact stand, which a note says once; a note may say it again."""
    yield from fact.places
    if fact.kind != "precaution":
        for word in filter(None, fact.words):
            for found in re.finditer(re.escape(fold(word)), text):
                yield Span(*found.span())


class Examples:
    """What is learned from, in each round with other names."""

    def __init__(self, taught: Sequence[Told], numbers: Mapping[str, int]) -> None:
        self._taught, self._numbers = taught, numbers
        names: dict[str, set[str]] = defaultdict(set)
        for one in taught:
            for name in one.names:
                names[name.like].add(one.text[name.start : name.end])
        self._names = {like: sorted(some) for like, some in names.items()}

    def of_round(self, round_: int) -> list[Example]:
        """All of them, some names by another of their group."""
        rng = random.Random(round_)
        return [one for told in self._taught for one in self._examples(self._swapped(told, rng))]

    def as_written(self) -> list[Example]:
        """All of them."""
        return [one for told in self._taught for one in self._examples(told)]

    def _swapped(self, told: Told, rng: random.Random) -> Told:
        words: list[str] = []
        labels: list[Labels] = []
        done = 0
        for start, end, like in told.names:
            if start < done or rng.random() >= SWAPPED:
                continue
            name = rng.choice(self._names[like])
            instead = np.repeat(told.labels[:, start : start + 1], len(name), axis=1)
            advice = instead[_GROUPS.index("advice")]
            if advice[0] == GROUPS["advice"].index("begins"):
                advice[1:] = GROUPS["advice"].index("goes on")
            words += [told.text[done:start], name]
            labels += [told.labels[:, done:start], instead]
            done = end
        words.append(told.text[done:])
        labels.append(told.labels[:, done:])
        return told._replace(text="".join(words), labels=np.concatenate(labels, axis=1))

    def _examples(self, told: Told) -> Iterator[Example]:
        for window in windows(told.text):
            yield self._example(told, window)

    def _example(self, told: Told, window: Window) -> Example:
        numbers, places = numbered(told.text, window, self._numbers)
        labels = np.full((len(_GROUPS), len(numbers)), UNTOLD, np.int8)
        asked = (places >= window.first) & (places < window.last)
        labels[:, 1:-1][:, asked] = told.labels[:, places[asked]]
        return Example(numbers, labels)


def characters(encoder: Path, taught: Sequence[Told]) -> tuple[str, list[int]]:
    """The vocabulary, and the encoder's numbers of the signs and of it: what is common or ours."""
    known = Tokenizer.from_file(str(encoder / TOKENIZER)).get_vocab()
    seen = {chr(code) for code in range(0x21, 0x7F)} | set(_common())
    for one in taught:
        seen.update(one.text)
    vocabulary = "".join(sorted(one for one in seen if one in known))
    return vocabulary, [known[one] for one in (*_SIGNS, *vocabulary)]


def _common() -> str:
    every = (bytes((first, last)) for first in _LEVEL_ONE for last in range(0xA1, 0xFF))
    return "".join(one.decode("gb2312", "ignore") for one in every)
