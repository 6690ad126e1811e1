"""Cards of models as training writes them."""

from __future__ import annotations

import hashlib
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from agents.models.card import Card, Figure, Source


def keep(place: Path, card: Card) -> None:
    """Write it for people to read."""
    place.write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")


def made_on(place: Path, card: Card) -> str:
    """The day of the card that is there, if its model is the same."""
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
