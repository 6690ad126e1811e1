"""What each character of a note is a part of, as a small encoder reads it: the pack's tag model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.models.card import read
from agents.models.classifier import Floats, session_of
from agents.models.errors import BadModel
from agents.models.intents import OUTPUT

CARD = "tags.json"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "disease": ("", "own", "maybe", "no", "warn", "kin", "other"),
    "allergy": ("", "allergic", "notallergic"),
    "drug": ("", "drug", "notdrug"),
    "procedure": ("", "done", "planned", "notdone"),
    "advice": ("", "begins", "goes on"),
    "identity": ("", "name", "hospital", "ward", "address", "employer", "number", "date"),
}
"""Labels of which each character has one of each group; the empty one: it is part of no such thing.

Of names as `streams/evaluation/sets/records/GUIDE.md` says; a clause of advice begins once. An
identity is anything that tells who somebody is; a number also a letter's or a phone's.
"""
LABELS = tuple(f"{group}: {label}" for group, some in GROUPS.items() for label in some)
INPUT = "characters"
"""int64: numbers of the characters."""
BEFORE, READ, BEHIND = 64, 320, 32
"""Characters that are told of at once, at most, and those around them that the model sees."""
PADDING, UNKNOWN, FIRST, LAST = range(4)
SIGNS = 4
"""Numbers below that of the first character of the vocabulary."""
_STOP = re.compile(r"[。;!?\n]")
_EDGES = " ,、;。:."
_LEAST, LONGEST = 2, 24
"""Characters of a name."""
_NEVER = 1e-9
"""Of spaces nothing is told."""
_EDGE = 0.3
"""How probable a character at the edge of a thing must be."""

Numbers = npt.NDArray[np.int64]


class Window(NamedTuple):
    """Characters `start` to `end` of a text are read to tell of `first` to `last`."""

    start: int
    first: int
    last: int
    end: int


class Stretch(NamedTuple):
    """Characters `start` to `end` are one thing; `label`: what most probably, with `share`."""

    start: int
    end: int
    label: str
    share: float

    @property
    def is_name(self) -> bool:
        """Whether it is as long as a name."""
        return _LEAST <= self.end - self.start <= LONGEST


class Tagged:
    """What a text's characters are parts of."""

    def __init__(self, text: str, told: Floats) -> None:
        """`told`: the probability of each of `LABELS`, a row for each character."""
        self._text = text
        self._groups = by_group(told)
        _bridge(text, self._groups["identity"])

    def probable(self, group: str, start: int, end: int) -> float:
        """How probably characters are part of such a thing, in their mean."""
        return float(1 - self._groups[group][start:end, 0].mean())

    def shares(self, group: str, start: int, end: int) -> dict[str, float]:
        """How probable each label is of a thing that stands there: they sum to one."""
        told = self._groups[group][start:end, 1:].sum(axis=0) + _NEVER
        return dict(zip(GROUPS[group][1:], (told / told.sum()).tolist(), strict=True))

    def stretches(self, group: str, least: float) -> Iterator[Stretch]:
        """Of a line's characters that follow each other those as probable as that; trimmed.

        In their mean: those at the edges of a thing are less so.
        """
        told = self._groups[group]
        inside = 1 - told[:, 0] >= min(least, _EDGE)
        begins = self._begins(group)
        start = -1
        for at, is_in in enumerate([*inside.tolist(), False]):
            goes_on = is_in and self._text[at] != "\n"
            if start >= 0 and (not goes_on or begins[at]):
                yield from self._trimmed(group, start, at, least)
                start = -1
            if goes_on and start < 0:
                start = at

    def _begins(self, group: str) -> npt.NDArray[np.bool_]:
        """Where a thing begins also if the character before is part of one."""
        told = self._groups[group]
        begins = np.zeros(len(told), np.bool_)
        if group == "advice":
            begins = told[:, 1] > told[:, 2]
        elif group == "identity":
            labels = told[:, 1:].argmax(axis=1)
            begins[1:] = labels[1:] != labels[:-1]
        return begins

    def _trimmed(self, group: str, start: int, end: int, least: float) -> Iterator[Stretch]:
        words = self._text[start:end]
        start, end = end - len(words.lstrip(_EDGES)), start + len(words.rstrip(_EDGES))
        if start < end and self.probable(group, start, end) >= least:
            shares = self.shares(group, start, end)
            label = max(shares, key=lambda one: shares[one])
            yield Stretch(start, end, label, shares[label])


