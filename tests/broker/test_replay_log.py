"""Replays of logs as they are: with gaps, clipped, growing, deleted, and a broker that is away."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas.times import MINUTE_MS
from schemas.topics import CHANGES
from sinks.cluster import Cluster
from streams.admin import TopicsDiffer
from streams.broker.machine import free_port
from streams.replay import reading
from streams.replay.account import parts
from streams.replay.errors import CannotReplay, Interrupted, TopicGone
from streams.replay.job import Job, Report
from streams.replay.log import Log, Reading
from streams.replay.plan import Range
from streams.replay.replay import Request, prepare, run
from streams.replay.tools import Tools
from streams.settings import Settings
from tests.support.burst import START_MS, burst, event
from tests.support.replaying import counted, do, read
from tests.support.stream import open_stream
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.stream import Stream

pytestmark = pytest.mark.broker

APP = ("feedback.app", 0)
WEB = ("feedback.web", 1)
STOP_MS = START_MS + 24 * 60 * MINUTE_MS
FAR_MS = 4_000_000_000_000
Prepare = Callable[..., Job]


@pytest.fixture
def plan(stream: Stream, tmp_path: Path) -> Prepare:
    """Plans a day of the stream; the folder is the same for equal questions."""

    def prepared(
        start_ms: int = START_MS,
        stop_ms: int = STOP_MS,
        chunk: int = 1000,
        begin: bool = True,
        **asked: object,
    ) -> Job:
        settings = Settings(prefix=stream.prefix)
        wanted = Range(start_ms=start_ms, stop_ms=stop_ms, **asked)  # type: ignore[arg-type]
        cluster = Cluster(stream.bootstrap)
        return prepare(Request(cluster, settings, wanted, tmp_path / "work", chunk), begin=begin)

    return prepared


def write(stream: Stream, source: tuple[str, int], minutes: range) -> None:
    """An event a minute, each with the time of its record."""
    for minute in minutes:
        ms = START_MS + minute * MINUTE_MS
        stream.write(source, [event("please add a dark mode", ms, f"{source}{minute}")], ms)


def admin(stream: Stream) -> AdminClient:
    return AdminClient({"bootstrap.servers": stream.bootstrap, "log_level": 0})


def delete_topic(stream: Stream, name: str) -> None:
    client = admin(stream)
    client.delete_topics([stream.prefix + name])[stream.prefix + name].result()


def delete_before(stream: Stream, source: tuple[str, int], offset: int) -> None:
    """As retention does."""
    place = TopicPartition(stream.prefix + source[0], source[1], offset)
    client = admin(stream)
    client.delete_records([place])[place].result()


def test_the_range_is_by_time_and_its_last_minute_is_completed(
    stream: Stream, plan: Prepare
) -> None:
    write(stream, APP, range(60))
    write(stream, WEB, range(10))
    job = plan(START_MS + 20 * MINUTE_MS, START_MS + 40 * MINUTE_MS)
    found = {s.source: s for s in job.plan.stretches}
    assert (found[APP].start, found[APP].end, found[APP].stop) == (20, 40, 42)
    assert found[APP].goes_on
    # Kafka names no offset for a time after the last record.
    assert (found[WEB].start, found[WEB].end, found[WEB].goes_on) == (10, 10, False)
    others = [s for source, s in found.items() if source not in (APP, WEB)]
    assert len(others) == len(stream.sources) - 2
    assert {(s.start, s.stop, s.first_ms, s.bytes) for s in others} == {(0, 0, None, 0)}
    assert found[APP].first_ms == START_MS + 20 * MINUTE_MS
    size = found[APP].bytes / 22
    assert size == pytest.approx(
        len(event("please add a dark mode", START_MS, f"{APP}20")), rel=0.1
    )
    assert not any(s.clipped for s in job.plan.stretches)
    do(job)
    assert counted(job) == {APP: 22}


def test_nothing_in_the_range_is_said(stream: Stream, plan: Prepare) -> None:
    write(stream, APP, range(3))
    with pytest.raises(CannotReplay, match="there are no records from 2026-01-05T09:00"):
        run(plan(START_MS + 60 * MINUTE_MS), 1, lambda *_: None)
    with pytest.raises(CannotReplay, match="--to must be later than --from"):
        plan(START_MS, START_MS)


@pytest.mark.slow
def test_a_product_that_nobody_knows(stream: Stream, plan: Prepare) -> None:
    write(stream, APP, range(3))
    with pytest.raises(CannotReplay, match=r"^no record from .* product walet; there are wallet$"):
        run(plan(products=("walet",)), 2, lambda *_: None)
    job = plan(products=("walet", "wallet"))
    run(job, 1, lambda *_: None)
    assert job.unknown() == ("walet",)


def test_a_dry_run_writes_nothing_and_forgets_nothing(
    stream: Stream, plan: Prepare, tmp_path: Path
) -> None:
    write(stream, APP, range(3))
    plan(stop_ms=FAR_MS, begin=False)
    assert not (tmp_path / "work").exists()
    job = plan(stop_ms=FAR_MS)
    do(job)
    # It would be planned anew, for the log has grown.
    write(stream, APP, range(3, 5))
    assert plan(stop_ms=FAR_MS, begin=False).plan != job.plan
    assert counted(job) == {APP: 3}


def test_what_is_written_after_the_plan_is_not_read(stream: Stream, plan: Prepare) -> None:
    write(stream, APP, range(5))
    job = plan()
    write(stream, APP, range(5, 9))
    write(stream, WEB, range(3))
    do(job)
    assert counted(job) == {APP: 5}


@pytest.mark.slow
def test_a_frozen_end_holds_for_whoever_goes_on_but_not_for_ever(
    stream: Stream, plan: Prepare
) -> None:
    write(stream, APP, range(5))
    write(stream, WEB, range(5))
    job = plan(stop_ms=FAR_MS)
    tools = Tools(job)
    read(job, tools, next(s for s in job.plan.stretches if s.source == APP))
    tools.close()
    write(stream, WEB, range(5, 9))
    again = plan(stop_ms=FAR_MS)
    assert again.plan == job.plan
    do(again)
    assert counted(again) == {APP: 5, WEB: 5}
    # It is done, and its end was that of the log. Asked again, the log has grown.
    later = plan(stop_ms=FAR_MS)
    assert later.folder == job.folder
    do(later)
    assert counted(later) == {APP: 5, WEB: 9}
    assert plan(stop_ms=FAR_MS).plan == later.plan


@pytest.mark.slow
def test_gaps_and_transactions_that_were_given_up(stream: Stream, plan: Prepare) -> None:
    topic = stream.prefix + APP[0]
    producer = Producer(
        {"bootstrap.servers": stream.bootstrap, "transactional.id": topic, "log_level": 0}
    )
    producer.init_transactions()
    for n, end in enumerate((producer.commit_transaction, producer.abort_transaction)):
        producer.begin_transaction()
        for minute in range(5 * n, 5 * n + 5):
            ms = START_MS + minute * MINUTE_MS
            producer.produce(topic, event("hello", ms, str(minute)), partition=0, timestamp=ms)
        producer.flush()
        end()
    # Markers have the time of now, and the range ends at the first offset that is later than it.
    job = plan(stop_ms=FAR_MS, topics=("feedback.app",))
    stretch = next(s for s in job.plan.stretches if s.source == APP)
    # Ten records, and a marker after each transaction: the end is no record.
    assert stretch.size == 12
    do(job)
    # As the live worker, which reads on when a transaction is open.
    assert counted(job) == {APP: 10}


@pytest.mark.slow
def test_a_compacted_topic(bootstrap: str, prefix: str, tmp_path: Path) -> None:
    config = {
        "cleanup.policy": "compact",
        "segment.ms": "100",
        "min.cleanable.dirty.ratio": "0.01",
        "max.compaction.lag.ms": "100",
    }
    topic = prefix + CHANGES
    client = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    client.create_topics([NewTopic(topic, 1, config=config)])[topic].result()
    producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})

    def change(n: int, key: bytes) -> None:
        value = b'{"summary": "rollout %d"}' % n
        # Segments are rolled by the time of the records.
        producer.produce(topic, value, key, 0, timestamp=START_MS + 1000 * n)
        assert producer.flush(10) == 0

    with open_stream(bootstrap, prefix, tmp_path) as stream:
        change(0, b"first")
        for n in range(20):
            change(1 + n, b"same")
        found: list[int] = []
        more = count(30)

        def is_compacted() -> bool:
            # The newest segment is never compacted.
            change(next(more), b"same")
            asked = Range(start_ms=START_MS, stop_ms=STOP_MS)
            folder = tmp_path / uuid.uuid4().hex
            request = Request(Cluster(stream.bootstrap), Settings(prefix=prefix), asked, folder)
            job = prepare(request)
            do(job)
            found[:] = [counted(job)[CHANGES, 0], job.plan.size]
            return found[0] < found[1]

        until(is_compacted, "Kafka has compacted the topic")


def test_retention_clips(stream: Stream, plan: Prepare) -> None:
    write(stream, APP, range(10))
    write(stream, WEB, range(10))
    delete_before(stream, APP, 4)
    job = plan()
    found = {s.source: s for s in job.plan.stretches}
    assert (found[APP].low, found[APP].start, found[APP].clipped) == (4, 4, True)
    assert not found[WEB].clipped
    # A later range has lost nothing.
    later = plan(START_MS + 6 * MINUTE_MS)
    assert not any(s.clipped for s in later.plan.stretches)
    # And more goes before it is read.
    delete_before(stream, APP, 7)
    delete_before(stream, WEB, 10)
    do(job)
    lost = {(part.topic, part.partition): part.lost for part in parts(job) if part.lost}
    assert (counted(job), lost) == ({APP: 3}, {APP: 3, WEB: 10})


def test_a_topic_that_is_missing(stream: Stream, plan: Prepare) -> None:
    write(stream, APP, range(3))
    delete_topic(stream, "logs.errors")
    job = plan()
    assert job.plan.missing == ("logs.errors",)
    do(job)
    assert counted(job) == {APP: 3}
    with pytest.raises(TopicsDiffer, match=r"no such topics: .*logs.errors; see --prefix"):
        plan(topics=("logs.errors",))


@pytest.mark.slow
def test_a_topic_that_is_deleted_meanwhile(stream: Stream, plan: Prepare) -> None:
    write(stream, APP, range(30))
    write(stream, WEB, range(30))
    job = plan()
    by_source = {s.source: s for s in job.plan.stretches}
    tools = Tools(job)
    read(job, tools, by_source[APP])
    delete_topic(stream, "feedback.web")
    # While it is being read, and whenever somebody tries to go on.
    for tries in (lambda: read(job, tools, by_source[WEB]), plan, plan):
        with pytest.raises(TopicGone, match=r"topic t-.*feedback.web was deleted since"):
            tries()
    # Another topic of this name is not it.
    client = admin(stream)
    topic = stream.prefix + "feedback.web"
    client.create_topics([NewTopic(topic, 2)])[topic].result()
    until(stream.answers, "the new topic is there")
    with pytest.raises(TopicGone, match="was deleted and created again since"):
        plan()
    with pytest.raises(TopicGone, match="ends at 0, but the plan reads up to 30"):
        read(job, tools, by_source[WEB])
    tools.close()


def test_a_topic_that_was_read_may_go(stream: Stream, plan: Prepare) -> None:
    for source in (APP, WEB):
        write(stream, source, range(3))
    job = plan()
    tools = Tools(job)
    for stretch in job.plan.stretches:
        if stretch.topic.startswith("feedback"):
            read(job, tools, stretch)
    tools.close()
    delete_topic(stream, "feedback.app")
    again = plan()
    do(again)
    assert counted(again) == {APP: 3, WEB: 3}


@pytest.mark.slow
def test_a_broker_that_is_away_is_waited_for(bootstrap: str) -> None:  # noqa: ARG001
    log = Log(Cluster(f"127.0.0.1:{free_port()}"), patience=0.5)
    silent = Reading(log, "feedback.app", 0, 0, 10)
    with pytest.raises(Interrupted, match=r"no answer of Kafka at .* run the same command again"):
        list(silent.batches())
    log.close()


class _Killed(Exception):
    """The process has ended here."""


@pytest.mark.slow
def test_kills_between_any_two_batches_change_nothing(
    stream: Stream, plan: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, (_, value) in enumerate(burst()):
        # Some of them twice.
        for _ in range(1 + (n % 7 == 0)):
            stream.write(APP, [value], START_MS + 31 * MINUTE_MS)
    whole = plan(chunk=10**9)
    do(whole)
    (said,) = (chunk.signals for chunk in whole.chunks(APP))
    stretch = next(s for s in whole.plan.stretches if s.source == APP)
    for file in whole.chunks(APP).folder.iterdir():
        file.unlink()
    monkeypatch.setattr("streams.replay.log._BATCH", 4)

    def killed_at(offset: int) -> Report:
        def report(done: int) -> None:
            if done >= offset:
                raise _Killed

        return report

    tools = Tools(plan(chunk=1))
    kills = range(3, stretch.size, 11)
    for offset in kills:
        with pytest.raises(_Killed):
            reading.read(stretch, tools, killed_at(offset))
    read(tools.job, tools, stretch)
    tools.close()
    chunks = list(whole.chunks(APP))
    assert len(chunks) > 20
    assert [signal for chunk in chunks for signal in chunk.signals] == said
    assert counted(whole) == {APP: stretch.size}
