"""A model's card: what it is for, what it was made of, how good it is, and how it is asked."""

from __future__ import annotations

import hashlib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

import msgspec

from agents.models.errors import BadModel
from agents.models.ngrams import KEY_BITS, Recipe
from schemas.reviews import Lang

MOST_BYTES = 256 << 20
"""Of a model file."""


class Source(msgspec.Struct, frozen=True):
    """Data a model was trained on."""

    name: str
    file: str
    sha256: str
    licence: str
    rows: int


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One measured figure; `goal` None: a report."""

    data: str
    measure: str
    value: float
    goal: float | None = None
    counted: str = ""


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands beside a model file, as JSON.

    `file`: its name, in the card's folder; `sha256`: of its bytes. `reads`: `text`, one tensor of
    strings; `grams`, the n-grams of `recipe` in a table of 2 ** `slot_bits` slots; `vectors`, those
    of the encoder whose file has the SHA-256 `encoder`; or `characters`, by their place in the
    `vocabulary`. `weights`: of a second reader, how much n-grams and it count. `positive`: the
    output that holds the probability that a text is positive, of shape (texts), or (texts, 2) or
    (texts, 1, 2) with that probability last. `neutral`: how far from .5 it may be for a text to
    take no side. `languages`: of the texts it is asked about.

    Of a model of intents `labels`, one of which may be empty: none of the others; how probable the
    best one must be for a text to be `known`, and for it to be `sure`. Of tags, by group: how
    probable what no rule finds must be to be `taken`, and how improbable what one finds to be
    `left` out; from `known` on a disease may not be the patient's, from `sure` on it is a
    relative's.

    `marked`: a device changes the file by a fingerprint of its own, and vouches for it itself.
    """

    name: str
    task: Literal["sentiment", "intents", "lines", "tags"]
    languages: tuple[Lang, ...]
    file: str
    sha256: str
    version: str
    reads: Literal["text", "grams", "vectors", "characters"] = "text"
    recipe: Recipe | None = None
    slot_bits: int = 0
    encoder: str = ""
    vocabulary: str = ""
    weights: tuple[float, float] = (0.0, 0.0)
    positive: str = "positive"
    neutral: float = 0.1
    labels: tuple[str, ...] = ()
    known: float = 0.0
    sure: float = 0.0
    taken: dict[str, float] = {}
    left: dict[str, float] = {}
    marked: bool = False
    made: str = ""
    seed: int = 0
    licence: str = ""
    trained_on: tuple[Source, ...] = ()
    made_with: dict[str, str] = {}
    figures: tuple[Figure, ...] = ()
    limits: tuple[str, ...] = ()


def read(place: Path | Traversable, task: str = "") -> Card:
    """The card in a JSON file; `task`: what it must be for, if that matters. Raises BadModel."""
    try:
        card = msgspec.json.decode(place.read_bytes(), type=Card)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadModel(f"no model card: {place}: {error}") from None
    if task and card.task != task:
        raise BadModel(f"{card.name}: a model of {card.task}, not of {task}")
    if Path(card.file).name != card.file:
        raise BadModel(f"{place}: the model file lies in the card's folder, not at {card.file!r}")
    if card.reads == "grams" and (card.recipe is None or not 1 <= card.slot_bits <= KEY_BITS - 8):
        raise BadModel(f"{place}: a model that reads grams has a recipe and slot_bits")
    if not 0 <= card.neutral < 0.5:
        raise BadModel(f"{place}: neutral is at least 0 and less than .5, not {card.neutral}")
    return card


def model_bytes(card: Card, folder: Path | Traversable) -> bytes:
    """The model file of a card, unchanged since the card was written. Raises BadModel."""
    place = folder / card.file
    try:
        content = place.read_bytes()
    except OSError as error:
        raise BadModel(f"no model file: {error}") from None
    if len(content) > MOST_BYTES:
        raise BadModel(f"{place} has more than {MOST_BYTES >> 20} MiB")
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256 and not card.marked:
        raise BadModel(f"{place} is not the file its card describes: SHA-256 {found}")
    return content
