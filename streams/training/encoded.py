"""Second readers of intents: fitted on what an encoder makes of the messages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from agents.models.card import Card, Source, read
from agents.models.encoded import INPUT, EncodedIntents, pooled
from agents.models.encoder import Encoder, Vectors
from agents.models.intents import OUTPUT, Intents
from streams.encoders import PINNED
from streams.training.cards import judged_as, made_with, save
from streams.training.graph import finished, node
from streams.training.intents import (
    LABELS,
    Floats,
    Ints,
    Plan,
    judged,
    licence_of,
    softmax,
    thresholds,
    told_of,
)
from streams.training.many import fit_held_out
from streams.training.utterances import OUT, own

VERSION = "1"
_COST = 10.0
"""Of the logistic regression; 10 and 50 tell nothing apart."""
_FOLDS = 5


def name_of(plan: Plan) -> str:
    """Of the model beside the plan's."""
    return f"{plan.name}-encoded"


def make(plan: Plan, encoder: Encoder, data: Path, folder: Path, *, today: str) -> Card:
    """Fit the second reader beside a plan's model and write it with its card. Raises NoCorpus.

    How much each counts and when the two are sure is chosen on folds of families that neither had
    seen, of messages that the first is not sure of.
    """
    told = told_of(plan, data)
    numbers, ours = told.numbers, len(told.ours)
    first = read(folder / f"{plan.name}.json")
    _, logits = fit_held_out(told.texts, numbers, told.families, len(LABELS), plan.settings)
    by_grams = softmax(logits)[:ours]
    vectors = encoder.vectors(told.texts)
    by_vectors = _held_out(vectors, numbers, told.families, plan.settings.seed)[:ours]
    weights = _weights(by_grams, by_vectors, numbers[:ours])
    unsure = (by_grams.max(axis=1) < first.sure) | (by_grams.argmax(axis=1) == len(LABELS) - 1)
    both = pooled(by_grams, by_vectors, weights)
    known, sure = thresholds(both[unsure], numbers[:ours][unsure])
    content = _graph(fitted(vectors, numbers))
    pinned = PINNED[plan.lang]
    card = Card(
        name=name_of(plan),
        task="intents",
        languages=(plan.lang,),
        file=f"{name_of(plan)}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="vectors",
        encoder=encoder.sha256,
        weights=weights,
        labels=LABELS,
        known=known,
        sure=sure,
        made=today,
        seed=plan.settings.seed,
        licence=licence_of(told),
        trained_on=(
            Source(pinned.name, "its vectors of these messages", encoder.sha256, pinned.licence, 0),
            *told.sources,
        ),
        made_with=made_with("onnxruntime", "tokenizers"),
        limits=(
            *plan.limits,
            f"reads vectors of {pinned.name} alone, of which the first 128 tokens of a text",
            "another processor may round the vectors otherwise, and with them the last digits",
        ),
    )
    card = save(folder, card, content)
    test = [one for one in own(plan.lang) if one.split == "test"]
    pair = Pair(Intents(first, folder), EncodedIntents(card, folder, encoder))
    return judged_as(folder, card, judged(pair, test))


class Pair:
    """A model and who is asked about what it is not sure of, as one; for evaluation."""

    def __init__(self, first: Intents, second: EncodedIntents) -> None:
        self.card = second.card
        self._first, self._second = first, second

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """As of `Intents`; what the first is sure of is certain."""
        found = self._first.probabilities(texts)
        for row, text in enumerate(texts):
            best = found[row].argmax()
            if self.card.labels[best] != OUT and found[row, best] >= self._first.card.sure:
                found[row] = np.eye(found.shape[1])[best]
            else:
                found[row] = self._second.probabilities([text], found[row : row + 1])
        return found


def fitted(vectors: Vectors, numbers: Ints) -> LogisticRegression:
    """The second reader by itself."""
    return LogisticRegression(C=_COST, max_iter=300).fit(vectors, numbers)


def _held_out(vectors: Vectors, numbers: Ints, families: Ints, seed: int) -> Floats:
    found = np.zeros((numbers.size, len(LABELS)))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(vectors, numbers, families):
        machine = fitted(vectors[train], numbers[train])
        found[np.ix_(test, machine.classes_)] = machine.predict_proba(vectors[test])
    return found


def _weights(first: Floats, second: Floats, numbers: Ints) -> tuple[float, float]:
    """With which the pool is the most likely."""
    rows = np.arange(numbers.size)

    def loss(weights: Floats) -> float:
        both = pooled(first, second, (float(weights[0]), float(weights[1])))
        return float(-np.log(both[rows, numbers] + 1e-12).mean())

    best = minimize(loss, (0.5, 0.5), method="Nelder-Mead").x
    return round(float(best[0]), 2), round(float(best[1]), 2)


def _graph(machine: LogisticRegression) -> bytes:
    table, offsets = machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)
    nodes = [
        node("MatMul", f"{INPUT} table", "scores"),
        node("Add", "scores offsets", "logits"),
        node("Softmax", "logits", OUTPUT, axis=1),
    ]
    given = [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["messages", table.shape[0]])]
    shape = ["messages", table.shape[1]]
    return finished(
        helper.make_graph(
            nodes,
            "intents-encoded",
            given,
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape)],
            [numpy_helper.from_array(table, "table"), numpy_helper.from_array(offsets, "offsets")],
        )
    )
