"""Banned words: evasions that were written by hand, and innocent texts that look like them."""

import math
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import NamedTuple

import msgspec

from agents.reviews.words import BannedWords, WordList, starter
from streams.evaluation.row import Row

_GOALS = {"recall": 0.98, "precision": 0.99}
_SPLITS = {
    "test": "own set, test",
    "dev": "own set, dev",
    "fresh": "fresh set, by another hand",
}


class Case(msgspec.Struct, frozen=True):
    """A text, the category it should be found under (empty: none), and how it hides the word.

    `split`: `dev` for choosing rules, `test` for the figures, `fresh` by another hand, who had
    seen neither the rules nor the other two.
    """

    text: str
    banned: str
    how: str
    split: str


def cases() -> list[Case]:
    """All of them, in the order of the file."""
    lines = (files("streams.evaluation") / "sets" / "banned.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Case) for line in lines]


class _Share(NamedTuple):
    hits: int
    total: int

    @property
    def value(self) -> float:
        return self.hits / self.total if self.total else math.nan


def evaluate() -> list[Row]:
    """Recall and precision of our starter list on every split, beside a search for substrings.

    A text is found if it is found under its category; an innocent text is found wrongly, whatever
    the category.
    """
    words, listed = BannedWords.starter(), starter()
    rows = []
    for split, data in _SPLITS.items():
        chosen = [case for case in cases() if case.split == split]
        ours = _measured(chosen, lambda text: {one.reason[7:] for one in words.find(text)})
        plain = _measured(chosen, lambda text: _substrings(listed, text))
        for measure, share in ours.items():
            goal = _GOALS[measure] if split == "test" else None
            beside = f"substrings of the same list {plain[measure].value:.2f}"
            counted = f"{share.hits} of {share.total}"
            rows.append(Row("banned", data, measure, share.value, goal, True, beside, counted))
    return rows


def _measured(chosen: Sequence[Case], find: Callable[[str], set[str]]) -> dict[str, _Share]:
    found = [(case.banned, find(case.text)) for case in chosen]
    right = sum(banned in categories for banned, categories in found)
    false = sum(not banned and bool(categories) for banned, categories in found)
    evasions = sum(bool(case.banned) for case in chosen)
    return {"recall": _Share(right, evasions), "precision": _Share(right, right + false)}


def _substrings(words: WordList, text: str) -> set[str]:
    text = text.lower()
    return {name for name, one in words.items() if any(word.lower() in text for word in one.words)}
