"""Whoever wants to know what the language model was asked: traces and metrics."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from agents.assistant.wording.question import Use
from schemas.commands import Cost


@dataclass
class Call:
    """Questions to the server for one answer; two if `hedged`. `error`: a code, empty if well."""

    cost: Cost = field(default_factory=Cost)
    hedged: bool = False
    error: str = ""


class Watch(Protocol):
    """Told of everything, with no text in it."""

    def calling(self, use: Use) -> AbstractContextManager[Call]:
        """Around the asking of the server; what it is given is filled in when it is over."""

    def ended(self, use: Use, tenant: str, why: str, cost: Cost, *, cached: bool) -> None:
        """A question has its answer; `why` it goes without the model, empty if it does not."""


class Unwatched:
    """Nobody wants to know."""

    @contextmanager
    def calling(self, use: Use) -> Iterator[Call]:
        """Nothing is told."""
        del use
        yield Call()

    def ended(self, use: Use, tenant: str, why: str, cost: Cost, *, cached: bool) -> None:
        """Nothing is told."""
