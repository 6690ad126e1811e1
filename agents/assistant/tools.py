"""What the dialogue may call: the bank of one customer, with the outcome always an answer."""

from typing import Literal, NamedTuple, Protocol

from agents.assistant.bank import Found
from schemas.tools import ReadCall, Receipt, WriteCall


class Fetched(NamedTuple):
    """Facts, as they were at `as_of_ms`; `stale`: from the cache, as the bank did not answer."""

    value: Found
    as_of_ms: int
    stale: bool = False


class Done(NamedTuple):
    """A write has had its effect."""

    receipt: Receipt


class Failed(NamedTuple):
    """No facts, or no effect.

    `away`: the bank did not answer in time, its breaker is open, or too little time is left.
    `refused`: the bank said no; `code` as of BankRefused. `unknown`: a write was sent and nobody
    knows what became of it: the same key must be sent again before anything else is said of it.
    """

    why: Literal["away", "refused", "unknown"]
    code: str = ""


class Toolbox(Protocol):
    """The tools of one turn of one person; nothing is raised."""

    async def read(self, call: ReadCall) -> Fetched | Failed:
        """Facts of this person."""

    async def write(self, call: WriteCall, key: str) -> Done | Failed:
        """An effect the person has confirmed."""
