"""The mention model of the pack: what it is fitted on, how it is measured, and its card."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from agents.models.card import Card, Figure, Source
from agents.models.mentions import Mentions
from agents.models.ngrams import Recipe
from agents.records.extraction import Extractor
from agents.records.guard import Guard
from agents.records.pack import Pack
from streams.evaluation.record_sets import GoldNote
from streams.evaluation.records import Read, certainties, judge
from streams.training.cards import judged_as, made_with, own_source, save, share
from streams.training.classes_graph import Weights
from streams.training.lines_graph import graph
from streams.training.many import Floats, Ints, Settings, fit, scores, slope_of
from streams.training.mentions_texts import (
    KINDS,
    MOULDS,
    Clause,
    hands,
    of_moulds,
    of_notes,
    tune_files,
)

NAME = "mentions"
VERSION = "3"
SETTINGS = Settings(recipe=Recipe(characters=(1, 2, 3)), slot_bits=15, most=22_000, cost=0.3)
EACH = 4
"""Clauses of a mould."""
KNOWN = 0.4
"""How probably a mention is not the patient's, or not so, for it to be doubted."""
STEP = 0.02
"""Of a weight."""
_NEVER = 2.0
_FOLDS = 6
"""In which hands are left out: each by itself would take minutes."""


def make(folder: Path, *, today: str) -> Card:
    """Fit the model on our notes and moulds and write it into `folder` with its card."""
    notes = hands()
    clauses = of_notes(notes) + of_moulds(each=EACH, seed=SETTINGS.seed)
    left = dict(_left_out(list(notes), clauses))
    slope = _slope(left, clauses)
    card = _written(folder, replace(_fitted(clauses), slope=slope), today, len(clauses))
    figures: list[Figure] = []
    for hand in notes:
        weights = left[hand]
        with tempfile.TemporaryDirectory() as aside:
            _written(Path(aside), replace(weights, slope=slope), today, len(clauses))
            figures += judged(hand, notes[hand], Mentions(Path(aside)))
    return judged_as(folder, card, figures)


def judged(hand: str, notes: Sequence[GoldNote], model: Mentions) -> Iterator[Figure]:
    """What a hand's notes gain and lose by a model that has seen none of them."""
    pack = Pack.load()
    for name, guard in (("rules alone", Guard(model, least=_NEVER)), ("guarded", Guard(model))):
        done = judge(notes, Extractor(replace(pack, guard=guard)).read)
        yield from _figures(f"{hand}, left out: {name}", done)


def _figures(data: str, done: Sequence[Read]) -> Iterator[Figure]:
    pairs = certainties(done)
    right = sum(number for (gold, read_as), number in pairs.items() if gold == read_as)
    unsafe = sum(len(one.matched.unsafe) for one in done)
    yield Figure(data, "unsafe lines", float(unsafe), None, f"{len(done)} notes")
    yield share(data, "certainty", right, pairs.total())
    shy = pairs["confirmed", "uncertain"]
    yield Figure(data, "confirmed as uncertain", float(shy))


def _fitted(clauses: Sequence[Clause]) -> Weights:
    return fit([one.text for one in clauses], _numbers(clauses), SETTINGS)


def _left_out(names: Sequence[str], clauses: Sequence[Clause]) -> Iterator[tuple[str, Weights]]:
    """Of each hand the model of hands that it is not among."""
    for fold in range(_FOLDS):
        aside = names[fold::_FOLDS]
        weights = _fitted([one for one in clauses if one.hand not in aside])
        yield from ((hand, weights) for hand in aside)


def _numbers(clauses: Sequence[Clause]) -> Ints:
    return np.asarray([KINDS.index(one.kind) for one in clauses], np.int64)


def _slope(left: Mapping[str, Weights], clauses: Sequence[Clause]) -> float:
    """By the scores of each hand's clauses that were left out."""
    told: list[Floats] = []
    numbers: list[Ints] = []
    for hand, weights in left.items():
        own = [one for one in clauses if one.hand == hand]
        told.append(scores(weights, [one.text for one in own], SETTINGS.recipe))
        numbers.append(_numbers(own))
    return slope_of(np.concatenate(told), np.concatenate(numbers))


def _written(folder: Path, weights: Weights, today: str, rows: int) -> Card:
    content = graph(weights, STEP)
    card = Card(
        name=NAME,
        task="mentions",
        languages=("zh",),
        file=f"{NAME}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="grams",
        recipe=SETTINGS.recipe,
        slot_bits=SETTINGS.slot_bits,
        labels=KINDS,
        known=KNOWN,
        sure=KNOWN,
        marked=True,
        made=today,
        seed=SETTINGS.seed,
        licence="as the project; made of notes and moulds of our own",
        trained_on=tuple(_sources(rows)),
        made_with=made_with(),
        limits=(
            "trained on made-up notes by a few hands and on moulds, not on records of patients",
            "sees a clause and 60 signs around it",
            "the moulds were written by one who had seen a hand's unsafe lines",
        ),
    )
    return save(folder, card, content)


def _sources(rows: int) -> Iterator[Source]:
    tune = [(one, "sets/records") for one in tune_files()]
    for place, where in ((MOULDS, "streams/training"), *tune):
        yield own_source(place, where, rows)
