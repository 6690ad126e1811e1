"""What teaches the context model: mentions of our notes, as numbers of characters."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from agents.models.contexts import Context, Numbers, numbered
from agents.models.encoder import TOKENIZER
from agents.records.guard import context
from streams.training.mentions_texts import KINDS, hands, mentions_of

NAME = "contexts"
LEFT_OUT = ("passages-phones", "passages-wards")
"""Hands whose mentions said how much each reader counts, and from where on a mention is doubted."""
SWAPPED = 0.3
"""How many mentions get another disease's name in a round: the name says nothing."""
_SIGNS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[unused1]", "[unused2]")
"""The published model's, in the order of `agents.models.contexts`."""
_LEVEL_ONE = range(0xB0, 0xD8)
"""First bytes of the 3,755 common characters in GB 2312."""


class Example(NamedTuple):
    """`numbers` of characters; `place`: of that which opens the name; `label`: a number."""

    numbers: Numbers
    place: int
    label: int


class Labelled(NamedTuple):
    """`kind`: one of `KINDS`."""

    context: Context
    kind: str
    hand: str


def labelled() -> list[Labelled]:
    """Every mention of our notes that says whose it is and whether so."""
    return [
        Labelled(context(one.parsed, one.span), one.kind, one.hand) for one in mentions_of(hands())
    ]


class Examples:
    """What is learned from, in each round with other names."""

    def __init__(self, taught: Sequence[Labelled], numbers: Mapping[str, int]) -> None:
        self._taught, self._numbers = taught, numbers
        self._names = sorted({one.context.name for one in taught})

    def of_round(self, round_: int) -> list[Example]:
        """All of them, some with another's name."""
        rng = random.Random(round_)
        return [
            self._example(
                one, rng.choice(self._names) if rng.random() < SWAPPED else one.context.name
            )
            for one in self._taught
        ]

    def as_written(self) -> list[Example]:
        """All of them."""
        return [self._example(one, one.context.name) for one in self._taught]

    def _example(self, one: Labelled, name: str) -> Example:
        read, place = numbered(one.context._replace(name=name), self._numbers)
        return Example(read, place, KINDS.index(one.kind))


def characters(encoder: Path, told: Sequence[Labelled]) -> tuple[str, list[int]]:
    """The vocabulary, and the encoder's numbers of the signs and of it: what is common or ours."""
    known = Tokenizer.from_file(str(encoder / TOKENIZER)).get_vocab()
    seen = {chr(code) for code in range(0x21, 0x7F)} | set(_common())
    for one in told:
        seen.update(*one.context)
    vocabulary = "".join(sorted(one for one in seen if one in known))
    return vocabulary, [known[one] for one in (*_SIGNS, *vocabulary)]


def _common() -> str:
    every = (bytes((first, last)) for first in _LEVEL_ONE for last in range(0xA1, 0xFF))
    return "".join(one.decode("gb2312", "ignore") for one in every)
