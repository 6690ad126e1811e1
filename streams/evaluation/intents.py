"""Intents: the committed models on our own messages, and their recipe on other people's labels."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import Literal

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from agents.models.card import read
from agents.models.encoded import EncodedIntents, pooled
from agents.models.intents import Intents
from streams.encoders import fetched_encoders
from streams.evaluation.row import Row
from streams.training import utterances
from streams.training.classes_graph import Weights
from streams.training.corpora import Ints
from streams.training.encoded import Pair, fitted
from streams.training.intents import Reader, judged, softmax
from streams.training.many import Floats, Settings, fit, scores
from streams.training.utterances import own

_FOLDS = 5
_SEED = 7
_SETTINGS = Settings(slot_bits=20)
_ENCODED = read(files("agents.models") / "data" / "intents-en-encoded.json")
_KEPT = 0.905
"""In-scope accuracy that the threshold keeps on CLINC150 val; a little above the goal on test."""


def evaluate_own(lang: Literal["zh", "en"]) -> list[Row]:
    """The committed model on the families it was not trained on."""
    folder = files("agents.models") / "data"
    model = Intents(read(folder / f"intents-{lang}.json"), folder)
    rows = _judged(lang, model, "")
    if encoder := fetched_encoders().get(lang):
        card = read(folder / f"intents-{lang}-encoded.json")
        pair = Pair(model, EncodedIntents(card, folder, encoder))
        rows += _judged(lang, pair, ", with an encoder")
    return rows


def _judged(lang: Literal["zh", "en"], model: Reader, how: str) -> list[Row]:
    told = [one for one in own(lang) if one.split == "test"]
    task = f"intents-{lang}"
    rows = [
        Row(task, one.data + how, one.measure, one.value, one.goal, True, "", one.counted)
        for one in judged(model, told)
    ]
    start = perf_counter()
    for one in told:
        model.probabilities([one.text])
    spent = (perf_counter() - start) / len(told) * 1e6
    return [*rows, Row(task, "our own" + how, "µs a message, one by one", spent, None, False, "")]


def evaluate_banking(data: Path, *, quick: bool = False) -> list[Row]:
    """Five folds of BANKING77's train, each judged by a model fitted on the other four.

    Where an encoder was fetched also by the second reader's recipe, with the weights of its card.
    """
    found = utterances.banking(data)
    truth = found.numbers(sorted(set(found.labels)))
    folds = list(StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(truth, truth))
    seen = folds[:1] if quick else folds
    encoder = fetched_encoders().get("en")
    vectors = encoder.vectors(found.texts) if encoder else None
    alone, both = np.full(truth.size, -1), np.full(truth.size, -1)
    for train, test in seen:
        weights = fit([found.texts[i] for i in train], truth[train], _SETTINGS)
        logits = _logits(weights, [found.texts[i] for i in test])
        alone[test] = logits.argmax(axis=1)
        if vectors is not None:
            second = fitted(vectors[train], truth[train]).predict_proba(vectors[test])
            both[test] = pooled(softmax(logits), second, _ENCODED.weights).argmax(axis=1)
    some = np.concatenate([test for _, test in seen])
    rows = _banking_rows("", truth[some], alone[some])
    return rows + (_banking_rows(", with an encoder", truth[some], both[some]) if encoder else [])


def _banking_rows(how: str, truth: Ints, said: Ints) -> list[Row]:
    name = f"BANKING77 train, 5-fold{how}"
    other = "DistilBERT .925, ModernBERT .940 on its test, as published"
    macro = float(f1_score(truth, said, average="macro"))
    hits = said == truth
    return [
        Row("banking77", name, "accuracy", float(hits.mean()), 0.92, True, other, _of(hits)),
        Row("banking77", name, "macro F1", macro, 0.92, True, ""),
    ]


def evaluate_clinc(data: Path) -> list[Row]:
    """CLINC150: fitted on train and oos_train, the threshold chosen on val, judged on test."""
    train, out = utterances.clinc(data, "train"), utterances.clinc(data, "oos_train")
    names = [*sorted(set(train.labels)), "oos"]
    told = [*train.numbers(names), *out.numbers(names)]
    weights = fit([*train.texts, *out.texts], np.asarray(told), _SETTINGS)
    parts = {}
    for part in ("val", "oos_val", "test", "oos_test"):
        found = utterances.clinc(data, part)
        logits = _logits(weights, found.texts)
        parts[part] = (logits, found.numbers(names))
    threshold = _threshold(*parts["val"])
    logits, truth = parts["test"]
    best, sure = logits.argmax(axis=1), _sureness(logits)
    free = logits[:, :-1].argmax(axis=1) == truth
    kept = (best == truth) & (sure >= threshold)
    outside, _ = parts["oos_test"]
    caught = (outside.argmax(axis=1) == len(names) - 1) | (_sureness(outside) < threshold)
    name = "CLINC150 test"
    at = f"at the threshold {threshold:.3f}"
    return [
        Row("clinc150", name, "in-scope accuracy", float(free.mean()), 0.93, True,
            "SVM .910, BERT .969, as published", _of(free)),
        Row("clinc150", name, f"in-scope accuracy {at}", float(kept.mean()), 0.90, True, "", _of(kept)),  # noqa: E501
        Row("clinc150", name, f"out-of-scope recall {at}", float(caught.mean()), 0.70, True,
            "SVM .145, BERT .403, as published", _of(caught)),
    ]  # fmt: skip


def _logits(weights: Weights, texts: list[str]) -> Floats:
    found: Floats = scores(weights, texts, _SETTINGS.recipe) * weights.slope
    return found


def _sureness(logits: Floats) -> Floats:
    """How much likelier the best in-scope label is than all others."""
    chances = softmax(logits)
    found: Floats = chances[:, :-1].max(axis=1)
    return found


def _threshold(logits: Floats, truth: Ints) -> float:
    """The highest at which so many of val are in scope and right."""
    right = logits.argmax(axis=1) == truth
    sure = _sureness(logits)
    for threshold in np.arange(0.9, 0.0, -0.005):
        if np.mean(right & (sure >= threshold)) >= _KEPT:
            return float(threshold)
    return 0.0


def _of(hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    return f"{hits.sum()} of {hits.size}"
