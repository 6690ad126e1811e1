"""Looks at the log and fixes what a replay will read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import msgspec
from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.times import MINUTE_MS
from schemas.topics import BY_NAME, CHANGES, INPUTS, SIGNALS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin, TopicsDiffer
from streams.replay.errors import CannotReplay, TopicGone
from streams.replay.log import Log, answering, gone, patient
from streams.replay.plan import Plan, Range, Stretch
from streams.replay.versions import code_version, rules_version
from streams.settings import Settings
from windows.alignment import Source

_NAMES = (*INPUTS, CHANGES)
_ASK = 15.0
_NONE = -1
"""What Kafka answers if no record is as late as that."""
_LOOK_SECONDS = 3.0
_ENOUGH = 20
"""Records of a partition whose size is looked at."""


def names_of(given: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Base names of inputs that were given with or without the prefix. Raises CannotReplay."""
    found = []
    for name in given:
        base = name if name in _NAMES else name.removeprefix(prefix)
        if base not in _NAMES:
            raise CannotReplay(f"{name or repr(name)} is no input; there are {', '.join(_NAMES)}")
        found.append(base)
    return tuple(name for name in _NAMES if name in found)


class Planner:
    """Asks the cluster; nothing there is changed. Use it with `contextlib.closing`."""

    def __init__(self, cluster: Cluster, settings: Settings) -> None:
        self._cluster = cluster
        self._settings = settings
        self._log = Log(cluster, patience=_ASK)

    def close(self) -> None:
        """Let go of the connection."""
        self._log.close()

    def plan(self, asked: Range, now_ms: int) -> Plan:
        """The range on the log as it is now. Raises OperatorError."""
        settings, cluster_id = self._settings, self.cluster_id()
        there = TopicAdmin(self._cluster).existing()
        names = asked.topics or _NAMES
        present = [name for name in names if settings.topic(name) in there]
        missing = tuple(name for name in names if name not in present)
        if not present:
            topics = ", ".join(settings.topic(name) for name in missing)
            raise TopicsDiffer(f"no such topics: {topics}; see --prefix, or `groundswell topics`")
        sources = [(n, p) for n in present for p in range(there[settings.topic(n)])]
        with answering(self._cluster):
            return Plan(
                range=asked,
                cluster_id=cluster_id,
                prefix=settings.prefix,
                code=code_version(),
                rules=rules_version(settings),
                shards=there.get(settings.topic(SIGNALS), BY_NAME[SIGNALS].partitions),
                planned_ms=now_ms,
                topic_ids=self._topic_ids(present),
                missing=missing,
                stretches=tuple(self._stretches(asked, sources)),
            )

    def cluster_id(self) -> str:
        """What tells a cluster from others. Raises NoBroker."""
        # First, for it knows how to say why nobody answers.
        TopicAdmin(self._cluster).existing()
        with answering(self._cluster):
            return self._log.consumer.list_topics(timeout=_ASK).cluster_id or ""

    def _topic_ids(self, names: Iterable[str]) -> dict[str, str]:
        """What tells topics from others of the same name. Raises TopicGone, KafkaException."""
        admin = AdminClient(self._cluster.for_librdkafka())
        full = {self._settings.topic(name): name for name in names}
        found = {}
        asked = admin.describe_topics(TopicCollection(list(full)), request_timeout=_ASK)
        for topic, future in asked.items():
            try:
                found[full[topic]] = str(future.result().topic_id)
            except KafkaException as error:
                if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise gone(topic) from None
                raise
        return found

    def check(self, plan: Plan, names: Iterable[str]) -> None:
        """These topics of a plan are still the same. Raises TopicGone, NoBroker."""
        there = TopicAdmin(self._cluster).existing()
        for name in sorted(names):
            topic = self._settings.topic(name)
            if topic not in there:
                raise gone(topic)
            with answering(self._cluster):
                now = self._topic_ids([name])
            if now[name] != plan.topic_ids[name]:
                raise TopicGone(
                    f"topic {topic} was deleted and created again since the replay was planned;"
                    " remove the work folder to plan again"
                )

    def _stretches(self, asked: Range, sources: Sequence[Source]) -> list[Stretch]:
        bounds = {s: self._log.bounds(self._settings.topic(s[0]), s[1]) for s in sources}
        # So long after it every partition that is alive has closed the last minute.
        complete_ms = asked.stop_ms + self._settings.lateness_ms + MINUTE_MS
        starts = self._offsets(sources, asked.read_from_ms)
        ends = self._offsets(sources, asked.stop_ms)
        stops = self._offsets(sources, complete_ms)
        stretches = []
        for source in sources:
            low, high = bounds[source]
            start, end, stop = (
                # The log grows while it is asked.
                min(high if found[source] == _NONE else max(found[source], low), high)
                for found in (starts, ends, stops)
            )
            stretches.append(
                Stretch(
                    topic=source[0],
                    partition=source[1],
                    low=low,
                    start=start,
                    end=end,
                    stop=stop,
                    goes_on=stop < high,
                )
            )
        return self._sampled(stretches, bounds, asked)

    def _offsets(self, sources: Sequence[Source], ms: int) -> dict[Source, int]:
        """Of the first record that is as late as that."""
        # One time a request: two of the same partition would get one answer.
        places = [TopicPartition(self._settings.topic(name), n, ms) for name, n in sources]
        found = patient(lambda: self._log.consumer.offsets_for_times(places, timeout=_ASK))
        for place in found:
            if place.error is not None:
                raise KafkaException(place.error)
        return dict(zip(sources, (place.offset for place in found), strict=True))

    def _sampled(
        self, stretches: Sequence[Stretch], bounds: dict[Source, tuple[int, int]], asked: Range
    ) -> list[Stretch]:
        """The same with what a look at the first records and at some in the middle tells."""
        firsts = {s.source: s.start for s in stretches if s.start < bounds[s.source][1]}
        first_ms, sizes = self._look(firsts)
        middles = {s.source: s.start + s.size // 2 for s in stretches if s.size > _ENOUGH}
        for source, more in self._look(middles)[1].items():
            sizes[source] = sizes.get(source, []) + more
        found = []
        for stretch in stretches:
            seen = sizes.get(stretch.source) or [0]
            first = first_ms.get(stretch.source)
            found.append(
                msgspec.structs.replace(
                    stretch,
                    first_ms=first if stretch.size else None,
                    bytes=stretch.size * sum(seen) // len(seen),
                    clipped=stretch.start == stretch.low > 0
                    and (first is None or first > asked.read_from_ms),
                )
            )
        return found

    def _look(
        self, offsets: dict[Source, int]
    ) -> tuple[dict[Source, int], dict[Source, list[int]]]:
        """Of every partition from an offset on: the time of its first record, and some sizes."""
        by_topic = {(self._settings.topic(name), n): (name, n) for name, n in offsets}
        consumer = self._log.consumer
        consumer.assign([TopicPartition(*full, offsets[s]) for full, s in by_topic.items()])
        first_ms: dict[Source, int] = {}
        sizes: dict[Source, list[int]] = {source: [] for source in offsets}
        waiting = set(offsets)
        deadline = time.monotonic() + _LOOK_SECONDS
        try:
            while waiting and time.monotonic() < deadline:
                for message in consumer.consume(500, timeout=0.05):
                    source = by_topic[message.topic() or "", message.partition() or 0]
                    seen = sizes[source]
                    if message.error() is not None:
                        waiting.discard(source)
                    elif len(seen) < _ENOUGH:
                        first_ms.setdefault(source, message.timestamp()[1])
                        seen.append(len(message))
                    if len(seen) >= _ENOUGH:
                        waiting.discard(source)
        finally:
            consumer.unassign()
        return first_ms, sizes
