"""Cards of models as training writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from agents.models.card import Card, Figure, Source


def made_with(*more: str) -> dict[str, str]:
    """Versions of the packages that fit and write every model, and of `more`."""
    packages = ("numpy", "scipy", "scikit-learn", "onnx", *more)
    return {package: version(package) for package in packages}


def save(folder: Path, card: Card, content: bytes) -> Card:
    """Write a model and its card, of the day of the card that is there if the model is the same."""
    folder.mkdir(parents=True, exist_ok=True)
    card = msgspec.structs.replace(card, made=_made_on(_place(folder, card), card))
    (folder / card.file).write_bytes(content)
    _keep(folder, card)
    return card


def judged_as(folder: Path, card: Card, figures: Iterable[Figure]) -> Card:
    """Write it again, with its figures."""
    card = msgspec.structs.replace(card, figures=tuple(figures))
    _keep(folder, card)
    return card


def _place(folder: Path, card: Card) -> Path:
    return folder / f"{card.name}.json"


def _keep(folder: Path, card: Card) -> None:
    told = msgspec.json.format(msgspec.json.encode(card), indent=2)
    _place(folder, card).write_bytes(told + b"\n")


def _made_on(place: Path, card: Card) -> str:
    try:
        there = msgspec.json.decode(place.read_bytes(), type=Card)
    except (OSError, msgspec.MsgspecError):
        return card.made
    return there.made if there.sha256 == card.sha256 else card.made


def share(data: str, measure: str, some: int, of: int) -> Figure:
    """So many of so many."""
    return Figure(data, measure, round(some / max(1, of), 4), None, f"{some} of {of}")


def own_source(place: Path | Traversable, where: str, rows: int) -> Source:
    """A file of ours; `where`: the folder as it is told."""
    digest = hashlib.sha256(place.read_bytes()).hexdigest()
    return Source("our own", f"{where}/{place.name}", digest, "as the project", rows)
