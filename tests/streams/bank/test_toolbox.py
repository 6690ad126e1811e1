"""The tools of a turn before a bank that is slow, wrong, dead or hanging."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agents.assistant.bank import Found
from agents.assistant.errors import BankAway
from agents.assistant.tools import Done, Failed, Fetched, Toolbox
from schemas.tools import (
    CallBack,
    FreezeCard,
    ListAccounts,
    ListCards,
    Profile,
    ReadCall,
    ReadLimits,
    ReadProfile,
    Receipt,
    UnbindCard,
)
from streams.bank.embedded import EmbeddedBank
from streams.bank.faults import Fault, FaultyBank
from streams.bank.inside import state
from streams.bank.memory import MOST_CUSTOMERS, MOST_FACTS, Kept, Known, Memory
from streams.bank.toolbox import BankToolbox
from streams.bank.tools import REST_MS, Patience, Tools
from streams.metrics import Metrics
from tests.support.banking import DEMO, Clock

QUICK = Patience(60, 90)
UNBIND = UnbindCard(card="k-0001-1", service="wechat")


class Bench:
    """Tools over the demo's bank with switches, and its time."""

    def __init__(self, bank: FaultyBank, tools: Tools, clock: Clock, metrics: Metrics) -> None:
        self.bank = bank
        self.tools = tools
        self.clock = clock
        self.metrics = metrics

    def turn(self, left_ms: int = 2_000, customer: str = "c-0001") -> BankToolbox:
        """A new turn, a millisecond after the last."""
        self.clock.now_ms += 1
        return BankToolbox(self.tools, DEMO, customer, self.clock.now_ms + left_ms)

    def fault(self, tool: str = "*", **fault: Any) -> None:
        self.bank.faults = {tool: Fault(**fault)} if fault else {}


def bench(file: Path, body: Callable[[Bench], Awaitable[None]], patience: Patience = QUICK) -> None:
    async def run() -> None:
        async with opened(file, patience) as one:
            await body(one)

    asyncio.run(run())


@asynccontextmanager
async def opened(file: Path, patience: Patience = QUICK) -> AsyncIterator[Bench]:
    clock, metrics = Clock(), Metrics()
    bank = EmbeddedBank(file, clock)
    faulty = FaultyBank(bank, Random(1))
    tools = Tools(faulty, clock, metrics, patience)
    yield Bench(faulty, tools, clock, metrics)
    await tools.close()
    await bank.close()


class Counting:
    """A bank that counts, and answers when it is told to."""

    def __init__(self) -> None:
        self.reads = 0
        self.writes: list[str] = []
        self.may_answer = asyncio.Event()
        self.raises: list[Exception] = []

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:  # noqa: ARG002
        self.reads += 1
        n = self.reads
        await self.may_answer.wait()
        if self.raises:
            raise self.raises.pop(0)
        return Profile(f"{tenant} {customer} {n}", "", "")

    async def write(self, *asked: object) -> Receipt:
        key = str(asked[-1])
        self.writes.append(key)
        await self.may_answer.wait()
        if self.raises:
            raise self.raises.pop(0)
        return Receipt(key, "call_back", "CB-1", "2026-11-20T03:00:00.000Z")


def counting(body: Callable[[Counting, Tools, Clock], Awaitable[None]]) -> None:
    async def run() -> None:
        bank, clock = Counting(), Clock()
        tools = Tools(bank, clock, Metrics(), Patience(500, 500))
        await body(bank, tools, clock)
        await tools.close()

    asyncio.run(run())


