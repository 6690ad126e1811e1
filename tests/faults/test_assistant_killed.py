"""The real assistant under fire: sixty customers, two workers that are killed, a bank that fails.

Every turn is answered in the end, every write happens once, and all of it is on record.
"""

import asyncio
import sqlite3
import time
from collections import Counter as Tally
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from agents.assistant.policy import needs_strong
from schemas.conduct import AuditRecord
from schemas.tools import WriteCall
from schemas.topics import AUDIT
from schemas.turns import Reply
from streams.bank.faults import Fault
from streams.evaluation.dialogues.customer import Customer, Doing
from streams.evaluation.dialogues.loading import scripts
from streams.evaluation.dialogues.script import Script
from tests.support.branch import Branch, nothing, open_branch
from tests.support.workers import WorkerProcess

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(500)]
PEOPLE, KILLS = 60, 5
_BETWEEN_KILLS = 5.0
_APART, _THINKING = 1.3, 2.0
"""Seconds: people come one after the other, so that there are writes at all times."""
_ANSWERED = 150.0
"""Seconds within which a turn must be answered: Kafka takes up to 45 to notice a death."""
_FAULTS = {"*": Fault(delay_ms=20, errors=0.04), "open_ticket": Fault(delay_ms=60, lost=0.15)}
_UNLIMITED = {"gateway_user_turns": 100_000, "gateway_tenant_turns": 100_000}
_call: msgspec.json.Decoder[WriteCall] = msgspec.json.Decoder(WriteCall)


def _crowd() -> list[Script]:
    """Scripts without faults of their own, those that write twice, by two people at once."""
    fit = [
        one
        for one in scripts()
        if not one.held_out
        and not one.faults
        and one.tenant == "demo"
        and not any(move.wait for move in one.moves)
    ]
    writing = [one for one in fit if one.expect.effects]
    return (2 * writing + [one for one in fit if not one.expect.effects])[:PEOPLE]


class _Person:
    """Goes through a script; every turn is sent again, with its id, until it is answered."""

    def __init__(self, number: int, script: Script, branch: Branch) -> None:
        self._number = number
        self._branch = branch
        self._customer = Customer(script, datetime.now().date())
        self.user = script.customer
        self.session = ""
        self.replies: list[Reply] = []
        self.sent = 0

    async def talk(self) -> None:
        await asyncio.sleep(self._number * _APART)
        reply: Reply | None = None
        while doing := self._customer.next(reply):
            reply = await self.say(doing)
            await asyncio.sleep(_THINKING)

    async def say(self, doing: Doing) -> Reply:
        said = {"text": doing.text} if not doing.choice else {"choice": doing.choice}
        said["turn"] = f"p{self._number}-{len(self.replies)}"
        if self.session:
            said["session"] = self.session
        until = time.monotonic() + _ANSWERED
        while time.monotonic() < until:
            self.sent += 1
            status, body = await self._try(said, doing.strong)
            assert status not in (400, 401, 403, 404), body
            if status == 200 and body.get("status", "answered") in ("answered", "duplicate"):
                reply = msgspec.convert({**body, "type": "reply"}, Reply)
                self.session = reply.session
                self.replies.append(reply)
                return reply
            await asyncio.sleep(0.3)
        raise AssertionError(f"not answered: {said}, but {status}: {body}")

    async def _try(self, said: dict[str, str], strong: bool) -> tuple[int, dict[str, Any]]:
        try:
            return await self._branch.say(self.user, strong=strong, **said)
        except aiohttp.ClientError:
            return 0, {}