def _bridge(text: str, told: Floats) -> None:
    """A space in a name is as much part of it as the less probable of its neighbours: 张 伟."""
    for at in range(1, len(text) - 1):
        if text[at] == " ":
            told[at] = max(told[at - 1], told[at + 1], key=lambda row: row[0])


def by_group(told: Floats) -> dict[str, Floats]:
    """The columns of each group, of rows of `LABELS`."""
    ends = np.cumsum([len(labels) for labels in GROUPS.values()])
    return dict(zip(GROUPS, np.split(told, ends[:-1], axis=1), strict=True))


class Tags:
    """The encoder of a pack; one thread."""

    def __init__(self, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = read(folder / CARD, "tags")
        if self.card.labels != LABELS:
            raise BadModel(f"{self.card.name} has other labels than {', '.join(LABELS)}")
        if self.card.taken.keys() != GROUPS.keys() or not self.card.left.keys() <= GROUPS.keys():
            raise BadModel(f"{self.card.name} does not say of each group from when on it is taken")
        self._numbers = numbers_of(self.card.vocabulary)
        self._session = session_of(self.card, folder)
        self.read("高血压")

    def read(self, text: str) -> Tagged:
        """What the characters of a folded text are parts of. Raises BadModel if the model fails."""
        told = np.zeros((len(text), len(LABELS)))
        told[:, [LABELS.index(f"{group}: ") for group in GROUPS]] = 1
        for window in windows(text):
            numbers, places = numbered(text, window, self._numbers)
            found = self._run(numbers)
            asked = (places >= window.first) & (places < window.last)
            told[places[asked]] = found[1:-1][asked]
        return Tagged(text, told)

    def _run(self, numbers: Numbers) -> Floats:
        """One window by one: the scale of an INT8 model is that of what runs together."""
        try:
            found = np.asarray(self._session.run([OUTPUT], {INPUT: numbers})[0], np.float64)
        except Exception as error:  # onnxruntime has no error of its own to name
            raise BadModel(f"{self.card.file} fails: {error}") from None
        if found.shape != (len(numbers), len(LABELS)) or not np.isfinite(found).all():
            raise BadModel(f"{self.card.file}: {OUTPUT} is of shape {found.shape}, or no numbers")
        return found


def windows(text: str) -> Iterator[Window]:
    """The whole text in order, cut behind sentences where they end in time."""
    start, length = 0, len(text)
    while start < length:
        end = length
        if length - start > READ + BEHIND:
            end = start + READ
            stops = (one.end() for one in _STOP.finditer(text, start + READ // 2, end))
            end = max(stops, default=end)
        yield Window(max(0, start - BEFORE), start, end, min(length, end + BEHIND))
        start = end


def numbers_of(vocabulary: str) -> dict[str, int]:
    """The number of each of these characters."""
    return {one: number for number, one in enumerate(vocabulary, SIGNS)}


def numbered(text: str, window: Window, numbers: Mapping[str, int]) -> tuple[Numbers, Numbers]:
    """What the model reads, and which characters of the text those between its signs are.

    Spaces say nothing.
    """
    places = [at for at in range(window.start, window.end) if text[at] != " "]
    read = [numbers.get("|" if text[at] == "\n" else text[at], UNKNOWN) for at in places]
    return np.asarray([FIRST, *read, LAST], np.int64), np.asarray(places, np.int64)
