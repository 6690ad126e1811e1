"""A bank with something wrong: the faults of a script, and small ones by chance."""

import asyncio
import random
from collections import Counter

import msgspec

from agents.assistant.bank import CoreBank, Found
from agents.assistant.errors import BankAway, BankRefused
from schemas.tools import ReadCall, Receipt, WriteCall
from streams.evaluation.dialogues.script import Fault

_SLOW_SECONDS = 3.0
_JITTER_SECONDS = 0.015
_FIRST_CALLS = 8
"""By chance, one of so many first calls fails once."""


class ShakenBank:
    """A CoreBank before another.

    `turn` is the number of the turn that is being answered, from 1; `sent`: by key, in which one a
    write was first sent, also if nobody waited for what came of it. With `chance`, calls take
    longer or shorter and one of the first fails, before or after its effect.
    """

    def __init__(
        self, bank: CoreBank, faults: list[Fault], chance: random.Random | None = None
    ) -> None:
        self._bank = bank
        self._faults = faults
        self._chance = chance
        self._calls = 0
        self._fails_at = chance.randrange(_FIRST_CALLS) if chance else -1
        self._fails_after = bool(chance and chance.random() < 0.5)
        self._fired: Counter[int] = Counter()
        self.turn = 0
        self.sent: dict[str, int] = {}

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:
        """As the bank. Raises BankAway, BankRefused."""
        await self._before(_tool(call), ("lost", "unknown"))
        if self._stumbles():
            raise BankAway("by chance")
        return await self._bank.read(tenant, customer, call)

    async def write(self, tenant: str, customer: str, call: WriteCall, key: str) -> Receipt:
        """As the bank. Raises BankAway, BankRefused."""
        tool = _tool(call)
        await self._before(tool, ("lost", "unknown"))
        stumbles = self._stumbles()
        if stumbles and not self._fails_after:
            raise BankAway("by chance")
        self.sent.setdefault(key, self.turn)
        receipt = await self._bank.write(tenant, customer, call, key)
        if stumbles or self._loses(tool):
            raise BankAway("the answer is lost")
        return receipt

    async def _before(self, tool: str, later: tuple[str, ...]) -> None:
        if self._chance:
            await asyncio.sleep(self._chance.random() * _JITTER_SECONDS)
        for number, fault in self._now(tool):
            if fault.kind in later:
                continue
            self._fired[number] += 1
            if fault.kind == "slow":
                await asyncio.sleep(_SLOW_SECONDS)
            elif fault.kind == "refused":
                raise BankRefused(fault.code)
            elif fault.kind == "dead":
                raise BankAway(fault.kind, sent=False)
            elif self._fired[number] == 1:
                raise BankAway(fault.kind)

    def _loses(self, tool: str) -> bool:
        for number, fault in self._now(tool):
            if fault.kind in ("lost", "unknown"):
                self._fired[number] += 1
                return fault.kind == "unknown" or self._fired[number] == 1
        return False

    def _now(self, tool: str) -> list[tuple[int, Fault]]:
        return [
            (number, fault)
            for number, fault in enumerate(self._faults)
            if fault.tool in (tool, "*") and fault.since <= self.turn <= fault.until
        ]

    def _stumbles(self) -> bool:
        self._calls += 1
        return self._calls - 1 == self._fails_at


def _tool(call: ReadCall | WriteCall) -> str:
    return str(msgspec.to_builtins(call)["tool"])
