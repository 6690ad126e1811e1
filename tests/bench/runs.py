"""Our worker as a contestant: topics of its own, filled first, then read once from the start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas.incidents import Incident, decode_incident
from schemas.topics import INPUTS
from sinks.cluster import Cluster
from streams.bounded import BoundedRun
from tests.bench.feeder import Feeder

_ROOT = Path(__file__).parents[2]
_STOP_SECONDS = 60


@dataclass(frozen=True)
class Spent:
    """CPU and wall clock seconds between the first and the last record, and events between.

    `published`: seconds from the judgement to the log, of each revision.
    """

    cpu_s: float
    wall_s: float
    events: int
    published: tuple[float, ...] = ()

    @property
    def us_per_event(self) -> float:
        """CPU microseconds an event."""
        return 1e6 * self.cpu_s / self.events


class MeasuredRun(BoundedRun):
    """A bounded run whose worker starts when it is told to, and says what it has spent.

    `topics` are the input topics that `feeder` writes to, with `inputs` partitions each.
    """

    def __init__(
        self, bootstrap: str, *, topics: tuple[str, ...] = INPUTS, inputs: int = 4
    ) -> None:
        super().__init__(Cluster(bootstrap), name="bench", partitions=4)
        self._inputs = inputs
        self.topics = [self.prefix + name for name in topics]
        self.feeder = Feeder(bootstrap, self.topics, inputs)

    def __enter__(self) -> Self:
        # Before the others are created with the partitions of the table.
        admin = AdminClient(self.cluster.for_librdkafka())
        forever = {"retention.ms": "-1", "max.message.bytes": str(11 * 1024 * 1024)}
        new = [NewTopic(self.prefix + name, self._inputs, 1, config=forever) for name in INPUTS]
        for future in admin.create_topics(new).values():
            future.result()
        return super().__enter__()

    def _start_worker(self) -> None:
        """Not yet: see `begin`."""

    def begin(
        self,
        *,
        bounded: bool = True,
        intake_only: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> psutil.Process:
        """Start the worker, with settings of `environ`."""
        command = [sys.executable, "-m", "tests.bench.measured_worker"]
        command += ["--bootstrap", self.cluster.bootstrap, "--prefix", self.prefix]
        command += ["--bounded"] * bounded + ["--intake-only"] * intake_only
        self._worker = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
            cwd=_ROOT,
            env={**os.environ, **(environ or {})},
        )
        return psutil.Process(self._worker.pid)

    def finish(self) -> Spent:
        """Stop the worker; what it has spent from the first batch to the last one of any stage."""
        assert self._worker is not None
        self._worker.terminate()
        out, _ = self._worker.communicate(timeout=_STOP_SECONDS)
        if self._worker.returncode:
            raise RuntimeError(f"the worker failed: {self._last_words()}")
        marks: dict[str, Any] = json.loads(out)
        last = max(marks[stage] for stage in ("intake", "detect") if stage in marks)
        cpu, wall = (end - begin for end, begin in zip(last, marks["first"], strict=True))
        return Spent(cpu, wall, marks["records"], tuple(marks["published"]))

    def measure(self, *, intake_only: bool = False) -> Spent:
        """End the input, read it once from the start and say what that took."""
        self.player.end()
        self.begin(intake_only=intake_only)
        for _ in self.revisions(lambda: None):
            pass
        spent = self.finish()
        if self.accounted() != self.feeder.written or spent.events != self.feeder.written:
            raise RuntimeError(f"{self.feeder.written} written, {self.accounted()} accounted for")
        return spent

    def published(self) -> Iterator[tuple[int, Incident]]:
        """Every revision on the topic by now and the time of its record in epoch ms."""
        for message in self._incidents.rest():
            yield message.timestamp()[1], decode_incident(message.value() or b"")

    def forget_read(self) -> None:
        """Let the broker delete the input that nobody needs again."""
        admin = AdminClient(self.cluster.for_librdkafka())
        group = self.prefix + "groundswell"
        asked = [TopicPartition(topic, n) for topic in self.topics for n in range(self._inputs)]
        answer = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group, asked)])
        read = [place for place in answer[group].result().topic_partitions if place.offset > 0]
        for future in admin.delete_records(read).values() if read else ():
            future.result()
