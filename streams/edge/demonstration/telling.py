"""What an act promises, what was seen of it, and how it is told."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from streams.edge.demonstration.device import Run


class Shown(NamedTuple):
    """A promise, whether it held, and what was seen of it."""

    promise: str
    held: bool
    seen: str


class Teller(Protocol):
    """To a person who watches."""

    def act(self, title: str) -> None:
        """A part begins."""

    def say(self, text: str) -> None:
        """A sentence."""

    def ran(self, run: Run) -> None:
        """A command of the device, with what it printed."""

    def shown(self, one: Shown) -> None:
        """What came of it."""
