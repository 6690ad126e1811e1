"""The line model of the pack: what it is fitted on, how it is measured, and its card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from agents.models.card import Card, Figure, Source
from agents.models.lines import Lines
from agents.models.ngrams import Recipe
from agents.records.headings import Headings
from agents.records.pack import BUNDLED, text
from agents.records.parsed import Parsed
from streams.evaluation.record_files import own_sets
from streams.evaluation.record_sets import GoldNote
from streams.training.cards import judged_as, made_with, own_source, save, share
from streams.training.lines_graph import graph
from streams.training.lines_texts import KINDS, MOULDS, REACTIONS, TABLES, TESTS, Line, lines
from streams.training.many import Settings, fit_held_out

NAME = "lines"
VERSION = "1"
FOLDER = Path("agents/records/data")
"""The model is a file of the pack."""
SETTINGS = Settings(recipe=Recipe(characters=(1, 2, 3, 4)), slot_bits=17, most=40_000, cost=0.3)
EACH = 24
"""Lines of a mould."""
KNOWN = 0.8
"""How probable a kind must be to be used."""


def make(folder: Path, *, today: str) -> Card:
    """Fit the model on the moulds and write it into `folder` with its card."""
    told = lines(BUNDLED, each=EACH, seed=SETTINGS.seed)
    numbers = np.asarray([KINDS.index(one.kind) for one in told], np.int64)
    families = np.asarray([one.family for one in told], np.int64)
    weights, logits = fit_held_out(
        [one.text for one in told], numbers, families, len(KINDS), SETTINGS
    )
    content = graph(weights)
    card = Card(
        name=NAME,
        task="lines",
        languages=("zh", "en"),
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
        licence="as the project; made of moulds and terms of our own",
        trained_on=tuple(_sources(len(told))),
        made_with=made_with(),
        limits=(
            "trained on lines made from moulds by one hand, not on records of patients",
            "sees one line, not what stands around it",
        ),
    )
    card = save(folder, card, content)
    held = np.asarray(logits.argmax(axis=1) == numbers)
    own = Figure("own moulds, five-fold by mould", "accuracy", round(float(held.mean()), 4))
    return judged_as(folder, card, (*judged(Lines(folder), own_sets()), own))


def judged(model: Lines, notes: Sequence[GoldNote]) -> tuple[Figure, ...]:
    """How often the hidden heading's kind is guessed, in each half and language."""
    found: list[Figure] = []
    for half in ("test", "tune"):
        for lang in ("zh", "en"):
            told = list(headed(one for one in notes if (one.half, one.lang) == (half, lang)))
            if told:
                found += _figures(model, told, f"lines under headings, own notes, {lang}, {half}")
    return tuple(found)


def headed(notes: Iterator[GoldNote]) -> Iterator[Line]:
    """Lines of notes that stand under a heading, without it; family: which note."""
    headings = Headings.read(text(BUNDLED, "headings.toml"), "headings.toml")
    for number, one in enumerate(notes):
        parsed = Parsed(one.note, headings.sections(one.note.text))
        for span in parsed.sentences:
            section = parsed.section(span.start)
            if section.kind != "other" and span.start >= section.body:
                yield Line(parsed.text[span.start : span.end], section.kind, number)


def _figures(model: Lines, told: Sequence[Line], data: str) -> Iterator[Figure]:
    guesses = model.guess([one.text for one in told])
    truth = [one.kind for one in told]
    hits = np.asarray([one.kind == kind for one, kind in zip(guesses, truth, strict=True)])
    sure = np.asarray([one.probability >= model.card.known for one in guesses])
    most = max(truth.count(kind) for kind in set(truth))
    yield share(data, "accuracy", int(hits.sum()), len(truth))
    yield share(data, "accuracy of always the commonest kind", most, len(truth))
    yield share(data, "accuracy of what is known", int(hits[sure].sum()), int(sure.sum()))
    yield share(data, "share that is known", int(sure.sum()), len(truth))


def _sources(rows: int) -> Iterator[Source]:
    for place, where in (
        (MOULDS, "streams/training"),
        *((BUNDLED / name, str(FOLDER)) for name in (*TABLES.values(), TESTS, REACTIONS)),
    ):
        yield own_source(place, where, rows)
