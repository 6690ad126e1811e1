"""Nobody reaches what is somebody else's: tried with every call."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agents.assistant.bank import CoreBank
from agents.assistant.errors import BankRefused
from schemas.tools import (
    CallBack,
    FreezeCard,
    ListAccounts,
    ListCards,
    ListTransactions,
    OpenTicket,
    RaiseLimit,
    ReadCall,
    ReadLimits,
    ReadOrder,
    ReadProfile,
    UnbindCard,
    WriteCall,
)
from streams.bank.embedded import EmbeddedBank
from streams.bank.inside import customers, state
from streams.bank.seed import seed
from tests.support.banking import DEMO, NOW_MS, Clock, Kind, code_of, opened

ME = "c-0001"
TRICKS = (
    "%",
    "*",
    "_",
    "k-0002%",
    "' OR '1'='1",
    "k-0002-1' --",
    '"; DROP TABLE cards; --',
    "k-0001-1/../../cards",
    "..",
    ".",
    "../k-0002-1",
    "%2e%2e",
    "k-0002-1\0",
    "K-0002-1",
    " k-0002-1",
    "ｋ-0002-1",
    "卡",
    "\ud800",
    "k-0002-1?x=1",
    "k-0002-1#",
    "x" * 65,
    "\r\nGroundswell-Customer: c-0002",
)


def naming(found: str) -> Iterator[ReadCall | WriteCall]:
    """Every call that names something."""
    yield ListTransactions(account=found)
    yield ReadLimits(card=found)
    yield ReadOrder(order=found)
    yield UnbindCard(card=found, service="wechat")
    yield FreezeCard(card=found, reason="lost")
    yield RaiseLimit(card=found, kind="cash", amount=30_000_00, days=1)
    yield OpenTicket(topic="dispute", text="", about=found)


async def asked(bank: CoreBank, tenant: str, customer: str, call: Any) -> object:
    if isinstance(call, ReadCall):
        return await bank.read(tenant, customer, call)
    return await bank.write(tenant, customer, call, "key-1")


def all_ids() -> Iterator[str]:
    for _, person in seed(NOW_MS):
        if person.id != ME:
            for table in (person.accounts, person.cards, person.transactions, person.orders):
                yield from (one.id for one in table)


@pytest.mark.parametrize("kind", ["embedded", "http"])
def test_every_id_of_everybody_else_is_not_found(kind: Kind, tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"
    step = 1 if kind == "embedded" else 5

    async def run() -> None:
        async with opened(kind, file, Clock()) as bank:
            before = state(file)
            tried = 0
            for found in sorted(set(all_ids()))[::step]:
                for call in naming(found):
                    with pytest.raises(BankRefused) as refused:
                        await asked(bank, DEMO, ME, call)
                    assert (refused.value.code, refused.value.detail) == ("not_found", "")
                    tried += 1
            assert tried > 300
            assert state(file) == before

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["embedded", "http"])
def test_tricks_are_not_found(kind: Kind, tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"

    async def run() -> None:
        async with opened(kind, file, Clock()) as bank:
            before = state(file)
            for trick in TRICKS:
                for call in naming(trick):
                    # Half a character is no text at all.
                    code = "invalid" if trick == "\ud800" else "not_found"
                    assert await code_of(asked(bank, DEMO, ME, call)) == code, (trick, call)
            assert await code_of(bank.read(DEMO, ME, ReadLimits(card=""))) == "not_found"
            assert state(file) == before

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["embedded", "http"])
def test_who_is_no_customer_of_the_tenant_has_nothing(kind: Kind, tmp_path: Path) -> None:
    calls: tuple[ReadCall | WriteCall, ...] = (
        ReadProfile(),
        ListAccounts(),
        ListCards(),
        ListTransactions(),
        OpenTicket(topic="complaint", text=""),
        CallBack(window="now"),
        *naming("k-0001-1"),
    )
    strangers = (
        (DEMO, ""),
        (DEMO, "%"),
        (DEMO, "c-9999"),
        (DEMO, "C-0001"),
        (DEMO, "c-0001\r\nx: y"),
        (DEMO, "c-0001\0"),
        (DEMO, "\ud800"),
        (DEMO, "' OR 1=1 --"),
        ("", ME),
        ("*", ME),
        ("demo ", ME),
        ("other", "c-0012"),
        ("演示", ME),
    )

    async def run() -> None:
        async with opened(kind, tmp_path / "bank.sqlite", Clock()) as bank:
            for tenant, customer in strangers:
                for call in calls:
                    code = await code_of(asked(bank, tenant, customer, call))
                    assert code == "not_found", (tenant, customer, call)

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["embedded", "http"])
def test_the_same_id_in_two_tenants_is_two_people(kind: Kind, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(kind, tmp_path / "bank.sqlite", Clock()) as bank:
            for call in (ReadProfile(), ListAccounts(), ListCards(), ListTransactions()):
                mine = await bank.read(DEMO, ME, call)
                theirs = await bank.read("other", ME, call)
                assert mine != theirs
            await bank.write("other", ME, FreezeCard(card="k-0001-1", reason="lost"), "key-1")
            cards = await bank.read(DEMO, ME, ListCards())
            assert isinstance(cards, tuple)
            assert [getattr(card, "status", "") for card in cards] == ["active"] * 3

    asyncio.run(run())


def test_nothing_anybody_reads_names_somebody_else(tmp_path: Path) -> None:
    async def run() -> None:
        async with opened("embedded", file := tmp_path / "bank.sqlite", Clock()) as bank:
            for tenant, customer, _ in customers(file):
                for call in (ReadProfile(), ListAccounts(), ListCards(), ListTransactions(days=90)):
                    said = msgspec.json.encode(await bank.read(tenant, customer, call)).decode()
                    own = customer.removeprefix("c-")
                    for letter in "atko":
                        others = said.replace(f'"{letter}-{own}-', "")
                        assert f'"{letter}-0' not in others

    asyncio.run(run())


def test_the_work_does_not_tell_whether_it_exists(tmp_path: Path) -> None:
    """Steps of SQLite for what is somebody else's and for what nobody has."""

    async def run() -> list[int]:
        async with opened("embedded", tmp_path / "bank.sqlite", Clock()) as bank:
            assert isinstance(bank, EmbeddedBank)
            assert not await code_of(bank.read(DEMO, ME, ReadProfile()))
            assert bank._reading is not None
            steps: list[int] = []

            def step() -> int:
                steps[-1] += 1
                return 0

            bank._reading.set_progress_handler(step, 1)
            for card in ("k-0002-1", "k-9992-1"):
                steps.append(0)
                assert await code_of(bank.read(DEMO, ME, ReadLimits(card=card)))
            return steps

    theirs, nobodys = asyncio.run(run())
    assert theirs == nobodys > 0
