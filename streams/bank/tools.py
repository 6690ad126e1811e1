"""What the turns of one process share: a bank, its breakers, and what was read of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from agents.assistant.bank import CoreBank
from agents.assistant.errors import BankAway, BankRefused
from agents.llm.breaker import Breaker
from schemas.tools import ReadCall, Receipt, WriteCall
from streams.bank.calls import name_of
from streams.bank.http import deadline_ms
from streams.bank.memory import Kept, Known, Memory
from streams.bank.wire import ROUTES
from streams.logs import log_failure
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
REST_MS = 5_000
"""A tool that fails is left alone for so long."""
T = TypeVar("T")


class Patience(NamedTuple):
    """Milliseconds for one call; `stale_ms`: how old facts may be if the bank is away."""

    read_ms: int = 300
    write_ms: int = 600
    stale_ms: int = 15 * 60_000


class Tools:
    """`clock` gives epoch milliseconds. The bank is the caller's to close."""

    def __init__(
        self,
        bank: CoreBank,
        clock: Callable[[], int],
        metrics: Metrics,
        patience: Patience = Patience(),  # noqa: B008
    ) -> None:
        self.clock = clock
        self.patience = patience
        self.memory = Memory()
        self._bank = bank
        self._metrics = metrics
        self._breakers = {name: Breaker(REST_MS) for name in ROUTES}
        self._flights: set[asyncio.Task[Kept]] = set()

    async def close(self) -> None:
        """Give up what nobody waits for any more."""
        for flight in self._flights:
            flight.cancel()
        await asyncio.gather(*self._flights, return_exceptions=True)

    def allows(self, tool: str) -> bool:
        """Whether the tool may be tried now; then it has to be."""
        allowed = self._breakers[tool].allows(self.clock())
        self._show(tool)
        return allowed

    def count(self, tool: str, outcome: str, ms: float) -> None:
        """Show what became of a call of a turn."""
        self._metrics.observe("groundswell_bank_seconds", ms / 1000, tool, outcome)

    def fly(
        self, whose: tuple[str, str], call: ReadCall, body: bytes, known: Known
    ) -> asyncio.Task[Kept] | None:
        """A read that others may join, kept in `known`; None while the tool is left alone.

        It raises BankAway, BankRefused.
        """
        if not self.allows(name_of(call)):
            return None
        flight = asyncio.create_task(self._fly(whose, call, body, known))
        known.flights[body] = flight
        self._flights.add(flight)
        flight.add_done_callback(self._landed)
        return flight

    async def send(
        self, whose: tuple[str, str], call: WriteCall, key: str, left_ms: int
    ) -> Receipt:
        """One attempt of a write. Raises BankAway, BankRefused."""
        # Before, so that no read is joined that began before; after, for those begun meanwhile.
        self.memory.forget(whose)
        try:
            return await self._tried(
                name_of(call),
                lambda: self._bank.write(*whose, call, key),
                min(left_ms, self.patience.write_ms),
                is_whole=left_ms >= self.patience.write_ms,
            )
        finally:
            self.memory.forget(whose)

    async def _fly(self, whose: tuple[str, str], call: ReadCall, body: bytes, known: Known) -> Kept:
        as_of_ms = self.clock()
        try:
            value = await self._tried(
                name_of(call), lambda: self._bank.read(*whose, call), self.patience.read_ms
            )
        finally:
            del known.flights[body]
        kept = Kept(value, as_of_ms)
        known.keep(body, kept)
        return kept

    async def _tried(
        self, tool: str, ask: Callable[[], Awaitable[T]], ms: int, *, is_whole: bool = True
    ) -> T:
        """Within so many milliseconds. `is_whole`: whoever needs more is at fault.

        Raises BankAway, BankRefused.
        """
        breaker = self._breakers[tool]
        deadline_ms.set(self.clock() + ms)
        try:
            async with asyncio.timeout(ms / 1000):
                answer = await ask()
        except BankRefused:
            breaker.succeeded()
            raise
        except TimeoutError:
            if is_whole:
                breaker.failed(self.clock())
            raise BankAway(f"no answer within {ms} ms") from None
        except BankAway:
            breaker.failed(self.clock())
            raise
        except Exception as error:
            # Whatever an adapter of somebody else's raises, a turn has to end well.
            log_failure(logger, "a tool broke", error, tool=tool)
            breaker.failed(self.clock())
            raise BankAway(type(error).__name__) from None
        else:
            breaker.succeeded()
            return answer
        finally:
            self._show(tool)

    def _landed(self, flight: asyncio.Task[Kept]) -> None:
        self._flights.discard(flight)
        if not flight.cancelled():
            # Nobody may have waited to the end.
            flight.exception()

    def _show(self, tool: str) -> None:
        is_open = self._breakers[tool].state != "closed"
        self._metrics.put("groundswell_bank_breaker_open", int(is_open), tool)
