"""One run over an input that ends: topics and worker of its own, cleaned up whatever happens."""

import asyncio
import math
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka import Message as KafkaMessage
from confluent_kafka.admin import AdminClient

from schemas.errors import NotOurs
from schemas.incidents import Incident, decode_incident
from schemas.signals import END, Counters, Progress, decode_signal
from schemas.topics import CHANGES, DETECT_STATE, INCIDENTS, INPUTS, SIGNALS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.errors import OperatorError
from streams.play.player import Player
from streams.states import load_snapshot
from streams.totals import total

_POLL = 0.2
_STOP_SECONDS = 15.0
ELECTION_SECONDS = 5.0
GROUP = "groundswell"
"""Consumer group of the worker, without the prefix."""
_OURS = {"GROUNDSWELL_GROUP": GROUP}
"""Whatever ours says: by this name we ask how far it has come."""
NO_LEADER = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError._UNKNOWN_PARTITION,  # what the client says while it has half the metadata
)


class WorkerDied(OperatorError):
    """The worker of the run ended: the message says why."""


class Tail:
    """Reads all partitions of one topic from the beginning, without a group."""

    def __init__(self, cluster: Cluster, topic: str, partitions: int) -> None:
        self._consumer = Consumer(
            {
                **cluster.for_librdkafka(),
                "group.id": "groundswell-tail",
                "enable.auto.commit": False,
                # Retention may have deleted the beginning; without this it would wait for ever.
                "auto.offset.reset": "earliest",
                "fetch.message.max.bytes": 4 * 1024 * 1024,
            }
        )
        self._places = [TopicPartition(topic, n, 0) for n in range(partitions)]
        self._consumer.assign(self._places)

    def new(self, wait: float = 0.0) -> Iterator[KafkaMessage]:
        """What has come since the last call; waits at most so long for the first message."""
        while batch := self._consumer.consume(1000, timeout=wait):
            yield from (message for message in batch if message.error() is None)
            wait = 0.0

    def rest(self) -> Iterator[KafkaMessage]:
        """Everything up to the end as it is now."""
        ends = self.ends()
        while any(p.offset < ends.get(p.partition, p.offset) for p in self._positions()):
            # The client waits this long for a full batch, even if the end has come before.
            yield from self.new(wait=0.05)

    def _positions(self) -> list[TopicPartition]:
        positions: list[TopicPartition] = self._consumer.position(self._places)
        return positions

    def ends(self) -> dict[int, int]:
        """End offset of every partition that holds anything."""
        bounds = {place.partition: self._bounds(place) for place in self._places}
        return {partition: high for partition, (low, high) in bounds.items() if high > low}

    def _bounds(self, place: TopicPartition) -> tuple[int, int]:
        deadline = time.monotonic() + ELECTION_SECONDS
        while True:
            try:
                bounds: tuple[int, int] = self._consumer.get_watermark_offsets(place, timeout=10.0)
            except KafkaException as error:
                # A topic shows up a moment before its partitions have leaders.
                if error.args[0].code() not in NO_LEADER or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return bounds

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()


