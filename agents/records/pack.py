"""The rules, tables and models that read documents: one folder, one version."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from agents.records.errors import BadPack
from agents.records.headings import Headings

BUNDLED = files("agents.records") / "data"
"""The pack that comes with the application."""


@dataclass(frozen=True)
class Pack:
    """One version of everything that is judged by."""

    version: str
    headings: Headings

    @classmethod
    def load(cls, folder: Path | Traversable = BUNDLED) -> Pack:
        """Raises BadPack."""
        facts = _toml(folder, "pack.toml")
        version = facts.get("version")
        if not isinstance(version, str):
            raise BadPack(f"{folder}: pack.toml names no version")
        return cls(
            version=version, headings=Headings.read(text(folder, "headings.toml"), "headings.toml")
        )


def text(folder: Path | Traversable, name: str) -> str:
    """A file of a pack. Raises BadPack."""
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPack(f"{folder}: {error}") from None


def _toml(folder: Path | Traversable, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text(folder, name))
    except tomllib.TOMLDecodeError as error:
        raise BadPack(f"{folder / name}: {error}") from None