def test_sixty_customers_while_workers_are_killed(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    asyncio.run(_fire(bootstrap, prefix, tmp_path))


async def _fire(bootstrap: str, prefix: str, folder: Path) -> None:
    async with open_branch(bootstrap, prefix, folder, workers=2, **_UNLIMITED) as branch:
        branch.faulty.faults = _FAULTS
        people = [_Person(n, script, branch) for n, script in enumerate(_crowd())]
        assert len(people) == PEOPLE
        killing = asyncio.create_task(_kill(branch))
        await asyncio.gather(*(one.talk() for one in people))
        struck = await killing
        branch.faulty.faults = {}
        # Whatever is open still is cleared up before anything else is said.
        await asyncio.gather(*(one.say(Doing(0, text="谢谢")) for one in people))
        _once(branch, people)
        _on_record(branch)
        tries = sum(one.sent for one in people)
        turns = sum(len(one.replies) for one in people)
        writes = _writes(branch)[1]
        print(f"{struck} of {KILLS} kills within a write")
        print(f"{turns} turns in {tries} tries, {writes} writes")
        assert struck > 0
        assert tries > turns


async def _kill(branch: Branch) -> int:
    """Kills a worker, or both, between an effect and its answer, and starts others; how often."""
    struck = 0
    for kill in range(KILLS):
        await asyncio.sleep(_BETWEEN_KILLS)
        alive = [one for one in branch.counter.workers.all if one.exit_code is None]
        doomed = alive if kill % 2 else alive[kill % len(alive) :][:1]
        wrote = asyncio.Event()

        def strike(doomed: Sequence[WorkerProcess] = doomed, wrote: asyncio.Event = wrote) -> None:
            branch.watched.after_write = nothing
            for one in doomed:
                one.kill()
            wrote.set()

        branch.watched.after_write = strike
        with suppress(TimeoutError):
            await asyncio.wait_for(wrote.wait(), _BETWEEN_KILLS)
        struck += wrote.is_set()
        strike()
        for one in [branch.worker() for _ in doomed]:
            await asyncio.to_thread(one.wait_started)
    return struck


def _writes(branch: Branch) -> tuple[dict[str, tuple[str, WriteCall]], int]:
    """Who wrote what, by key, as the bank has it."""
    with closing(sqlite3.connect(branch.file)) as db:
        rows = db.execute("SELECT key, customer, call FROM writes").fetchall()
    return {key: (customer, _call.decode(call)) for key, customer, call in rows}, len(rows)


def _once(branch: Branch, people: Sequence[_Person]) -> None:
    """The receipts that people saw are the writes of the bank, each with one effect."""
    writes, _ = _writes(branch)
    seen = {
        action.receipt.key: one.user
        for one in people
        for reply in one.replies
        for action in reply.actions
        if action.receipt is not None
    }
    assert seen == {key: customer for key, (customer, _) in writes.items()}
    assert len(seen) > PEOPLE / 4
    tools = Tally(str(call.__struct_config__.tag) for _, call in writes.values())
    with closing(sqlite3.connect(branch.file)) as db:
        for table, tool in (("tickets", "open_ticket"), ("call_backs", "call_back")):
            (rows,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert rows == tools[tool], tool
    references = {receipt.key: receipt.reference for receipt in branch.watched.receipts}
    for receipt in branch.watched.receipts:
        assert receipt.reference == references[receipt.key], "the first receipt, every time"
    assert any(receipt.repeated for receipt in branch.watched.receipts)


def _on_record(branch: Branch) -> None:
    """Each effect was proposed, confirmed and done, by the same person, for the auditors."""
    steps: dict[str, set[str]] = {}
    records = [
        msgspec.json.decode(one.value() or b"", type=AuditRecord)
        for one in branch.counter.read(AUDIT)
    ]
    for record in records:
        steps.setdefault(record.key, set()).add(record.step)
    writes, _ = _writes(branch)
    for key, (customer, call) in writes.items():
        wanted = {"proposed", "confirmed", "done"}
        wanted |= {"stepped_up"} if needs_strong(call) else set()
        assert wanted <= steps.get(key, set()), (key, call, steps.get(key))
        assert {one.user for one in records if one.key == key} == {customer}
    done = {key for key, had in steps.items() if "done" in had}
    assert done == writes.keys(), "nothing is on record that did not happen"
