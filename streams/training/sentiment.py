"""The sentiment models: what each is fitted on and how, and the card that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.models.card import Card, Figure, Source
from agents.models.classifier import Classifier
from agents.models.ngrams import Recipe
from schemas.reviews import Lang
from streams.training import corpora
from streams.training.cards import judged_as, made_with, save
from streams.training.corpora import Corpus
from streams.training.fitting import Settings, fit
from streams.training.graph import graph
from streams.training.lexicon import lexicon

VERSION = "2"
_ACCURACY, _BALANCED = "accuracy", "balanced accuracy"
_HELD_OUT = "its training texts, five-fold, texts alike held out together"
Flags = npt.NDArray[np.bool_]
_OWN_WORDS = "a list of words of our own (streams/training/lexicon.toml)"


@dataclass(frozen=True)
class Plan:
    """One model to make: what it is fitted on, what it is judged on, and the goal there."""

    name: str
    lexicon: tuple[str, ...]
    languages: tuple[Lang, ...]
    corpus: Callable[[Path], Corpus]
    source: tuple[str, str, str]
    judged_on: tuple[str, Callable[[Path], Corpus]]
    goal: tuple[str, float]
    settings: Settings
    neutral: float
    limits: tuple[str, ...]


PLANS = (
    Plan(
        name="sentiment-zh",
        lexicon=("zh",),
        languages=("zh",),
        corpus=lambda data: corpora.chinese(data, "train"),
        source=("ChnSentiCorp, train", f"{corpora.CHINESE}/train.tsv", "Apache-2.0"),
        judged_on=("ChnSentiCorp dev", lambda data: corpora.chinese(data, "dev")),
        goal=(_ACCURACY, 0.94),
        settings=Settings(
            recipe=Recipe(characters=(1, 2, 3), words=(1,), dictionary=True, negated=2),
            slot_bits=18,
            topics=3,
            within=Recipe(characters=(1, 2), words=(1,), dictionary=True),
            prior=0.4,
        ),
        neutral=0.1,
        limits=(
            "trained on reviews of hotels, books and computers of about 2008, two sides only",
            "neutral and mixed are a band and a rule, not classes it was trained on",
            "of a text beyond 400 characters the first and the last 200 are seen",
            "irony and comparisons are often read the wrong way",
        ),
    ),
    Plan(
        name="sentiment-en",
        lexicon=("en", "other"),
        languages=("en", "other", "none"),
        corpus=lambda data: corpora.threads(data, "earlier"),
        source=(
            "Threads app reviews, first 70 % by time",
            corpora.THREADS,
            "MIT, as its page says",
        ),
        judged_on=("Threads, last 30 % by time", lambda data: corpora.threads(data, "later")),
        goal=(_BALANCED, 0.90),
        settings=Settings(
            recipe=Recipe(characters=(2, 3, 4, 5), words=(1, 2), negated=2, negated_of="words"),
            slot_bits=19,
            prior=0.8,
            cost=0.2,
            balanced=True,
            by_length=True,
        ),
        neutral=0.1,
        limits=(
            "trained on reviews of one app in one month, two sides only",
            "other languages than English are judged by emoji and some hundred words: a guess",
            "neutral and mixed are a band and a rule, not classes it was trained on",
            "of a text beyond 400 characters the first and the last 200 are seen",
        ),
    ),
)


def make(plan: Plan, data: Path, folder: Path, *, today: str, int8: bool = True) -> Card:
    """Fit one model and write it into `folder` with its card. Raises NoCorpus.

    The day it was made is that of the card that is there if the model is the same.
    """
    corpus = plan.corpus(data)
    fitted = fit(
        corpus.texts,
        corpus.sides,
        corpora.groups(corpus.texts),
        lexicon(*plan.lexicon),
        plan.settings,
    )
    content = graph(fitted.table, int8=int8)
    name, file, licence = plan.source
    card = Card(
        name=plan.name,
        task="sentiment",
        languages=plan.languages,
        file=f"{plan.name}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="grams",
        recipe=plan.settings.recipe,
        slot_bits=plan.settings.slot_bits,
        neutral=plan.neutral,
        made=today,
        seed=plan.settings.seed,
        licence=f"as the project; made of {name} ({licence}) and {_OWN_WORDS}",
        trained_on=(Source(name, file, corpora.sha256(data / file), licence, len(corpus)),),
        made_with=made_with("rjieba"),
        figures=_figures(_HELD_OUT, fitted.held_out > 0, corpus, None),
        limits=plan.limits,
    )
    card = save(folder, card, content)
    where, judged = plan.judged_on[0], plan.judged_on[1](data)
    positive = Classifier(card, folder).positive(judged.texts) > 0.5
    figures = _figures(where, positive, judged, plan.goal)
    return judged_as(folder, card, (*figures, *card.figures))


def _figures(
    data: str, positive: Flags, corpus: Corpus, goal: tuple[str, float] | None
) -> tuple[Figure, ...]:
    right = positive == (corpus.sides == 1)
    values = {
        _ACCURACY: right.mean(),
        _BALANCED: np.mean([right[corpus.sides == side].mean() for side in (0, 1)]),
    }
    counted = f"{right.sum()} of {right.size}"
    goals = dict([goal] if goal else [])
    return tuple(
        Figure(data, measure, round(float(value), 4), goals.get(measure), counted)
        for measure, value in values.items()
    )
