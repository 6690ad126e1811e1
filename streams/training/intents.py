"""The intent models: what each is fitted on, how its thresholds are chosen, and its card."""

from __future__ import annotations

import hashlib
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from agents.models.card import Card, Figure, Source
from agents.models.intents import Intents
from agents.models.ngrams import Recipe
from streams.training import corpora, utterances
from streams.training.cards import judged_as, made_with, save
from streams.training.intents_graph import graph
from streams.training.many import RECIPE, Settings, fit_held_out
from streams.training.utterances import BANKING, CLINC, OUT, Utterance, intents, own

VERSION = "2"
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_WRONG = 0.03
"""Of the messages that are acted upon without asking back, how many may be taken for another."""
_LOST = 0.03
"""Of the messages in scope, how many may be taken for out of scope by `known`."""
_OTHERS = {
    "banking77": ("BANKING77, train", BANKING, "CC BY 4.0"),
    "clinc150": ("CLINC150, train", CLINC, "CC BY 3.0"),
}


@dataclass(frozen=True)
class Plan:
    """One model to make; `others`: at most so many messages of other people a label of theirs."""

    name: str
    lang: Literal["zh", "en"]
    settings: Settings
    others: int
    limits: tuple[str, ...]


PLANS = (
    Plan(
        name="intents-zh",
        lang="zh",
        settings=Settings(
            recipe=Recipe(characters=(1, 2), pairs=4, stem=4, concepts=2),
            slot_bits=17,
            most=17_000,
        ),
        others=0,
        limits=(
            "trained on messages of our own, written in families by one hand",
            "of a text beyond 400 characters the first and the last 200 are seen",
        ),
    ),
    Plan(
        name="intents-en",
        lang="en",
        settings=Settings(
            recipe=msgspec.structs.replace(RECIPE, concepts=4), slot_bits=17, most=17_000
        ),
        others=50,
        limits=(
            "trained on messages of our own and on questions of others to other banks",
            "of a text beyond 400 characters the first and the last 200 are seen",
        ),
    ),
)


@dataclass(frozen=True)
class Told:
    """What a plan is fitted on; the first `ours` of it are our own messages."""

    texts: list[str]
    numbers: Ints
    families: Ints
    ours: list[Utterance]
    sources: tuple[Source, ...]


LABELS = (*intents(), OUT)


def told_of(plan: Plan, data: Path) -> Told:
    """Raises NoCorpus."""
    place = {label: at for at, label in enumerate(LABELS)}
    ours = [one for one in own(plan.lang) if one.split != "test"]
    foreign, sources = _foreign(data, plan.others) if plan.others else ([], ())
    told = [*ours, *foreign]
    numbers = np.asarray([place[one.intent] for one in told], np.int64)
    families = np.asarray([one.family for one in told], np.int64)
    own_sources = _own_sources(plan.lang, len(ours))
    return Told([one.text for one in told], numbers, families, ours, (*own_sources, *sources))


def licence_of(told: Told) -> str:
    """Of a model made of them."""
    foreign = {one.name for one in told.sources}
    return "as the project; made of messages of our own" + "".join(
        f", {name} ({licence})" for name, _, licence in _OTHERS.values() if name in foreign
    )


def make(plan: Plan, data: Path, folder: Path, *, today: str) -> Card:
    """Fit one model and write it into `folder` with its card. Raises NoCorpus."""
    told = told_of(plan, data)
    numbers, ours = told.numbers, told.ours
    weights, logits = fit_held_out(told.texts, numbers, told.families, len(LABELS), plan.settings)
    content = graph(weights)
    inside = np.asarray([one.split == "dev" for one in ours])
    known, sure = thresholds(softmax(logits)[: len(ours)], numbers[: len(ours)])
    card = Card(
        name=plan.name,
        task="intents",
        languages=(plan.lang,),
        file=f"{plan.name}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version=VERSION,
        reads="grams",
        recipe=plan.settings.recipe,
        slot_bits=plan.settings.slot_bits,
        labels=LABELS,
        known=known,
        sure=sure,
        made=today,
        seed=plan.settings.seed,
        licence=licence_of(told),
        trained_on=told.sources,
        made_with=made_with("rjieba", "xxhash"),
        limits=plan.limits,
    )
    card = save(folder, card, content)
    held = (logits.argmax(axis=1) == numbers)[: len(ours)]
    test = [one for one in own(plan.lang) if one.split == "test"]
    figures = (
        *judged(Intents(card, folder), test),
        _figure("own families of dev, five-fold by family", held[inside], None),
    )
    return judged_as(folder, card, figures)


