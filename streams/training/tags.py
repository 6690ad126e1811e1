"""The tag model of the pack: what it is fitted on, how it is measured, and its card."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from agents.models.card import Card, Figure, Source
from agents.models.encoder import MODEL
from agents.models.tags import BEFORE, BEHIND, GROUPS, LABELS, READ, by_group, numbers_of
from agents.records.pack import redaction_tables
from agents.records.redaction import Redactor
from streams.encoders import PINNED
from streams.evaluation.record_files import hands, tune_files
from streams.evaluation.redaction_notes.notes import note_files, own_notes
from streams.training.bert import Bert, published
from streams.training.cards import made_with, own_source, save
from streams.training.fine_tuning import Schedule, fitted, padded, probabilities
from streams.training.tags_graph import graph
from streams.training.tags_hidden import hidden, nobodys
from streams.training.tags_texts import LEFT_OUT, NAME, UNTOLD, Example, Examples, characters, told

VERSION = "1"
LAYERS = 4
_SIZES = tuple(map(len, GROUPS.values()))
_MAYBE = GROUPS["disease"].index("maybe")
KNOWN = 0.2
"""How probably a disease is not the patient's, or not so, for it to be doubted."""
SURE = 0.85
"""How much a disease must be a relative's to be moved there from the patient."""
TAKEN = {
    "allergy": 0.8, "disease": 0.9, "drug": 0.9, "procedure": 0.9, "advice": 0.8, "identity": 0.5,
}  # fmt: skip
"""How probable what no rule finds must be to be taken."""
LEFT = {"allergy": 0.1, "disease": 0.1, "drug": 0.2, "advice": 0.1, "identity": 0.05}
"""What a rule finds and is less probable is left out."""
_COUNT = (1.0, 1.0, 0.5, 1.0, 0.7, 1.0)
"""How much each group counts while it is fitted."""
_POSITIONS = padded(2 + BEFORE + READ + BEHIND)

Floats = npt.NDArray[np.float64]


def make(encoder: Path, folder: Path, *, today: str) -> Card:
    """Fit the encoder in a folder on our notes and write it with its card; takes half an hour."""
    tables = redaction_tables()
    rules = Redactor(tables)
    written = hands()
    texts = [gold.note.text for some in written.values() for gold in some]
    records = (nobodys(one, text, rules) for one, text in zip(told(written), texts, strict=True))
    notes = [*records, *hidden(own_notes(), tables)]
    taught = [one for one in notes if one.hand not in LEFT_OUT]
    vocabulary, tokens = characters(encoder, notes)
    numbers = numbers_of(vocabulary)
    schedule = Schedule(groups=_SIZES, weights=_COUNT)
    bert: Bert = published(encoder / MODEL, tokens, _POSITIONS, LAYERS)
    with click.progressbar(length=1, label=NAME, width=30) as bar:

        def done(step: int, steps: int) -> None:
            bar.length = steps
            bar.update(1, step)

        model = fitted(bert, Examples(taught, numbers).of_round, schedule, done)
    content = graph(model.bert, model.head, _SIZES)
    figures: list[Figure] = []
    for hand in LEFT_OUT:
        left = Examples([one for one in notes if one.hand == hand], numbers).as_written()
        figures += _figures(hand, left, list(probabilities(model, left, _SIZES)))
    card = Card(
        name=NAME,
        task="tags",
        languages=("zh",),
        file=f"{NAME}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="characters",
        vocabulary=vocabulary,
        encoder=PINNED["zh"].sha256,
        labels=LABELS,
        known=KNOWN,
        sure=SURE,
        taken=TAKEN,
        left=LEFT,
        marked=True,
        made=today,
        seed=schedule.seed,
        licence=f"as the project; {PINNED['zh'].name} is {PINNED['zh'].licence}",
        trained_on=tuple(_sources(Counter(one.hand for one in taught))),
        made_with=made_with("jax", "optax", "onnxruntime"),
        figures=tuple(figures),
        limits=(
            "trained on made-up notes by some eighty hands, not on records of patients",
            f"sees {BEFORE} to {BEFORE + READ} characters before each and at least {BEHIND} behind",
            "fitted anew it is as good, but has not the same bytes",
        ),
    )
    return save(folder, card, content)


def _sources(taught: Mapping[str, int]) -> Iterator[Source]:
    """The files of these hands, with how many texts of each taught."""
    for place, where in (
        *((place, "sets/records") for place in tune_files()),
        *((place, "redaction_notes") for place in note_files()),
    ):
        if rows := taught.get(place.name.removesuffix(".txt").removesuffix("-tune"), 0):
            yield own_source(place, where, rows)


def _figures(hand: str, left: Sequence[Example], found: Sequence[Floats]) -> Iterator[Figure]:
    """Of a hand left out: how well characters of each group are told from all others, and how
    well the patient's diseases from what is another's, denied or feared."""
    labels = np.concatenate([one.labels for one in left], axis=1)
    for row, (group, some) in enumerate(by_group(np.concatenate(found)).items()):
        heard = labels[row] != UNTOLD
        inside = labels[row] > 0
        if not (heard & inside).any():
            continue
        area = roc_auc_score(inside[heard], 1 - some[heard, 0])
        counted = f"{int(inside.sum())} characters"
        yield Figure(f"{hand}, left out", f"{group}: AUC", round(float(area), 4), None, counted)
        if group == "disease":
            area = roc_auc_score(labels[row, inside] > _MAYBE, 1 - _own(some[inside]))
            measure = "disease: AUC of whose before INT8"
            yield Figure(f"{hand}, left out", measure, round(float(area), 4), None, counted)


def _own(some: Floats) -> Floats:
    """Of characters of diseases: how probably they are the patient's, or may be."""
    share: Floats = some[:, 1 : _MAYBE + 1].sum(axis=1) / some[:, 1:].sum(axis=1)
    return share
