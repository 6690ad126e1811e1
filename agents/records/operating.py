"""What is said around an operation: that it was refused, is yet to come, or was done."""

from __future__ import annotations

import re
import tomllib

import msgspec

from agents.records.errors import BadPack
from agents.records.patterns import any_of


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refused: tuple[str, ...]
    undone: tuple[str, ...]
    planned: tuple[str, ...]
    coming: tuple[str, ...]
    done: tuple[str, ...]
    decides: tuple[str, ...]
    again: tuple[str, ...]
    verbs: tuple[str, ...]
    amount: str
    between: str
    outer: tuple[str, ...]


class Operating:
    """The pack's words around operations."""

    def __init__(self, table: _Table) -> None:
        self.refused = _any(table.refused)
        self.undone = _any(table.undone)
        self.planned = _any(table.planned)
        self.coming = _any(table.coming)
        self.done = _any(table.done)
        self.decides = _any(table.decides)
        self.again = _any(table.again)
        self.verb = _any(table.verbs)
        self.amount = re.compile(table.amount)
        self.between = re.compile(table.between)
        self.outer = frozenset(table.outer)

    @classmethod
    def read(cls, content: str, place: str) -> Operating:
        """A TOML table of lists of regular expressions. Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _Table))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
            raise BadPack(f"{place}: {error}") from None


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(any_of(patterns))
