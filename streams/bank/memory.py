"""What was read of customers a while ago, for when the bank does not answer; bounded."""

import asyncio
from collections import OrderedDict
from typing import NamedTuple

from agents.assistant.bank import Found

MOST_CUSTOMERS = 2_000
MOST_FACTS = 8
"""Of one customer."""


class Kept(NamedTuple):
    """An answer, as it was at `as_of_ms`."""

    value: Found
    as_of_ms: int


class Known:
    """Of one customer between two writes. `flights`: reads on their way, by their call."""

    def __init__(self) -> None:
        self.flights: dict[bytes, asyncio.Task[Kept]] = {}
        self._facts: OrderedDict[bytes, Kept] = OrderedDict()

    def get(self, call: bytes) -> Kept | None:
        """The last answer to this call."""
        return self._facts.get(call)

    def keep(self, call: bytes, kept: Kept) -> None:
        """The oldest goes if there are too many."""
        self._facts[call] = kept
        self._facts.move_to_end(call)
        if len(self._facts) > MOST_FACTS:
            self._facts.popitem(last=False)


class Memory:
    """By tenant and customer; those who were not heard of for longest are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def of(self, whose: tuple[str, str]) -> Known:
        """What is known of a customer."""
        known = self._known.setdefault(whose, Known())
        self._known.move_to_end(whose)
        if len(self._known) > MOST_CUSTOMERS:
            self._known.popitem(last=False)
        return known

    def forget(self, whose: tuple[str, str]) -> None:
        """Something was written: nothing that was read, or is being read, holds any more."""
        self._known.pop(whose, None)
