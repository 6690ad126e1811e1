"""The tools of a turn: the bank of one person, in time or not at all."""

import asyncio
import time
from collections import defaultdict
from typing import NamedTuple

from agents.assistant.errors import BankAway, BankRefused
from agents.assistant.tools import Done, Failed, Fetched
from schemas.tools import Call, ReadCall, Receipt, WriteCall
from streams import spans
from streams.bank.calls import canonical, check_key, name_of
from streams.bank.memory import Kept
from streams.bank.tools import Tools

_ATTEMPTS = 2
_PAUSE_S = 0.02
_LEAST_READ_MS = 15
_LEAST_WRITE_MS = 50
"""With less time left nothing is begun."""
Outcome = Fetched | Done | Failed


class Called(NamedTuple):
    """A call and what came of it: `ok`, `stale`, or why it failed; for audits and figures."""

    tool: str
    outcome: str
    ms: float
    key: str = ""
    receipt: Receipt | None = None


class BankToolbox:
    """A Toolbox of one turn. `deadline_ms`: when the turn must have its answer, epoch.

    `spent`: milliseconds by tool. `called`: every call, in order.
    """

    def __init__(self, tools: Tools, tenant: str, customer: str, deadline_ms: int) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.called: list[Called] = []
        self._tools = tools
        self._whose = (tenant, customer)
        self._deadline_ms = deadline_ms
        self._begun_ms = tools.clock()

    async def read(self, call: ReadCall) -> Fetched | Failed:
        """Facts of this person, at most once a turn from the bank unless something was written."""
        begun = time.perf_counter()
        with spans.tool(name_of(call)) as span:
            try:
                found = await self._read(call, canonical(call))
            except BankRefused as error:
                found = Failed("refused", error.code)
            span.set_attribute("groundswell.outcome", self._note(call, found, begun))
        return found

    async def write(self, call: WriteCall, key: str) -> Done | Failed:
        """An effect the person has confirmed."""
        begun = time.perf_counter()
        with spans.tool(name_of(call)) as span:
            try:
                canonical(call)
                check_key(key)
                found = await self._write(call, key)
            except BankRefused as error:
                found = Failed("refused", error.code)
            span.set_attribute("groundswell.outcome", self._note(call, found, begun, key))
        return found

    async def _read(self, call: ReadCall, body: bytes) -> Fetched | Failed:
        kept = self._kept(body)
        if kept is not None and kept.as_of_ms >= self._begun_ms:
            return Fetched(*kept)
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(min(_PAUSE_S, self._left_ms() / 1000))
            flight = self._flight(call, body)
            if flight is None:
                break
            try:
                # Others may wait for it too, and later it is remembered.
                async with asyncio.timeout(self._left_ms() / 1000):
                    return Fetched(*await asyncio.shield(flight))
            except (BankAway, TimeoutError):
                continue
        # Another turn of this person may have written something meanwhile.
        kept = self._kept(body)
        if kept is None or self._tools.clock() - kept.as_of_ms > self._tools.patience.stale_ms:
            return Failed("away")
        return Fetched(*kept, stale=True)

    def _kept(self, body: bytes) -> Kept | None:
        return self._tools.memory.of(self._whose).get(body)

    def _flight(self, call: ReadCall, body: bytes) -> asyncio.Task[Kept] | None:
        """The read that is on its way already, or a new one; None: it is of no use."""
        if self._left_ms() < _LEAST_READ_MS:
            return None
        known = self._tools.memory.of(self._whose)
        return known.flights.get(body) or self._tools.fly(self._whose, call, body, known)

    async def _write(self, call: WriteCall, key: str) -> Done | Failed:
        may_be_done = False
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(min(_PAUSE_S, self._left_ms() / 1000))
            if self._left_ms() < _LEAST_WRITE_MS or not self._tools.allows(name_of(call)):
                break
            try:
                return Done(await self._tools.send(self._whose, call, key, self._left_ms()))
            except BankAway as error:
                may_be_done |= error.sent
        return Failed("unknown" if may_be_done else "away")

    def _left_ms(self) -> int:
        return max(0, self._deadline_ms - self._tools.clock())

    def _note(self, call: Call, found: Outcome, begun: float, key: str = "") -> str:
        name, ms = name_of(call), (time.perf_counter() - begun) * 1000
        receipt = found.receipt if isinstance(found, Done) else None
        outcome: str
        match found:
            case Failed():
                outcome = found.why
            case Fetched(stale=True):
                outcome = "stale"
            case _:
                outcome = "ok"
        self.spent[name] += ms
        self.called.append(Called(name, outcome, ms, key, receipt))
        self._tools.count(name, outcome, ms)
        return outcome
