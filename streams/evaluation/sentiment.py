"""Sentiment: the committed models on labelled reviews, and on sentences of our own."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from agents.models.classifier import Classifier
from agents.models.sentiment import Sentiments
from schemas.reviews import Lang, Sentiment
from streams.evaluation.row import Row
from streams.training import corpora
from streams.training.corpora import Corpus
from windows.texts import clean

TASK = "sentiment"
_BINS = 10


class Sentence(msgspec.Struct, frozen=True):
    """One labelled sentence of our own; `dev` for choosing, `test` for judging."""

    lang: Literal["zh", "en"]
    split: Literal["dev", "test"]
    sentiment: Sentiment
    text: str


def sentences(split: str) -> list[Sentence]:
    """Of goods that the models were not trained on: food, clothes, households, services, apps."""
    lines = (files("streams.evaluation") / "sets" / "sentiment.jsonl").read_bytes().splitlines()
    found = [msgspec.json.decode(line, type=Sentence) for line in lines]
    return [one for one in found if one.split == split]


def evaluate(data: Path | None) -> list[Row]:
    """On our own test sentences, and on what lies in a data folder. Raises NoCorpus."""
    models = Sentiments.load()
    rows = _chinese(models.model_of("zh"), data) if data and _has(data, corpora.CHINESE) else []
    if data and _has(data, corpora.THREADS):
        rows += _threads(models.model_of("en"), data)
    return rows + own(models, "test")


def own(models: Sentiments, split: str) -> list[Row]:
    """Both sides, and all four sentiments, on our own sentences of a split."""
    rows = []
    langs: tuple[Lang, ...] = ("zh", "en")
    for lang in langs:
        some = [one for one in sentences(split) if one.lang == lang]
        calls = models.judge([one.text for one in some], [lang] * len(some))
        sided = [one for one in some if one.sentiment in ("positive", "negative")]
        positive = models.model_of(lang).positive([clean(one.text) for one in sided])
        hits = [
            (p > 0.5) == (s.sentiment == "positive") for p, s in zip(positive, sided, strict=True)
        ]
        name = f"own sentences, other goods, {lang}"
        rows.append(_share(name, "accuracy of sides", hits))
        hits = [call.sentiment == one.sentiment for call, one in zip(calls, some, strict=True)]
        rows.append(_share(name, "accuracy of four", hits))
        pair = {"positive", "negative"}
        wrong = [
            {call.sentiment, one.sentiment} == pair for call, one in zip(calls, some, strict=True)
        ]
        rows.append(_share(name, "taken for the opposite", wrong, higher=False))
    return rows


def _chinese(model: Classifier, data: Path) -> list[Row]:
    train, dev = (corpora.chinese(data, part) for part in ("train", "dev"))
    hits = _hits(model, dev)
    met = _met(dev.texts, train.texts)
    return [
        _share(
            "ChnSentiCorp dev", "accuracy", hits, 0.94, "BERT base .947 on its test, as published"
        ),
        _share("ChnSentiCorp dev", "accuracy, not alike any of train", hits[~met]),
        _share("ChnSentiCorp dev", "accuracy, alike one of train", hits[met]),
        _calibration("ChnSentiCorp dev", model, dev),
    ]


def _threads(model: Classifier, data: Path) -> list[Row]:
    earlier, later = (corpora.threads(data, part) for part in ("earlier", "later"))
    hits = _hits(model, later)
    new = ~_met(later.texts, earlier.texts)
    name = "Threads, last 30 %"
    return [
        _balanced(name, "balanced accuracy", hits, later.sides, 0.90),
        _balanced(name, "balanced accuracy, texts not met before", hits[new], later.sides[new]),
        _calibration(name, model, later),
    ]


def _has(data: Path, place: str) -> bool:
    return (data / place).exists()


def _met(texts: Sequence[str], before: Sequence[str]) -> npt.NDArray[np.bool_]:
    known = set(corpora.likes(before))
    return np.asarray([like in known for like in corpora.likes(texts)])


def _hits(model: Classifier, corpus: Corpus) -> npt.NDArray[np.bool_]:
    hits: npt.NDArray[np.bool_] = (model.positive(corpus.texts) > 0.5) == (corpus.sides == 1)
    return hits


def _share(
    data: str,
    measure: str,
    hits: Sequence[bool] | npt.NDArray[np.bool_],
    goal: float | None = None,
    alternative: str = "",
    *,
    higher: bool = True,
) -> Row:
    value = float(np.mean(hits)) if len(hits) else float("nan")
    counted = f"{int(np.sum(hits))} of {len(hits)}"
    return Row(TASK, data, measure, value, goal, higher, alternative, counted)


def _balanced(
    data: str,
    measure: str,
    hits: npt.NDArray[np.bool_],
    sides: npt.NDArray[np.int64],
    goal: float | None = None,
) -> Row:
    value = float(np.mean([hits[sides == side].mean() for side in (0, 1)]))
    return Row(TASK, data, measure, value, goal, True, "", f"{hits.sum()} of {hits.size}")


def _calibration(data: str, model: Classifier, corpus: Corpus) -> Row:
    """How far stated confidence and share of hits lie apart, in ten bins of confidence."""
    positive = model.positive(corpus.texts)
    sure = np.maximum(positive, 1 - positive)
    hits = (positive > 0.5) == (corpus.sides == 1)
    bins = np.minimum(((sure - 0.5) * 2 * _BINS).astype(int), _BINS - 1)
    apart = sum(
        abs(hits[bins == at].mean() - sure[bins == at].mean()) * (bins == at).mean()
        for at in range(_BINS)
        if (bins == at).any()
    )
    return Row(TASK, data, "calibration error", float(apart), None, False, "")
