"""The context model of the pack: what it is fitted on, how it is measured, and its card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from agents.models.card import Card, Figure
from agents.models.contexts import BEFORE, BEHIND, NAMED, numbers_of
from agents.models.encoder import MODEL
from agents.models.mentions import OWN
from streams.encoders import PINNED
from streams.training.bert import Bert, published
from streams.training.cards import made_with, own_source, save
from streams.training.contexts_graph import graph
from streams.training.contexts_texts import LEFT_OUT, NAME, Examples, Labelled, characters, labelled
from streams.training.fine_tuning import Schedule, fitted, padded, probabilities
from streams.training.mentions_texts import KINDS, tune_files

VERSION = "1"
LAYERS = 2
WEIGHTS = (1.0, 0.5)
"""How much n-grams and the encoder count."""
KNOWN = 0.3
"""How probably a mention is not the patient's, or not so, for it to be doubted."""
LEAST = 0.1
"""What n-grams hold for less is not read."""
_POSITIONS = padded(4 + BEFORE + NAMED + BEHIND)

Floats = npt.NDArray[np.float64]


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