class Reader(Protocol):
    """As `Intents`."""

    @property
    def card(self) -> Card: ...

    def probabilities(self, texts: Sequence[str]) -> Floats: ...


def judged(model: Reader, told: Sequence[Utterance]) -> tuple[Figure, ...]:
    """Accuracy in scope without thresholds, what is acted upon and how rightly, and out of scope."""  # noqa: E501
    found = model.probabilities([one.text for one in told])
    labels = np.asarray(model.card.labels)
    best, top = labels[found.argmax(axis=1)], found.max(axis=1)
    truth = np.asarray([one.intent for one in told])
    scope = truth != OUT
    known = (best != OUT) & (top >= model.card.known)
    sure = known & (top >= model.card.sure)
    name = f"own families of test, {model.card.languages[0]}"
    return (
        _figure(name, (best == truth)[scope], 0.92),
        _figure(name, (best == truth)[scope & sure], None, "accuracy of what is sure"),
        _figure(name, sure[scope], None, "share that is sure"),
        _figure(name, known[scope], None, "in scope and known"),
        _figure(name, ~known[~scope], None, "out of scope and not known"),
        _figure(name, ~sure[~scope], None, "out of scope and not sure"),
    )


def softmax(logits: Floats) -> Floats:
    """Along the classes."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = powers / powers.sum(axis=1, keepdims=True)
    return found


def thresholds(found: Floats, truth: Ints) -> tuple[float, float]:
    """`known` and `sure`, of held-out messages of our own."""
    best, top = found.argmax(axis=1), found.max(axis=1)
    out = found.shape[1] - 1
    scope = truth != out
    known = float(np.quantile(top[scope & (best != out)], _LOST))
    steps = np.arange(0.2, 0.995, 0.01)
    for sure in steps:
        acted = (best != out) & (top >= sure)
        if acted.any() and np.mean(best[acted] != truth[acted]) <= _WRONG:
            break
    return round(known, 3), round(max(float(sure), known), 3)


def _figure(
    data: str, hits: npt.NDArray[np.bool_], goal: float | None, measure: str = "accuracy"
) -> Figure:
    share = round(float(hits.mean()), 4) if hits.size else float("nan")
    return Figure(data, measure, share, goal, f"{hits.sum()} of {hits.size}")


def _own_sources(lang: str, rows: int) -> tuple[Source, ...]:
    found = []
    names = (f"intents-{lang}", f"intents-{lang}-more", "out-of-scope", "out-of-scope-more")
    for name in (f"{one}.txt" for one in names):
        content = (files("streams.evaluation") / "sets" / name).read_bytes()
        where = f"streams/evaluation/sets/{name}"
        digest = hashlib.sha256(content).hexdigest()
        found.append(Source("our own", where, digest, "as the project", rows))
    return tuple(found)


def _foreign(data: Path, most: int) -> tuple[list[Utterance], tuple[Source, ...]]:
    """Messages of others whose label is one of our intents, or out of scope."""
    table = tomllib.loads((files("streams.training") / "mapped.toml").read_text("utf-8"))
    read = {
        "banking77": utterances.banking(data),
        "clinc150": utterances.clinc(data, "train"),
    }
    found: list[Utterance] = []
    sources = []
    for name, (title, file, licence) in _OTHERS.items():
        ours = {theirs: intent for intent, many in table[name].items() for theirs in many}
        ours |= dict.fromkeys(table["out_of_scope"].get(name, ()), OUT)
        by_label: dict[str, list[str]] = {}
        for text, label in zip(read[name].texts, read[name].labels, strict=True):
            by_label.setdefault(label, []).append(text)
        before = len(found)
        for label in sorted(by_label.keys() & ours.keys()):
            intent = ours[label]
            texts = random.Random(label).sample(by_label[label], min(len(by_label[label]), most))
            texts = texts[: most // 4] if intent == OUT else texts
            # Each is a family of its own: they were written by many people.
            family = 1 << 33
            found += [
                Utterance(text, intent, family + len(found) + i, "train")
                for i, text in enumerate(texts)
            ]
        digest = corpora.sha256(data / file)
        sources.append(Source(title, file, digest, licence, len(found) - before))
    return found, tuple(sources)
