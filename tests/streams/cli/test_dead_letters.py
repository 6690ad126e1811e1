import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from schemas.dead_letters import DeadLetter
from schemas.errors import Reason
from sinks.cluster import Cluster
from sinks.dead_letters import DeadLetterSink
from sinks.kafka import KafkaSink
from streams.admin import TopicAdmin
from streams.bounded import Tail
from tests.streams.cli.running import fail, run

pytestmark = pytest.mark.broker


@dataclass
class Record:
    value: bytes | None
    key: bytes | None = None
    headers: list[tuple[str, bytes]] = field(default_factory=list)


def letter(offset: int, reason: Reason) -> DeadLetter:
    return DeadLetter(reason, f"detail {offset}", "feedback.app", 1, offset, 1_763_630_043_120)


@pytest.fixture
def where(bootstrap: str, prefix: str) -> Iterator[tuple[str, ...]]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2, {"feedback.app": {"retention.ms": "-1"}})

    async def write() -> None:
        sink = KafkaSink(Cluster(bootstrap))
        await sink.start()
        await DeadLetterSink(sink, prefix + "dead-letters").write(
            [
                (letter(1, Reason.NOT_JSON), Record(b"{broken\xff\n")),
                (letter(2, Reason.EMPTY_TEXT), Record(b'{"text":""}')),
                (letter(3, Reason.NOT_JSON), Record(b"[")),
            ]
        )
        await sink.stop()

    asyncio.run(write())
    yield ("--bootstrap", bootstrap, "--prefix", prefix)
    admin.delete()


def inputs(bootstrap: str, prefix: str) -> list[bytes]:
    tail = Tail(Cluster(bootstrap), prefix + "feedback.app", 2)
    found = sorted(message.value() or b"" for message in tail.rest())
    tail.close()
    return found


def test_the_list_ends_with_the_counts(where: tuple[str, ...]) -> None:
    lines = run("dead-letters", "list", *where).stdout.splitlines()
    assert lines == [
        "2025-11-20T09:14:03.120Z  feedback.app-1@1  not_json  detail 1",
        "2025-11-20T09:14:03.120Z  feedback.app-1@2  empty_text  detail 2",
        "2025-11-20T09:14:03.120Z  feedback.app-1@3  not_json  detail 3",
        "3 dead letters: empty_text 1, not_json 2",
    ]
    shown = run("dead-letters", "list", *where, "--reason", "not_json", "--limit", "1").stdout
    assert shown.splitlines()[0].split()[1] == "feedback.app-1@3"
    assert shown.splitlines()[1:] == ["2 dead letters: not_json 2"]


def test_a_record_is_shown_byte_by_byte(where: tuple[str, ...]) -> None:
    result = run("dead-letters", "show", "feedback.app-1@1", *where)
    assert result.stdout_bytes == b"{broken\xff\n"
    assert result.stderr == "not_json: detail 1\n"
    line = fail("dead-letters", "show", "feedback.app-1@9", *where)
    assert line == "no dead letter feedback.app-1@9; see: groundswell dead-letters list"


@pytest.mark.slow
def test_records_are_requeued_by_name_by_reason_or_all(
    where: tuple[str, ...], bootstrap: str, prefix: str
) -> None:
    done = run("dead-letters", "requeue", "feedback.app-1@2", *where)
    assert (done.exit_code, done.stdout) == (0, "1 records requeued\n")
    assert inputs(bootstrap, prefix) == [b'{"text":""}']
    assert run("dead-letters", "requeue", "--reason", "not_json", *where).stdout[0] == "2"
    assert len(inputs(bootstrap, prefix)) == 3
    assert run("dead-letters", "requeue", "--all", *where).stdout[0] == "3"
    assert len(inputs(bootstrap, prefix)) == 6


def test_requeue_needs_one_way_to_choose(where: tuple[str, ...]) -> None:
    for chosen in ((), ("--all", "feedback.app-1@2"), ("--all", "--reason", "not_json")):
        result = run("dead-letters", "requeue", *chosen, *where)
        assert result.exit_code == 2
        assert "name records, or give --reason, or --all" in result.stderr


def test_without_the_topic_it_says_what_to_run(bootstrap: str, prefix: str) -> None:
    line = fail("dead-letters", "list", "--bootstrap", bootstrap, "--prefix", prefix + "x")
    assert line.endswith("does not exist; run: groundswell topics create")
