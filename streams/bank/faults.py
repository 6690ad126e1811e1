"""Trouble on demand, for the demo and for tests: any bank made slow, wrong or dead."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from random import Random
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from agents.assistant.bank import CoreBank, Found
from agents.assistant.errors import BankAway
from schemas.tools import Call, ReadCall, Receipt, WriteCall
from streams.bank.calls import name_of

EVERY = "*"
_HANGS_S = 60.0
"""Longer than anybody waits."""
T = TypeVar("T")
Share = Annotated[float, Meta(ge=0, le=1)]


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of one tool. `errors`: share of calls that fail before they have begun, `lost`: whose answer
    is lost after the effect. `dies`: the process is killed between the effect and the answer.
    """

    delay_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    errors: Share = 0.0
    lost: Share = 0.0
    hangs: bool = False
    dies: bool = False


class FaultyBank:
    """A CoreBank around another one; `faults` by name of the tool, `*` for all others."""

    def __init__(self, bank: CoreBank, luck: Random) -> None:
        self.faults: dict[str, Fault] = {}
        self._bank = bank
        self._luck = luck

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:
        """As the bank does, or not."""
        return await self._troubled(call, lambda: self._bank.read(tenant, customer, call))

    async def write(self, tenant: str, customer: str, call: WriteCall, key: str) -> Receipt:
        """As the bank does, or not."""
        return await self._troubled(call, lambda: self._bank.write(tenant, customer, call, key))

    async def _troubled(self, call: Call, ask: Callable[[], Awaitable[T]]) -> T:
        name = name_of(call)
        fault = self.faults.get(name) or self.faults.get(EVERY) or Fault()
        if fault.hangs:
            await asyncio.sleep(_HANGS_S)
            raise BankAway("it hung, as asked for")
        if fault.delay_ms:
            await asyncio.sleep(fault.delay_ms / 1000)
        if self._luck.random() < fault.errors:
            raise BankAway("a fault was asked for")
        answer = await ask()
        if fault.dies:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._luck.random() < fault.lost:
            raise BankAway("the answer was lost, as asked for")
        return answer
