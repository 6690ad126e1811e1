"""The context model of the pack: what it is fitted on, how it is measured, and its card."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer

from agents.models.card import Card, Figure
from agents.models.contexts import BEFORE, BEHIND, NAMED, Context, numbered, numbers_of
from agents.models.encoder import MODEL, TOKENIZER
from agents.models.mentions import OWN
from agents.records.guard import context
from streams.encoders import PINNED
from streams.training.bert import Bert, published
from streams.training.cards import made_with, own_source, save
from streams.training.contexts_graph import graph
from streams.training.fine_tuning import Example, Schedule, fitted, padded, probabilities
from streams.training.mentions_texts import KINDS, hands, mentions_of, tune_files

NAME = "contexts"
VERSION = "1"
LEFT_OUT = ("passages-phones", "passages-wards")
"""Hands whose mentions said how much each reader counts, and from where on a mention is doubted."""
LAYERS = 2
SWAPPED = 0.3
"""How many mentions get another disease's name in a round: the name says nothing."""
WEIGHTS = (1.0, 0.5)
"""How much n-grams and the encoder count."""
KNOWN = 0.3
"""How probably a mention is not the patient's, or not so, for it to be doubted."""
LEAST = 0.1
"""What n-grams hold for less is not read."""
_SIGNS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[unused1]", "[unused2]")
"""The published model's, in the order of `agents.models.contexts`."""
_LEVEL_ONE = range(0xB0, 0xD8)
"""First bytes of the 3,755 common characters in GB 2312."""
_POSITIONS = padded(4 + BEFORE + NAMED + BEHIND)


Floats = npt.NDArray[np.float64]


class Labelled(NamedTuple):
    """`kind`: one of `KINDS`."""

    context: Context
    kind: str
    hand: str


def make(encoder: Path, folder: Path, *, today: str) -> Card:
    """Fit the encoder in a folder on our notes and write it with its card; takes half an hour."""
    told = labelled()
    taught = [one for one in told if one.hand not in LEFT_OUT]
    vocabulary, tokens = characters(encoder, told)
    schedule = Schedule(labels=len(KINDS))
    examples = Examples(taught, numbers_of(vocabulary))
    bert: Bert = published(encoder / MODEL, tokens, _POSITIONS, LAYERS)
    with click.progressbar(length=1, label=NAME, width=30) as bar:

        def done(step: int, steps: int) -> None:
            bar.length = steps
            bar.update(1, step)

        model = fitted(bert, examples.of_round, schedule, done)
    content = graph(model.bert, model.head)
    left = [one for one in told if one.hand in LEFT_OUT]
    found = probabilities(model, Examples(left, numbers_of(vocabulary)).as_written())
    card = Card(
        name=NAME,
        task="contexts",
        languages=("zh",),
        file=f"{NAME}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="characters",
        vocabulary=vocabulary,
        encoder=PINNED["zh"].sha256,
        weights=WEIGHTS,
        labels=KINDS,
        known=KNOWN,
        sure=KNOWN,
        least=LEAST,
        marked=True,
        made=today,
        seed=schedule.seed,
        licence=f"as the project; {PINNED['zh'].name} is {PINNED['zh'].licence}",
        trained_on=tuple(
            own_source(place, "sets/records", len(taught))
            for place in tune_files()
            if not place.name.startswith(LEFT_OUT)
        ),
        made_with=made_with("jax", "optax", "onnxruntime"),
        figures=tuple(_figures(left, 1 - found[:, KINDS.index(OWN)])),
        limits=(
            "trained on made-up notes by some thirty hands, not on records of patients",
            f"sees {BEFORE} characters before a name and {BEHIND} behind it",
            "fitted anew it is as good, but has not the same bytes",
        ),
    )
    return save(folder, card, content)


def _figures(left: Sequence[Labelled], denied: Floats) -> Iterator[Figure]:
    """Of hands left out: how often what is not the patient's is held for less theirs."""
    for hand in LEFT_OUT:
        at = [number for number, one in enumerate(left) if one.hand == hand]
        others = [left[number].kind != OWN for number in at]
        area = roc_auc_score(others, denied[at])
        told = f"{len(at)} mentions"
        yield Figure(f"{hand}, left out", "AUC before INT8", round(float(area), 4), None, told)


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
