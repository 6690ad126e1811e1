"""What every bank keeps to: the embedded one, and the same one behind HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agents.assistant.bank import CoreBank
from schemas.tools import (
    CallBack,
    Card,
    FreezeCard,
    Limit,
    ListAccounts,
    ListCards,
    ListTransactions,
    OpenTicket,
    Order,
    Profile,
    RaiseLimit,
    ReadLimits,
    ReadOrder,
    ReadProfile,
    Transaction,
    UnbindCard,
    WriteCall,
)
from streams.bank.inside import state
from tests.support.banking import DEMO, Clock, Kind, code_of, opened

DAY_MS = 86_400_000
REASONS = {
    "insufficient_funds",
    "wrong_account",
    "name_mismatch",
    "over_limit",
    "risk_hold",
    "recipient_bank",
    "maintenance",
    "night_batch",
}
Use = Callable[[Callable[[CoreBank, Clock], Awaitable[None]]], None]


@pytest.fixture(params=["embedded", "http"])
def use(request: pytest.FixtureRequest, tmp_path: Path) -> Use:
    kind: Kind = request.param

    def run(body: Callable[[CoreBank, Clock], Awaitable[None]]) -> None:
        async def inside() -> None:
            clock = Clock()
            async with opened(kind, tmp_path / "bank.sqlite", clock) as bank:
                await body(bank, clock)

        asyncio.run(inside())

    return run


async def cards(bank: CoreBank, customer: str) -> dict[str, Card]:
    found = await bank.read(DEMO, customer, ListCards())
    assert isinstance(found, tuple)
    return {card.id: card for card in found if isinstance(card, Card)}


async def limit(bank: CoreBank, card: str, kind: str) -> Limit:
    found = await bank.read(DEMO, f"c-{card[2:6]}", ReadLimits(card=card))
    assert isinstance(found, tuple)
    return next(one for one in found if isinstance(one, Limit) and one.kind == kind)


async def moved(bank: CoreBank, customer: str, call: ListTransactions) -> list[Transaction]:
    found = await bank.read(DEMO, customer, call)
    assert isinstance(found, tuple)
    return [one for one in found if isinstance(one, Transaction)]


class TestReads:
    def test_a_profile_is_masked(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            found = await bank.read(DEMO, "c-0001", ReadProfile())
            assert found == Profile("陈*", "138****1234", "gold", "zh")
            english = await bank.read(DEMO, "c-0003", ReadProfile())
            assert english == Profile("John S*", "136****2222", "gold", "en")

        use(body)

    def test_every_reason_of_a_failed_transfer_has_its_customer(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            found = set()
            for number in range(1, 13):
                for one in await moved(bank, f"c-{number:04}", ListTransactions(days=90)):
                    if (one.kind, one.status) == ("transfer", "failed"):
                        found.add(one.reason)
            assert found == REASONS

        use(body)

    def test_transactions_come_newest_first_and_as_asked(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            everything = await moved(bank, "c-0001", ListTransactions(days=90, most=50))
            assert [one.at for one in everything] == sorted(
                (one.at for one in everything), reverse=True
            )
            assert everything[0].reason == "insufficient_funds"
            newest = await moved(bank, "c-0001", ListTransactions(most=2))
            assert newest == everything[:2]
            named = await moved(bank, "c-0012", ListTransactions(contains="uniqlo"))
            assert len(named) == 3
            assert all(one.counterparty == "Uniqlo" for one in named)
            other = await moved(bank, "c-0001", ListTransactions(account="a-0001-2"))
            assert other == []
            old = await moved(bank, "c-0001", ListTransactions(days=1))
            assert len(old) == 1

        use(body)

    def test_cards_say_what_is_bound_and_due(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            found = await cards(bank, "c-0001")
            assert [card.kind for card in found.values()] == ["debit", "debit", "credit"]
            assert found["k-0001-1"].bound == ("alipay", "wechat")
            due = (await cards(bank, "c-0006"))["k-0006-2"]
            assert (due.due_on, due.due_amount) == ("2026-11-23", 6_815_40)

        use(body)

    def test_a_customer_may_have_nothing_at_all(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            for call in (ListAccounts(), ListCards(), ListTransactions()):
                assert await bank.read(DEMO, "c-0011", call) == ()

        use(body)

    def test_an_order_is_shown(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            found = await bank.read(DEMO, "c-0008", ReadOrder(order="o-0008-1"))
            assert isinstance(found, Order)
            assert (found.status, found.expected_on) == ("shipped", "2026-11-22")

        use(body)

    def test_what_no_call_can_ask_is_invalid(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            for call in (
                ListTransactions(days=0),
                ListTransactions(most=51),
                ListTransactions(contains="x" * 201),
                ListTransactions(contains="\ud800"),
            ):
                assert await code_of(bank.read(DEMO, "c-0001", call)) == "invalid"

        use(body)


class TestWrites:
    def test_one_effect_and_one_receipt_for_one_key(self, use: Use, tmp_path: Path) -> None:
        async def body(bank: CoreBank, clock: Clock) -> None:
            call = UnbindCard(card="k-0001-1", service="wechat")
            first = await bank.write(DEMO, "c-0001", call, "key-1")
            clock.now_ms += 60_000
            again = await bank.write(DEMO, "c-0001", call, "key-1")
            assert not first.repeated
            assert again.repeated
            assert (again.reference, again.at) == (first.reference, first.at)
            assert (await cards(bank, "c-0001"))["k-0001-1"].bound == ("alipay",)
            assert await code_of(bank.write(DEMO, "c-0001", call, "key-2")) == "wrong_state"
            # The key of another tenant is another key.
            assert await code_of(bank.write("other", "c-0001", call, "key-1")) == "wrong_state"

        use(body)
        assert len(state(tmp_path / "bank.sqlite")["writes"]) == 1

    def test_a_key_is_of_one_call_and_one_customer(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            call = OpenTicket(topic="complaint", text="too slow")
            await bank.write(DEMO, "c-0001", call, "key-1")
            other = OpenTicket(topic="complaint", text="too slow!")
            assert await code_of(bank.write(DEMO, "c-0001", other, "key-1")) == "key_reused"
            assert await code_of(bank.write(DEMO, "c-0002", call, "key-1")) == "key_reused"

        use(body)

    def test_twenty_at_once_with_one_key_are_one(self, use: Use, tmp_path: Path) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            call = OpenTicket(topic="dispute", text="twice", about="t-0002-02")
            receipts = await asyncio.gather(
                *(bank.write(DEMO, "c-0002", call, "key-1") for _ in range(20))
            )
            assert sum(not receipt.repeated for receipt in receipts) == 1
            assert len({receipt.reference for receipt in receipts}) == 1

        use(body)
        assert len(state(tmp_path / "bank.sqlite")["tickets"]) == 1

    def test_freezing(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            call = FreezeCard(card="k-0001-1", reason="temporary")
            await bank.write(DEMO, "c-0001", call, "key-1")
            assert (await cards(bank, "c-0001"))["k-0001-1"].status == "frozen"
            assert await code_of(bank.write(DEMO, "c-0001", call, "key-2")) == "wrong_state"
            assert (await bank.write(DEMO, "c-0001", call, "key-1")).repeated

        use(body)

    def test_a_lost_card_orders_a_new_one_also_when_it_is_frozen(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            call = FreezeCard(card="k-0005-1", reason="stolen")
            receipt = await bank.write(DEMO, "c-0005", call, "key-1")
            assert (await cards(bank, "c-0005"))["k-0005-1"].status == "lost"
            order = await bank.read(DEMO, "c-0005", ReadOrder(order=receipt.detail))
            assert isinstance(order, Order)
            assert (order.kind, order.status) == ("card", "received")
            assert await code_of(bank.write(DEMO, "c-0005", call, "key-2")) == "wrong_state"

        use(body)

    def test_a_limit_is_raised_for_some_days(self, use: Use) -> None:
        async def body(bank: CoreBank, clock: Clock) -> None:
            call = RaiseLimit(card="k-0001-1", kind="cash", amount=40_000_00, days=3)
            receipt = await bank.write(DEMO, "c-0001", call, "key-1")
            assert receipt.detail == "2026-11-23T03:00:00.000Z"
            raised = await limit(bank, "k-0001-1", "cash")
            assert (raised.per_day, raised.until) == (40_000_00, receipt.detail)
            clock.now_ms += 3 * DAY_MS
            over = await limit(bank, "k-0001-1", "cash")
            assert (over.per_day, over.until) == (20_000_00, None)

        use(body)

    def test_a_limit_that_may_not_be_raised_stays(self, use: Use) -> None:
        async def body(bank: CoreBank, _: Clock) -> None:
            for card, kind, amount, code in (
                ("k-0001-1", "cash", 50_000_01, "over_limit"),
                ("k-0001-1", "cash", 20_000_00, "wrong_state"),
                ("k-0001-3", "transfer", 1_00, "not_found"),
                ("k-0005-1", "cash", 30_000_00, "wrong_state"),
                ("k-0001-1", "cash", 0, "invalid"),
            ):
                call = RaiseLimit(card=card, kind=kind, amount=amount, days=1)  # type: ignore[arg-type]
                customer = f"c-{card[2:6]}"
                assert await code_of(bank.write(DEMO, customer, call, "key-1")) == code
            assert (await limit(bank, "k-0001-1", "cash")).per_day == 20_000_00

        use(body)

    def test_what_runs_out_and_what_was_used_is_of_its_day(self, use: Use) -> None:
        async def body(bank: CoreBank, clock: Clock) -> None:
            running = await limit(bank, "k-0004-1", "purchase")
            assert (running.per_day, running.until is None) == (60_000_00, False)
            assert (await limit(bank, "k-0004-1", "transfer")).used_today == 35_000_00
            clock.now_ms += 5 * DAY_MS
            assert (await limit(bank, "k-0004-1", "purchase")).per_day == 20_000_00
            assert (await limit(bank, "k-0004-1", "transfer")).used_today == 0

        use(body)

    def test_tickets_and_call_backs_are_bounded_a_day(self, use: Use) -> None:
        async def body(bank: CoreBank, clock: Clock) -> None:
            ticket = OpenTicket(topic="complaint", text="too slow")
            call_back = CallBack(window="now")
            for call, most in ((ticket, 5), (call_back, 3)):
                name = type(call).__name__
                for n in range(most):
                    await bank.write(DEMO, "c-0001", call, f"{name}-{n}")
                assert await code_of(bank.write(DEMO, "c-0001", call, f"{name}-x")) == "over_limit"
                assert (await bank.write(DEMO, "c-0001", call, f"{name}-0")).repeated
            clock.now_ms += DAY_MS
            assert not (await bank.write(DEMO, "c-0001", ticket, "tomorrow")).repeated

        use(body)

    def test_what_was_refused_leaves_nothing_behind(self, use: Use, tmp_path: Path) -> None:
        before = {}

        async def body(bank: CoreBank, _: Clock) -> None:
            before.update(state(tmp_path / "bank.sqlite"))
            calls: tuple[WriteCall, ...] = (
                UnbindCard(card="k-0001-1", service="paypal"),
                FreezeCard(card="k-0008-1", reason="temporary"),
                OpenTicket(topic="dispute", text="", about="t-0002-01"),
                OpenTicket(topic="dispute", text="x" * 1001),
            )
            for call in calls:
                assert await code_of(bank.write(DEMO, "c-0001", call, "key-1"))
            for key in ("", "a b", "k" * 129, "k\r\nx: y", "钥"):
                call_back = CallBack(window="now")
                assert await code_of(bank.write(DEMO, "c-0001", call_back, key)) == "invalid"

        use(body)
        assert state(tmp_path / "bank.sqlite") == before
