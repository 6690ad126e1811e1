import asyncio
import logging
from collections.abc import Iterator
from functools import partial

import pytest

from schemas.incidents import Incident
from schemas.topics import INCIDENTS
from sinks.cluster import Cluster
from sinks.errors import Rejected, Unreachable
from streams.admin import TopicAdmin
from tests.support.fleet import Fleet, Ledger, Notebook, receiver
from tests.support.incidents import incident
from tests.support.waiting import eventually

pytestmark = pytest.mark.broker


@pytest.fixture
def fleet(bootstrap: str, prefix: str) -> Iterator[Fleet]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    yield Fleet(bootstrap, prefix + INCIDENTS)
    admin.delete()


def one(name: str, revision: int = 1, **other: object) -> Incident:
    key = str(other.pop("incident_key", name))
    return incident(incident_id=name, incident_key=key, revision=revision, **other)


async def told_of(book: Notebook, name: str) -> None:
    await eventually(lambda: name in book.told, f"{name} is told")


async def reminded(book: Notebook) -> None:
    await eventually(lambda: len(book.reminded) > 2, "it is idle")


def test_a_receiver_is_told_how_things_are_now(fleet: Fleet) -> None:
    async def run() -> None:
        book = Notebook()
        await fleet.write(one("a"), one("b"), one("a", 2), one("a", 3), one("a", 2))

        async def during() -> None:
            await eventually(lambda: len(book.told) == 2, "both are told")
            await fleet.write(one("a", 3), one("c"), partition=1)
            delivered = "groundswell_sink_delivered_total"
            await eventually(lambda: fleet.value(delivered, "one") == 3, "the new one is told")
            await eventually(lambda: fleet.value("groundswell_sink_lag", "one") == 0, "none waits")

        await fleet.carry([receiver(book)], during)
        assert book.told == ["a:3", "b:1", "c:1"]
        assert fleet.value("groundswell_sink_delivered_timestamp", "one") > 1.7e9

    asyncio.run(run())


def test_after_a_restart_it_goes_on_and_doubles_nothing(fleet: Fleet) -> None:
    async def run() -> None:
        first, second = Notebook(), Notebook()
        await fleet.write(one("a"), one("b"))
        await fleet.carry(
            [receiver(first)], lambda: eventually(lambda: len(first.told) == 2, "told")
        )
        await fleet.write(one("a", 2), one("c"))
        await fleet.carry(
            [receiver(second)], lambda: eventually(lambda: len(second.told) == 2, "told")
        )
        assert second.told == ["a:2", "c:1"]

    asyncio.run(run())


def test_a_new_receiver_is_told_nothing_of_what_is_over(fleet: Fleet) -> None:
    """Not at its first start, nor after a fall; what it may have been told of, it is."""

    async def run() -> None:
        first, second = Notebook(), Notebook()
        first.open.clear()
        await fleet.write(one("over"), one("over", 2, status="resolved"))
        await fleet.write(one("a"), one("b"), partition=1)
        lag = "groundswell_sink_lag"
        await fleet.carry(
            [receiver(first)], lambda: eventually(lambda: fleet.value(lag, "one") == 2, "two wait")
        )
        assert first.told == []
        await fleet.write(one("over", 3, status="resolved"))
        await fleet.write(one("a", 2, status="resolved"), partition=1)

        async def during() -> None:
            await eventually(lambda: len(second.told) == 2, "both are told")
            await fleet.write(one("last"))
            await told_of(second, "last:1")

        await fleet.carry([receiver(second)], during)
        assert second.told == ["b:1", "a:2", "last:1"]

    asyncio.run(run())


def test_one_that_is_given_every_revision_is_given_the_past(fleet: Fleet) -> None:
    async def run() -> None:
        book = Ledger()
        await fleet.write(one("over"), one("over", 2, status="resolved"))
        await fleet.carry([receiver(book)], lambda: told_of(book, "over:2"))
        assert book.told == ["over:1", "over:2"]

    asyncio.run(run())


def test_what_a_receiver_did_not_take_is_given_again_as_it_stands_then(fleet: Fleet) -> None:
    async def run() -> None:
        book = Notebook()
        book.troubles = [
            Unreachable("away", reason="connection"),
            Unreachable("busy", 0.01, "status_429"),
        ]
        book.open.clear()
        await fleet.write(one("a"))

        async def during() -> None:
            await eventually(lambda: fleet.value("groundswell_sink_lag", "one") == 1, "it waits")
            await fleet.write(one("a", 2))
            book.open.set()
            await eventually(lambda: "a:2" in book.told, "the latest is told")

        await fleet.carry([receiver(book)], during)
        assert book.told[-1] == "a:2"
        failures = "groundswell_sink_failures_total"
        assert fleet.value(failures, "one", "connection") == 1
        assert fleet.value(failures, "one", "status_429") == 1

    asyncio.run(run())


def test_one_that_is_away_holds_up_no_other(fleet: Fleet) -> None:
    async def run() -> None:
        stuck, broken, well = Notebook(), Notebook(), Notebook()
        stuck.open.clear()
        broken.troubles = [RuntimeError("a bug")] * 3
        await fleet.write(*(one(f"i{n}") for n in range(20)))

        async def during() -> None:
            await eventually(lambda: len(well.told) == 20, "the well one has all")
            await eventually(lambda: len(broken.told) == 20, "the broken one recovers")

        some = [receiver(stuck, "stuck"), receiver(broken, "broken"), receiver(well, "well")]
        await fleet.carry(some, during)
        assert stuck.told == []
        assert fleet.value("groundswell_sink_lag", "stuck") == 20
        assert fleet.value("groundswell_sink_failures_total", "broken", "error") == 3

    asyncio.run(run())


