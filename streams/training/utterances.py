"""Messages with their intents: our own, written in families, and other people's."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np

from streams.training.corpora import Ints, NoCorpus
from windows.texts import clean

Split = Literal["train", "dev", "test"]
OUT = ""
"""The label of what is out of scope."""
BANKING = "banking77/train.csv"
CLINC = "clinc150/data_full.json"
_MOST_OF_A_FAMILY = 8
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Utterance:
    """A clean message; those of a family are ways to fill in one template and share its split."""

    text: str
    intent: str
    family: int
    split: Split


def intents() -> tuple[str, ...]:
    """Names of all intents of the assistant."""
    return tuple(_titles())


@cache
def _titles() -> dict[str, dict[str, str]]:
    table = tomllib.loads((files("agents.assistant") / "intents.toml").read_text("utf-8"))
    found: dict[str, dict[str, str]] = table["intents"]
    return found


@cache
def own(lang: Literal["zh", "en"]) -> tuple[Utterance, ...]:
    """Our own set of a language, out of scope included."""
    found: list[Utterance] = []
    for intent, templates in _sections(f"intents-{lang}.txt"):
        found += _filled(templates, intent)
        # A name of the intent is what somebody may say who has to choose.
        found.append(Utterance(clean(_titles()[intent][lang]), intent, -len(found) - 1, "train"))
    for intent, templates in _sections(f"intents-{lang}-more.txt"):
        found += [replace(one, split="train") for one in _filled(templates, intent)]
    for part, templates in _sections("out-of-scope.txt"):
        if part == lang:
            found += _filled(templates, OUT)
    for part, templates in _sections("out-of-scope-more.txt"):
        if part == lang:
            found += [replace(one, split="train") for one in _filled(templates, OUT)]
    # What is told beside the families must not give away a message to be judged by.
    judged = {one.text for one in found if one.split == "test"}
    return tuple(one for one in found if one.split == "test" or one.text not in judged)


def _sections(name: str) -> Iterator[tuple[str, list[str]]]:
    text = (files("streams.evaluation") / "sets" / name).read_text("utf-8")
    for section in text.split("= ")[1:]:
        title, *templates = section.strip().split("\n")
        yield title, templates


def _filled(templates: list[str], intent: str) -> Iterator[Utterance]:
    """Every fifth family of an intent is for testing, every sixth for choosing, by its words."""
    order = sorted(range(len(templates)), key=lambda i: zlib.crc32(templates[i].encode()))
    for place, i in enumerate(order):
        template = templates[i]
        split: Split = "test" if place % 5 == 0 else "dev" if place % 6 == 1 else "train"
        family = zlib.crc32(f"{intent} {template}".encode())
        parts = _CHOICE.split(template)
        choices = [p.split("|") if at % 2 else [p] for at, p in enumerate(parts)]
        every = sorted({clean("".join(one)) for one in product(*choices)} - {""})
        random.Random(family).shuffle(every)
        for text in every[:_MOST_OF_A_FAMILY]:
            yield Utterance(text, intent, family, split)


@dataclass(frozen=True)
class Labelled:
    """Clean texts and their labels."""

    texts: list[str]
    labels: list[str]

    def numbers(self, names: list[str]) -> Ints:
        """The labels as their places among names."""
        place = {name: at for at, name in enumerate(names)}
        return np.asarray([place[label] for label in self.labels], np.int64)


def banking(data: Path) -> Labelled:
    """BANKING77, train, of a data folder. Raises NoCorpus."""
    place = data / BANKING
    try:
        rows = list(csv.DictReader(io.StringIO(place.read_text("utf-8"), newline="")))
        return Labelled([clean(row["text"]) for row in rows], [row["category"] for row in rows])
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise NoCorpus(_missing(place, error)) from None


def clinc(data: Path, part: str) -> Labelled:
    """A part of CLINC150 (`train`, `oos_train`, `val`, ...) of a data folder. Raises NoCorpus."""
    place = data / CLINC
    try:
        rows = json.loads(place.read_bytes())[part]
        return Labelled([clean(text) for text, _ in rows], [label for _, label in rows])
    except (OSError, KeyError, ValueError) as error:
        raise NoCorpus(_missing(place, error)) from None


def _missing(place: Path, error: Exception) -> str:
    return f"cannot read {place} ({error}); set GROUNDSWELL_DATA to a folder that holds it"
