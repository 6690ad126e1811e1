"""One whole stream of a test: its topics, its input, its workers and its ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import (
    ConsumerGroupTopicPartitions,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec

from schemas.times import MINUTE_MS
from schemas.topics import (
    CHANGES,
    COMMANDS,
    DEAD_LETTERS,
    DETECT_STATE,
    INCIDENTS,
    INPUTS,
    SIGNALS,
)
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.play.player import Player
from streams.play.reading import Played
from streams.states import load_snapshot
from tests.support.burst import START_MS, event
from tests.support.ledger import Ledger, headers_of
from tests.support.undisturbed import Record, undisturbed
from tests.support.waiting import until
from tests.support.workers import Workers
from windows.alignment import Source

LATER_MS = START_MS + 4 * 60 * MINUTE_MS
_LARGEST = 12 * 1024 * 1024


class Stream:
    """Topics under `prefix` whose records are never deleted, and what is done with them."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path, partitions: int) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self._topics = TopicAdmin(Cluster(bootstrap), prefix)
        # Recorded times are older than any retention.
        forever = {name: {"retention.ms": "-1"} for name in (*INPUTS, CHANGES, COMMANDS)}
        self._topics.create(partitions, forever)
        there = self._topics.existing()
        self.places = {n.removeprefix(prefix): p for n, p in there.items() if n.startswith(prefix)}
        self.workers = Workers(bootstrap, prefix, folder)
        self._player = Player(Cluster(bootstrap), prefix, self.places)
        self._producer = Producer(
            {"bootstrap.servers": bootstrap, "message.max.bytes": _LARGEST, "log_level": 0}
        )
        self._admin = self._admin_client()
        self._signals = Tail(Cluster(bootstrap), prefix + SIGNALS, self.places[SIGNALS])
        self._written = 0
        self.ledger = Ledger()
        until(self.answers, "the broker serves the new topics")

    def _admin_client(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    @property
    def sources(self) -> list[Source]:
        """Every input partition."""
        return [(name, n) for name in (*INPUTS, CHANGES) for n in range(self.places[name])]

    @property
    def written(self) -> int:
        """Records written as input."""
        return self._player.written + self._written

    def play(self, messages: Iterable[tuple[int, str, bytes]]) -> None:
        """Write (arrival in epoch ms, topic, value) as `groundswell play` does."""
        self._player.play(Played(*message) for message in messages)

    def end(self) -> None:
        """Write the end of the input to every partition."""
        self._player.end()

    def write(self, source: Source, values: Iterable[bytes | None], ms: int) -> None:
        """Write records to one partition, all with the timestamp `ms`; commands are no input."""
        topic, partition = source
        failures: list[str] = []
        for value in values:
            self._producer.produce(
                self.prefix + topic,
                value,
                b"key",
                partition,
                timestamp=ms,
                headers=[("origin", b"test")],
                on_delivery=lambda error, _: failures.append(str(error)) if error else None,
            )
            self._producer.poll(0)
            self._written += topic != COMMANDS
        assert self._producer.flush(30) == 0
        assert failures == []

    def lag(self) -> int:
        """Records that the group of the workers has not committed, over all it reads."""
        group = self.prefix + "groundswell"
        lag = 0
        for name in (*INPUTS, CHANGES, SIGNALS):
            ends = self._ends(name)
            asked = [TopicPartition(self.prefix + name, n) for n in ends]
            request = [ConsumerGroupTopicPartitions(group, asked)]
            found = self._admin.list_consumer_group_offsets(request)[group].result()
            lag += sum(ends[p.partition] - max(p.offset, 0) for p in found.topic_partitions)
        return lag

    def forget_offsets(self) -> None:
        """Delete the group of the workers, none of which may run."""
        group = self.prefix + "groundswell"
        self._admin.delete_consumer_groups([group])[group].result()

    def _ends(self, topic: str) -> dict[int, int]:
        """End offset of every partition."""
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        asked = {TopicPartition(self.prefix + topic, n): latest for n in range(self.places[topic])}
        found = self._admin.list_offsets(asked)
        return {place.partition: future.result().offset for place, future in found.items()}

    def count(self, topic: str) -> int:
        """Records ever written to a topic."""
        return sum(self._ends(topic).values())

    def answers(self) -> bool:
        """The broker serves every topic: new ones, and after a start, it does not at once."""
        try:
            return all(self.count(name) >= 0 for name in self.places)
        except KafkaException:
            # The client would go on with the leader epoch of before for minutes.
            self._admin = self._admin_client()
            return False

    def read(self, topic: str) -> Iterator[Message]:
        """All a topic holds now."""
        tail = Tail(Cluster(self.bootstrap), self.prefix + topic, self.places[topic])
        try:
            yield from tail.rest()
        finally:
            tail.close()

    def is_done(self) -> bool:
        """Every source has ended, and detect's snapshots cover everything intake wrote."""
        self.look()
        return len(self.ledger.ended) == len(self.sources) and self.is_covered()

    def look(self) -> Ledger:
        """Read the signals that are there; the ledger so far."""
        self.ledger.read_signals(self._signals.rest())
        return self.ledger

    def is_covered(self) -> bool:
        """Detect's snapshots cover everything intake wrote."""
        return all(self._covered(n) >= end for n, end in self._signals.ends().items())

    def _covered(self, partition: int) -> int:
        topic = self.prefix + DETECT_STATE
        found = asyncio.run(load_snapshot(Cluster(self.bootstrap), topic, partition))
        return found[0].next_offset if found else 0

    def write_later(self) -> None:
        """One record hours later on every partition: their watermarks close what was before."""
        for topic, place in self.sources:
            value = b'{"summary": "later"}' if topic == CHANGES else event("later", LATER_MS, topic)
            self.write((topic, place), [value], LATER_MS)

    def run_live(self) -> None:
        """A worker closes all that was before the later records, and ends."""
        # So patient that no partition is given up as idle.
        live = self.workers.start(idle_seconds=600, snapshot_seconds=0.5)
        before = LATER_MS // MINUTE_MS - 2

        def closed() -> bool:
            progress = self.look().progress.values()
            through = [p.closed_through >= before for p in progress]
            return len(through) == len(self.sources) and all(through) and self.is_covered()

        until(closed, "the live worker has closed the last minute before the later records")
        assert live.stop() == 0

    def wait_done(self) -> None:
        """Wait until the whole input has gone through; the newest worker must live on."""
        worker = self.workers.all[-1]

        def done() -> bool:
            assert worker.exit_code is None, worker.lines()[-5:]
            return self.is_done()

        until(done, "the whole input has gone through")

    def requeued(self, count: int) -> None:
        """Somebody else has written so many records of input."""
        self._written += count

    def settle(self) -> Ledger:
        """Read what the run wrote and check that every record is accounted for."""
        self.look()
        self.ledger.read_incidents(self.read(INCIDENTS))
        self.ledger.read_letters(self.read(DEAD_LETTERS))
        self.ledger.check(self.written)
        return self.ledger

    def records(self) -> dict[Source, list[Record]]:
        """The input as it stands on the log."""
        logs: dict[Source, list[Record]] = {source: [] for source in self.sources}
        for name in (*INPUTS, CHANGES):
            for message in self.read(name):
                _, ms = message.timestamp()
                record = Record(
                    message.offset() or 0,
                    ms,
                    message.value(),
                    message.key(),
                    headers_of(message),
                )
                logs[name, message.partition() or 0].append(record)
        return logs

    def check_undisturbed(self) -> Ledger:
        """Settle, and compare the incidents with those of an undisturbed run."""
        ledger = self.settle()
        expected = undisturbed(self.records(), self.places[SIGNALS])
        assert ledger.incidents.keys() == expected.keys()
        assert ledger.incidents == expected
        return ledger

    def close(self) -> None:
        """End what runs and delete the topics."""
        self.workers.kill_all()
        self._signals.close()
        self._topics.delete()


@contextmanager
def open_stream(bootstrap: str, prefix: str, folder: Path, partitions: int = 2) -> Iterator[Stream]:
    """A stream that leaves nothing behind."""
    stream = Stream(bootstrap, prefix, folder, partitions)
    try:
        yield stream
    finally:
        stream.close()