class BoundedRun(AbstractContextManager["BoundedRun"]):
    """Own topics under a prefix of its own, a bounded worker, and what became of the input."""

    def __init__(self, cluster: Cluster, *, name: str, partitions: int = 2) -> None:
        self.cluster = cluster
        self.prefix = f"{name}-{secrets.token_hex(4)}-"
        self.partitions = partitions
        self.counters: dict[tuple[str, int], Counters] = {}
        self._ended: set[tuple[str, int]] = set()
        self._seen: set[str] = set()
        self._admin = TopicAdmin(cluster, self.prefix)
        self._worker: subprocess.Popen[bytes] | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        try:
            # History is older than any retention.
            forever = {name: {"retention.ms": "-1"} for name in (*INPUTS, CHANGES)}
            self._admin.create(self.partitions, forever)
            there = self._admin.existing()
            cut = len(self.prefix)
            self.places = {n[cut:]: p for n, p in there.items() if n.startswith(self.prefix)}
            self.player = Player(self.cluster, self.prefix, self.places)
            self._signals = Tail(self.cluster, self.prefix + SIGNALS, 1)
            places = self.places[INCIDENTS]
            self._incidents = Tail(self.cluster, self.prefix + INCIDENTS, places)
            self._start_worker()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._clean_up()

    def _start_worker(self) -> None:
        command = [sys.executable, "-P", "-m", "streams", "worker", "--bounded", "--port", "0"]
        command += ["--bootstrap", self.cluster.bootstrap, "--prefix", self.prefix]
        # It runs where we do, as settings may name files from here, and has our code all the same.
        path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        # In a session of its own: Ctrl-C is ours to handle, and we stop it.
        self._worker = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path)), **_OURS},
        )

    def _clean_up(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.terminate()
            try:
                worker.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        self._log.close()
        for tail in (getattr(self, "_signals", None), getattr(self, "_incidents", None)):
            if tail is not None:
                tail.close()
        self._admin.delete()
        self._admin.delete_groups()

    @property
    def group_id(self) -> str:
        """Full name of the worker's consumer group."""
        return self.prefix + GROUP

    @property
    def total(self) -> Counters:
        """What became of all records so far."""
        return total(self.counters.values())

    def accounted(self) -> int:
        """Records that have been accepted, found duplicate or refused."""
        total = self.total
        return total.accepted + total.duplicates + sum(total.refused.values())

    def news(self) -> Iterator[Incident]:
        """Revisions that have come since they were asked for, each once. Raises WorkerDied."""
        yield from self._unseen(self._incidents.new())
        if self._worker is not None and self._worker.poll() is not None:
            raise WorkerDied(f"the worker ended: {self._last_words()}")

    def revisions(self, each: Callable[[], None]) -> Iterator[Incident]:
        """Revisions as they come, each once, until the whole input has gone through.

        Calls `each` several times a second. Raises WorkerDied.
        """
        while not self._is_done():
            yield from self.news()
            each()
            time.sleep(_POLL)
        yield from self._unseen(self._incidents.rest())
        each()

    def later(self, patience: float | None = None) -> Iterator[Incident]:
        """Revisions that come after that, from commands; for so many seconds, or for ever.

        Raises WorkerDied.
        """
        deadline = math.inf if patience is None else time.monotonic() + patience
        while time.monotonic() < deadline:
            yield from self.news()
            time.sleep(_POLL)

    def _unseen(self, messages: Iterable[KafkaMessage]) -> Iterator[Incident]:
        for message in messages:
            incident = decode_incident(message.value() or b"")
            if incident.event_id not in self._seen:
                self._seen.add(incident.event_id)
                yield incident

    def clusters(self) -> int:
        """Themes found, by the final snapshots."""
        topic = self.prefix + DETECT_STATE
        count = 0
        for n in range(self.places[SIGNALS]):
            found = asyncio.run(load_snapshot(self.cluster, topic, n))
            products = found[1]["products"].values() if found else ()
            count += sum(len(product["themes"]) for product in products)
        return count

    def _is_done(self) -> bool:
        """Every source has ended, and detect has made everything durable that they brought."""
        for message in self._signals.new():
            try:
                signal = decode_signal(message.value() or b"")
            except NotOurs:
                continue
            if isinstance(signal, Progress):
                source = (signal.topic, signal.partition)
                self.counters[source] = signal.counters
                if signal.closed_through == END:
                    self._ended.add(source)
        sources = sum(self.places[name] for name in (*INPUTS, CHANGES))
        return len(self._ended) == sources and self._committed()

    def _committed(self) -> bool:
        ends = Tail(self.cluster, self.prefix + SIGNALS, self.places[SIGNALS])
        try:
            wanted = ends.ends()
        finally:
            ends.close()
        admin = AdminClient(self.cluster.for_librdkafka())
        group = self.group_id
        asked = [TopicPartition(self.prefix + SIGNALS, n) for n in wanted]
        answer = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group, asked)])
        found = answer[group].result().topic_partitions
        return all(place.offset >= wanted[place.partition] for place in found)

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self._worker.returncode if self._worker else 0}"