def test_what_is_refused_is_named_and_the_rest_is_told(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    class Picky(Ledger):
        async def deliver(self, incidents: object, now_ms: int) -> None:
            assert isinstance(incidents, list)
            if any(i.incident_id == "bad" for i in incidents):
                raise Rejected("422 no")
            await super().deliver(incidents, now_ms)

    async def run() -> None:
        book = Picky()
        await fleet.write(one("a"), one("bad"), one("c"), one("d"))
        with caplog.at_level(logging.ERROR, "sinks.courier"):
            await fleet.carry(
                [receiver(book)], lambda: eventually(lambda: len(book.told) == 3, "told")
            )
        assert book.told == ["a:1", "c:1", "d:1"]
        assert fleet.value("groundswell_sink_rejected_total", "one") == 1
        assert [r.getMessage() for r in caplog.records if r.name == "sinks.courier"] == [
            "one: bad:1 is refused: 422 no"
        ]
        again = Picky()
        await fleet.write(one("e"))
        await fleet.carry([receiver(again)], lambda: eventually(lambda: bool(again.told), "told"))
        assert again.told == ["e:1"]

    asyncio.run(run())


def test_some_are_given_every_revision(fleet: Fleet) -> None:
    async def run() -> None:
        book = Ledger()
        await fleet.write(*(one("a", n) for n in range(1, 8)))
        await fleet.carry([receiver(book)], lambda: eventually(lambda: len(book.told) == 7, "told"))
        assert book.told == [f"a:{n}" for n in range(1, 8)]
        assert max(map(len, book.calls)) <= 3

    asyncio.run(run())


def test_only_what_concerns_a_receiver(fleet: Fleet) -> None:
    async def run() -> None:
        book = Notebook()
        await fleet.write(
            one("low", severity="warning"),
            one("other", product="video"),
            one("low", 2, severity="error"),
            one("mine"),
        )
        chosen = receiver(book, min_severity="error", products=("wallet",))
        await fleet.carry([chosen], lambda: eventually(lambda: len(book.told) == 2, "told"))
        assert book.told == ["mine:1", "low:2"]

    asyncio.run(run())


def test_what_does_not_concern_it_takes_nothing_back(fleet: Fleet) -> None:
    async def run() -> None:
        await fleet.write(one("other", product="video"), one("a"))
        books = [Notebook() for _ in range(3)]
        for n, book in enumerate(books):
            await fleet.write(one(f"new{n}"))
            chosen = receiver(book, products=("wallet",))
            await fleet.carry([chosen], partial(told_of, book, f"new{n}:1"))
        assert books[0].told[0] == "a:1"
        assert [book.told for book in books[1:]] == [["new1:1"], ["new2:1"]]

    asyncio.run(run())


def test_a_quiet_start_keeps_the_place(fleet: Fleet) -> None:
    async def run() -> None:
        await fleet.write(one("a"), one("other", product="video"), one("b"))
        chosen = receiver(Notebook(), products=("wallet",))
        delivered = "groundswell_sink_delivered_total"
        await fleet.carry(
            [chosen],
            lambda: eventually(lambda: fleet.value(delivered, "one") == 2, "both are told"),
        )
        for every in (False, True):
            quiet = Ledger() if every else Notebook()
            quiet.remind_seconds = 0.1
            again = receiver(quiet, products=("wallet",))
            await fleet.carry([again], partial(reminded, quiet))
            assert quiet.told == []

    asyncio.run(run())


def test_what_is_said_after_the_end_does_not_touch_the_next_of_the_key(fleet: Fleet) -> None:
    async def run() -> None:
        book = Notebook()
        over = one("first", 2, incident_key="k", status="resolved")
        await fleet.write(one("first", incident_key="k"))

        async def during() -> None:
            await told_of(book, "first:1")
            await fleet.write(over)
            await told_of(book, "first:2")
            await fleet.write(one("second", incident_key="k"))
            await eventually(lambda: "second:1" in book.told, "the next is told")
            await fleet.write(one("first", 3, incident_key="k", status="resolved"), one("x"))
            await eventually(lambda: "x:1" in book.told, "and one more")

        await fleet.carry([receiver(book)], during)
        assert book.told == ["first:1", "first:2", "second:1", "x:1"]

    asyncio.run(run())


def test_what_lasts_is_said_again_also_after_a_restart(fleet: Fleet) -> None:
    async def run() -> None:
        book = Notebook()
        book.remind_seconds = 0.1
        await fleet.write(one("a"), one("b"), one("b", 2, status="resolved"))

        def names() -> set[str]:
            return {i.incident_id for i in book.reminded[-1]} if book.reminded else set()

        await fleet.carry(
            [receiver(book)], lambda: eventually(lambda: names() == {"a"}, "a is said")
        )
        book.reminded.clear()
        book.calls.clear()
        await fleet.carry(
            [receiver(book)], lambda: eventually(lambda: names() == {"a"}, "and again")
        )
        assert book.told == []

    asyncio.run(run())
