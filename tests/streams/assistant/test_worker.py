"""Whole turns: requester, Kafka, the worker as a process, and what it keeps."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner

from schemas.conduct import ActionRecord, AuditRecord, Interaction
from schemas.sessions import MOST_EXCHANGES
from schemas.topics import ACTIONS, AUDIT, INTERACTIONS, REPLIES, REQUESTS, SESSIONS
from schemas.turns import Reply
from sinks.kafka import KafkaSink, Message
from streams.cli import main
from streams.requests.errors import NoReply
from streams.requests.headers import TENANT
from tests.support.asking import open_counter, say, turn
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from streams.requests import Requester
    from tests.support.asking import Counter
    from tests.support.workers import WorkerProcess

pytestmark = pytest.mark.broker

ONE = "session-one-000000"
TWO = "session-two-000000"
THREE = "session-three-0000"
EVIL = "session-evil-00000"
CRASHED = 45.0
"""Seconds until the group has given the partitions of a killed worker to the next."""


def _turns(worker: WorkerProcess, outcome: str) -> float:
    lines = worker.get("/metrics")[1].splitlines()
    found = [line for line in lines if line.startswith("groundswell_turns") and outcome in line]
    return sum(float(line.split()[-1]) for line in found if "_created" not in line)


@pytest.fixture(scope="module")
def open_one(
    bootstrap: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Counter, WorkerProcess]]:
    """One worker for all tests that do it no harm."""
    prefix = f"t-{uuid.uuid4().hex[:8]}-"
    with open_counter(bootstrap, prefix, tmp_path_factory.mktemp("counter")) as counter:
        yield counter, counter.worker()


def test_a_conversation_is_kept_and_nothing_is_done_twice(
    open_one: tuple[Counter, WorkerProcess],
) -> None:
    counter, _ = open_one

    async def talk() -> None:
        async with counter.requester() as requester:
            first = await say(requester, turn(ONE, "1", "hello"))
            assert (first.status, first.text) == ("answered", "0: hello")
            done = await say(requester, turn(ONE, "2", "do it"))
            assert done.text == f"1: do it done {ONE}.it"
            assert done.timing.tools == {"open_ticket": 1.0}
            again = await say(requester, turn(ONE, "2", "do it"))
            assert (again.status, again.text) == ("duplicate", done.text)
            assert (await say(requester, turn(TWO, "1", "hello"))).text == "0: hello"

            shown = await say(requester, turn(ONE, "3", "", kind="show"))
            assert [e.said for e in shown.history] == ["hello", "do it"]
            other = {"user": "bob"}
            refused = await say(requester, turn(ONE, "4", "", kind="show", **other))
            nothing = await say(
                requester, turn("session-none-00000", "4", "", kind="show", **other)
            )
            assert refused.status == "refused"
            assert refused == msgspec.structs.replace(nothing, session=ONE)
            for session in (ONE, "session-none-00000"):
                theirs = await say(requester, turn(session, "2", "hello", **other))
                assert (theirs.status, theirs.text) == ("answered", "0: hello")
            assert (await say(requester, turn(ONE, "6", "boom"))).status == "failed"
            assert (await say(requester, turn(ONE, "7", "still?"))).text == "2: still?"

    asyncio.run(talk())
    assert counter.effects.calls() == 1
    audit = [msgspec.json.decode(m.value() or b"", type=AuditRecord) for m in counter.read(AUDIT)]
    assert [record.id for record in audit] == [f"{ONE}.it:done"]
    actions = [
        msgspec.json.decode(m.value() or b"", type=ActionRecord) for m in counter.read(ACTIONS)
    ]
    assert [(a.session, a.action.kind) for a in actions] == [(ONE, "tool_result")]
    told = [
        msgspec.json.decode(m.value() or b"", type=Interaction) for m in counter.read(INTERACTIONS)
    ]
    assert sorted(one.text for one in told) == ["do it", *["hello"] * 4, "still?"]
    # To a tenth of a millisecond, which a greeting does not take.
    assert next(one for one in told if one.text == "do it").worked_ms > 0


def test_two_wait_behind_a_slow_one_and_the_next_is_told_so(
    open_one: tuple[Counter, WorkerProcess],
) -> None:
    counter, _ = open_one

    async def talk() -> None:
        async with counter.requester() as requester:
            asked = [
                asyncio.create_task(say(requester, turn(THREE, str(n), text)))
                for n, text in enumerate(["slow 1", "second", "third", "fourth"])
            ]
            fourth = await asked[3]
            assert fourth.status == "busy"
            assert not asked[0].done()
            assert (
                await say(requester, turn("session-four-00000", "1", "other"))
            ).text == "0: other"
            texts = [(await one).text for one in asked[:3]]
            assert texts == ["0: slow 1", "1: second", "2: third"]

    asyncio.run(talk())


def test_people_ask(
    open_one: tuple[Counter, WorkerProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, _ = open_one
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))

    def ask(*arguments: str, said: str = "") -> tuple[int, str]:
        place = ["--bootstrap", counter.cluster.bootstrap, "--prefix", counter.prefix]
        result = CliRunner().invoke(main, ["ask", *place, "--timeout", "5", *arguments], input=said)
        return result.exit_code, result.stdout

    assert ask("hello") == (0, "0: hello\n")
    code, out = ask("-", said="do \x1b[31mit\n")
    assert (code, out.startswith("1: do"), "\x1b" in out) == (0, True, False)
    assert ask("hello", "--session", "new") == (0, "0: hello\n")
    code, out = ask("once more", "--json")
    assert msgspec.json.decode(out, type=Reply).text == "1: once more"
    assert ask("hello", "--user", "c-0002") == (0, "0: hello\n")
    assert ask("boom")[0] == 3
    assert ask("hello", "--session", "too short")[0] == 1
    assert ask("slow 9", "--timeout", "0.3")[0] == 4


@pytest.mark.slow
def test_what_nobody_waits_for_any_more_is_not_worked_on(counter: Counter) -> None:
    async def talk() -> None:
        async with counter.requester() as requester:
            with pytest.raises(NoReply):
                await say(requester, turn(ONE, "1", "do it"), seconds=0.3)
            worker = await asyncio.to_thread(counter.worker)
            assert (await say(requester, turn(ONE, "2", "hello"), 20.0)).text == "0: hello"
            assert _turns(worker, "expired") == 1

    asyncio.run(talk())
    assert counter.effects.calls() == 0


@pytest.mark.slow
def test_forged_requests_are_answered_nowhere(open_one: tuple[Counter, WorkerProcess]) -> None:
    counter, worker = open_one

    async def forge(requester: Requester) -> int:
        """Requests of an attacker who may write to the topic; how many."""
        good = {
            "correlation-id": b"c" * 16,
            "instance": requester.instance,
            "reply-topic": (counter.prefix + REPLIES).encode(),
            "reply-partition": (0).to_bytes(4, "big"),
            "deadline-ms": str(int(time.time() * 1000) + 30_000).encode(),
            TENANT: b"demo",
            "schema": b"1",
        }
        value = msgspec.json.encode(turn(EVIL, "x", "do evil"))
        forged: list[tuple[dict[str, bytes], bytes | None, bytes | None]] = [
            ({}, EVIL.encode(), value),
            (good | {"reply-topic": (counter.prefix + SESSIONS).encode()}, EVIL.encode(), value),
            (good | {"reply-partition": (99).to_bytes(4, "big")}, EVIL.encode(), value),
            (good | {"deadline-ms": b"99999999999999"}, EVIL.encode(), value),
            (good | {"tenant": b"other"}, EVIL.encode(), value),
            (good, TWO.encode(), value),
            (good, None, value),
            (good, EVIL.encode(), b"\xff\x00"),
            (good, EVIL.encode(), b"[" * 100_000),
            (good, EVIL.encode(), b'{"session": 1}'),
        ]
        sink = KafkaSink(counter.cluster)
        await sink.start()
        topic = counter.prefix + REQUESTS
        await sink.write(
            Message(topic, value, key, headers=list(headers.items()))
            for headers, key, value in forged
        )
        # The right key on every partition: on one of them it is in its place.
        await sink.write(
            Message(topic, value, EVIL.encode(), n, list(good.items())) for n in range(4)
        )
        await sink.stop()
        return len(forged) + 3

    before = len(counter.read(REPLIES))

    async def talk() -> None:
        async with counter.requester() as requester:
            forged = await forge(requester)
            await eventually(lambda: _turns(worker, "forged_total") == forged, "they are counted")
            assert (await say(requester, turn(EVIL, "1", "hello"))).text.startswith("1: hello")

    asyncio.run(talk())
    # That of the attacker who writes as a gateway would, and ours.
    assert len(counter.read(REPLIES)) == before + 2


@pytest.mark.slow
def test_a_worker_that_dies_within_a_write(counter: Counter) -> None:
    dies = counter.worker()

    async def talk() -> None:
        async with counter.requester() as requester:
            assert (await say(requester, turn(ONE, "1", "hello"))).text == "0: hello"
            with pytest.raises(NoReply):
                await say(requester, turn(ONE, "2", "die it"), 1.0)
            assert await asyncio.to_thread(dies.wait_exit) == -9
            assert counter.effects.keys() == [f"{ONE}.it"]
            await asyncio.to_thread(counter.worker)
            # Whatever is said next, what had begun is brought to an end first, by its own key.
            after = await say(requester, turn(ONE, "3", "so?"), CRASHED)
            assert after.text == f"1: so? done {ONE}.it"

    asyncio.run(talk())
    assert counter.effects.keys() == [f"{ONE}.it"]
    assert counter.effects.calls() == 2


@pytest.mark.slow
def test_the_turn_itself_is_done_by_the_next_worker(counter: Counter) -> None:
    dies = counter.worker()

    async def talk() -> None:
        async with counter.requester() as requester:
            waits = asyncio.create_task(say(requester, turn(ONE, "1", "die it"), CRASHED))
            assert await asyncio.to_thread(dies.wait_exit) == -9
            await asyncio.to_thread(counter.worker)
            assert (await waits).text == f"0: die it done {ONE}.it"

    asyncio.run(talk())
    assert counter.effects.keys() == [f"{ONE}.it"]


@pytest.mark.slow
def test_two_hundred_talk_while_workers_come_and_go(counter: Counter) -> None:
    turns, sessions = 30, 200
    workers: list[Any] = [counter.worker()]

    answered = 0

    async def person(requester: Requester, name: str) -> list[str]:
        """Each turn is said again until it is answered, as a gateway's client does."""
        nonlocal answered
        texts: list[str] = []

        async def told() -> bool:
            n = len(texts)
            try:
                reply = await say(requester, turn(name, str(n), f"do {n}"), 2.0)
            except NoReply:
                return False
            if reply.status == "busy":
                return False
            texts.append(reply.text)
            return True

        for n in range(turns):
            await eventually(told, f"{name} is answered {n}", 80)
            answered += 1
            # People think.
            await asyncio.sleep(0.2)
        return texts

    async def churn() -> None:
        await so_far(0.2)
        workers.append(await asyncio.to_thread(counter.worker))
        await so_far(0.4)
        assert await asyncio.to_thread(workers[0].stop) == 0
        await so_far(0.55)
        workers.append(await asyncio.to_thread(counter.worker))
        await so_far(0.7)
        workers[1].kill()

    async def so_far(share: float) -> None:
        """So much of everything is answered."""
        await eventually(lambda: answered >= share * turns * sessions, f"{share} is answered", 60)

    async def talk() -> None:
        async with counter.requester() as requester:
            names = [f"session-{n:012d}" for n in range(sessions)]
            people = [person(requester, name) for name in names]
            *said, _ = await asyncio.gather(*people, churn())
            for name, texts in zip(names, said, strict=True):
                assert texts == [
                    f"{min(n, MOST_EXCHANGES)}: do {n} done {name}.{n}" for n in range(turns)
                ]
                shown = await say(requester, turn(name, "show", "", kind="show"))
                assert [e.turn for e in shown.history] == [str(n) for n in range(10, turns)]

    asyncio.run(talk())
    assert len(counter.effects.keys()) == turns * sessions