def test_facts_and_effects(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        turn = bench.turn()
        tools: Toolbox = turn
        found = await tools.read(ListCards())
        assert isinstance(found, Fetched)
        assert (found.as_of_ms, found.stale) == (bench.clock.now_ms, False)
        done = await turn.write(UNBIND, "key-1")
        assert isinstance(done, Done)
        assert done.receipt.tool == "unbind_card"
        assert set(turn.spent) == {"cards", "unbind_card"}
        assert [(one.tool, one.outcome, one.key) for one in turn.called] == [
            ("cards", "ok", ""),
            ("unbind_card", "ok", "key-1"),
        ]

    bench(tmp_path / "bank.sqlite", body)


def test_a_no_is_a_no(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        turn = bench.turn()
        for card in ("k-0002-1", "k-9999-1", "%", ""):
            assert await turn.read(ReadLimits(card=card)) == Failed("refused", "not_found")
        call = UnbindCard(card="k-0001-1", service="paypal")
        assert await turn.write(call, "key-1") == Failed("refused", "wrong_state")
        assert await turn.write(UNBIND, "not a key") == Failed("refused", "invalid")
        for _ in range(30):
            await bench.turn().read(ReadLimits(card="k-0002-1"))
        assert isinstance(await turn.read(ReadLimits(card="k-0001-1")), Fetched), "no breaker"

    bench(tmp_path / "bank.sqlite", body)


def test_a_hanging_tool_costs_a_bounded_time(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.fault("cards", hangs=True)
        turn = bench.turn()
        async with asyncio.timeout(10):
            assert await turn.read(ListCards()) == Failed("away")
        assert isinstance(await turn.read(ListAccounts()), Fetched), "the others answer"

    bench(tmp_path / "bank.sqlite", body)


def test_never_past_the_deadline(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.fault("*", hangs=True)
        async with asyncio.timeout(10):
            assert await bench.turn(left_ms=20).read(ListCards()) == Failed("away")
            assert await bench.turn(left_ms=10).read(ListAccounts()) == Failed("away")
            assert await bench.turn(left_ms=-5).write(UNBIND, "key-1") == Failed("away")
            assert await bench.turn(left_ms=40).write(UNBIND, "key-1") == Failed("away")

    bench(tmp_path / "bank.sqlite", body, Patience(60_000, 60_000))


def test_a_read_is_tried_again_once() -> None:
    async def body(bank: Counting, tools: Tools, clock: Clock) -> None:
        bank.may_answer.set()
        bank.raises = [BankAway("once")]
        turn = BankToolbox(tools, DEMO, "c", clock() + 2_000)
        assert isinstance(await turn.read(ReadProfile()), Fetched)
        assert bank.reads == 2
        clock.now_ms += 1
        bank.raises = [BankAway("1"), BankAway("2"), BankAway("3")]
        turn = BankToolbox(tools, DEMO, "d", clock() + 2_000)
        assert await turn.read(ReadProfile()) == Failed("away")
        assert bank.reads == 4

    counting(body)


def test_stale_facts_say_so_and_how_old_they_are(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        first = await bench.turn().read(ListCards())
        assert isinstance(first, Fetched)
        bench.fault("cards", errors=1.0)
        bench.clock.now_ms += 60_000
        found = await bench.turn().read(ListCards())
        assert found == Fetched(first.value, first.as_of_ms, stale=True)
        assert await bench.turn(customer="c-0002").read(ListCards()) == Failed("away")
        bench.clock.now_ms += QUICK.stale_ms
        assert await bench.turn().read(ListCards()) == Failed("away"), "too old"

    bench(tmp_path / "bank.sqlite", body)


def test_within_a_turn_a_fact_is_read_once_unless_something_is_written() -> None:
    async def body(bank: Counting, tools: Tools, clock: Clock) -> None:
        bank.may_answer.set()
        turn = BankToolbox(tools, DEMO, "c", clock() + 2_000)
        assert await turn.read(ReadProfile()) == await turn.read(ReadProfile())
        assert bank.reads == 1
        await turn.write(CallBack(window="now"), "key-1")
        await turn.read(ReadProfile())
        assert bank.reads == 2
        clock.now_ms += 1
        await BankToolbox(tools, DEMO, "c", clock() + 2_000).read(ReadProfile())
        assert bank.reads == 3, "the next turn asks anew"

    counting(body)


def test_equal_reads_at_once_are_one() -> None:
    async def body(bank: Counting, tools: Tools, clock: Clock) -> None:
        def ask(customer: str, left_ms: int = 2_000) -> asyncio.Task[Fetched | Failed]:
            turn = BankToolbox(tools, DEMO, customer, clock() + left_ms)
            return asyncio.create_task(turn.read(ReadProfile()))

        many = [ask("c") for _ in range(10)]
        other, hasty = ask("d"), ask("c", 20)
        given_up = ask("c")
        await asyncio.sleep(0)
        given_up.cancel()
        assert await hasty == Failed("away"), "its own deadline"
        bank.may_answer.set()
        found = await asyncio.gather(*many)
        assert len({one.value.name for one in found}) == 1  # type: ignore[union-attr]
        assert (await other).value.name.startswith("demo d")  # type: ignore[union-attr]
        assert bank.reads == 2

    counting(body)


def test_a_read_from_before_a_write_is_neither_joined_nor_kept() -> None:
    async def body(bank: Counting, tools: Tools, clock: Clock) -> None:
        early = asyncio.create_task(
            BankToolbox(tools, DEMO, "c", clock() + 2_000).read(ReadProfile())
        )
        await asyncio.sleep(0)
        writing = asyncio.create_task(
            BankToolbox(tools, DEMO, "c", clock() + 2_000).write(CallBack(window="now"), "key-1")
        )
        await asyncio.sleep(0)
        bank.may_answer.set()
        assert isinstance(await writing, Done)
        late = BankToolbox(tools, DEMO, "c", clock() + 2_000)
        assert (await late.read(ReadProfile())).value.name == "demo c 2"  # type: ignore[union-attr]
        assert (await early).value.name == "demo c 1"  # type: ignore[union-attr]
        assert (await late.read(ReadProfile())).value.name == "demo c 2"  # type: ignore[union-attr]

    counting(body)


def test_a_write_is_repeated_with_its_key_and_has_one_effect(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"

    async def body(bench: Bench) -> None:
        bench.fault("freeze_card", lost=1.0)
        call = FreezeCard(card="k-0001-1", reason="temporary")
        assert await bench.turn().write(call, "key-1") == Failed("unknown")
        bench.fault()
        done = await bench.turn().write(call, "key-1")
        assert isinstance(done, Done)
        assert done.receipt.repeated

    bench(file, body)
    assert len(state(file)["writes"]) == 1


def test_what_became_of_a_write() -> None:
    async def body(bank: Counting, tools: Tools, clock: Clock) -> None:
        bank.may_answer.set()
        never, lost = BankAway("no connection", sent=False), BankAway("no answer")
        for raised, outcome in (
            ([never, never], "away"),
            ([never, lost], "unknown"),
            ([lost, never], "unknown"),
            ([KeyError("personal"), lost], "unknown"),
        ):
            tools = Tools(bank, clock, Metrics(), QUICK)
            bank.raises = list(raised)
            turn = BankToolbox(tools, DEMO, "c", clock() + 2_000)
            assert await turn.write(CallBack(window="now"), "key-1") == Failed(outcome)  # type: ignore[arg-type]
        assert set(bank.writes) == {"key-1"}
        assert len(bank.writes) == 8

    counting(body)


def test_a_hanging_write_is_unknown_in_time(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.fault("*", hangs=True)
        async with asyncio.timeout(10):
            assert await bench.turn().write(UNBIND, "key-1") == Failed("unknown")

    bench(tmp_path / "bank.sqlite", body)


def test_what_an_adapter_raises_ends_no_turn(caplog: pytest.LogCaptureFixture) -> None:
    async def body(bank: Counting, tools: Tools, clock: Clock) -> None:
        bank.may_answer.set()
        bank.raises = [KeyError("13812341234"), ValueError("13812341234")]
        turn = BankToolbox(tools, DEMO, "c", clock() + 2_000)
        assert await turn.read(ReadProfile()) == Failed("away")

    counting(body)
    assert "a tool broke" in caplog.text
    assert "13812341234" not in caplog.text
    assert all("13812341234" not in str(vars(record)) for record in caplog.records)


def test_a_broken_tool_is_left_alone_and_tried_again_by_one(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.fault("cards", hangs=True)
        for _ in range(3):
            assert await bench.turn().read(ListCards()) == Failed("away")
        assert shown(bench.metrics, "groundswell_bank_breaker_open", tool="cards") == 1
        assert isinstance(await bench.turn().read(ListAccounts()), Fetched)
        bench.fault()
        assert await bench.turn().read(ListCards()) == Failed("away"), "it is not asked"
        bench.clock.now_ms += REST_MS
        assert isinstance(await bench.turn().read(ListCards()), Fetched)
        assert shown(bench.metrics, "groundswell_bank_breaker_open", tool="cards") == 0

    bench(tmp_path / "bank.sqlite", body)


def test_turns_in_a_hurry_open_no_breaker(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        bench.fault("*", delay_ms=70)
        for _ in range(8):
            assert await bench.turn(left_ms=55).write(UNBIND, "key-1") == Failed("unknown")
        bench.fault()
        assert isinstance(await bench.turn().write(UNBIND, "key-1"), Done)

    bench(tmp_path / "bank.sqlite", body)


def test_an_open_breaker_sends_no_write(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"

    async def body(bench: Bench) -> None:
        bench.fault("unbind_card", errors=1.0)
        for _ in range(3):
            await bench.turn().write(UNBIND, "key-1")
        bench.fault()
        assert await bench.turn().write(UNBIND, "key-1") == Failed("away")

    bench(file, body)
    assert state(file)["writes"] == []


def test_every_call_is_counted(tmp_path: Path) -> None:
    async def body(bench: Bench) -> None:
        await bench.turn().read(ListCards())
        await bench.turn().read(ReadLimits(card="k-0002-1"))
        name = "groundswell_bank_seconds_count"
        assert shown(bench.metrics, name, tool="cards", outcome="ok") == 1
        assert shown(bench.metrics, name, tool="limits", outcome="refused") == 1

    bench(tmp_path / "bank.sqlite", body)


def test_memory_is_bounded() -> None:
    memory = Memory()
    for n in range(MOST_CUSTOMERS + 10):
        memory.of((DEMO, f"c-{n}"))
    assert len(memory) == MOST_CUSTOMERS
    known = Known()
    for n in range(MOST_FACTS + 1):
        known.keep(b"%d" % n, Kept((), n))
    assert known.get(b"0") is None
    assert known.get(b"1") == Kept((), 1)


def shown(metrics: Metrics, name: str, **labels: str) -> float:
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0.0
