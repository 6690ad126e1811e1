"""Reviews on topics of Kafka."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from schemas.errors import Refusal
from schemas.events import Event, decode_event, event_time_ms
from schemas.reviews import Review
from schemas.topics import CHANNELS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.bounded import ELECTION_SECONDS, NO_LEADER
from streams.reviews.day import Day, date_of
from streams.reviews.errors import BadSource, SourceAway
from streams.reviews.sources.options import Columns, TopicOptions
from streams.reviews.sources.record import Record, Unreadable
from streams.reviews.sources.rows import identity, name_of, rating_of, shown, string
from streams.reviews.sources.source import Advance, Source
from streams.settings import Settings

_BATCH = 1_000
_POLL_S = 0.1
_PATIENCE_S = 30.0
"""Without a record or the end of a partition for so long, the broker is away."""


class TopicSource(Source):
    """What the topics hold of a day, read without a group.

    A review is of the day of its own time. One that came later than `late_hours` after the end of
    that day is of the day on which it came, so that none is left out and none is checked twice; a
    record that cannot be read is of the day on which it came.
    """

    def __init__(
        self,
        options: TopicOptions,
        columns: Columns,
        work: Path,
        advance: Advance,
        settings: Settings,
        cluster: Cluster,
    ) -> None:
        super().__init__(work, advance)
        self._options = options
        self._scale = columns.rating_scale
        self._settings = settings
        self._cluster = cluster
        self._late_ms = options.late_ms

    def settled_ms(self, day: Day) -> int:
        """As late as a late review may come."""
        return day.end_ms + self._late_ms

    def _records(self, day: Day) -> Iterator[Record | None]:
        there = TopicAdmin(self._cluster).existing()
        names = [self._settings.topic(name) for name in self._options.topics]
        for name in names:
            if name not in there:
                raise BadSource(f"[source] topics: there is no topic {name} on {self._cluster}")
        with_ahead = day.start_ms - self._settings.max_ahead_ms
        for message in _messages(self._cluster, {n: there[n] for n in names}, with_ahead):
            yield self._record(message, day)

    def _record(self, message: Message, day: Day) -> Record | None:
        came_ms = message.timestamp()[1]
        if came_ms >= self.settled_ms(day):
            return None
        topic = self._settings.base_name(message.topic() or "")
        source = f"{topic}-{message.partition()}@{message.offset()}"
        try:
            event = decode_event(message.value())
            time_ms = event_time_ms(event, came_ms, self._settings.max_ahead_ms)
        except Refusal as refusal:
            if date_of(came_ms, day.zone) != day.date:
                return None
            unreadable = Unreadable(source, refusal.reason.value, shown(refusal.detail))
            return Record(came_ms, source, source, unreadable)
        if self._date(time_ms, came_ms, day.zone) != day.date:
            return None
        said = self._review(event, source, time_ms, CHANNELS.get(topic, ""))
        key = f"{topic}:{identity(event.id)}" if event.id else source
        return Record(time_ms, source, key, said)

    def _date(self, time_ms: int, came_ms: int, zone: ZoneInfo) -> date:
        return max(date_of(time_ms, zone), date_of(came_ms - self._late_ms, zone))

    def _review(self, event: Event, source: str, time_ms: int, channel: str) -> Review:
        return Review(
            source=source,
            time_ms=time_ms,
            text=string(event.text) or "",
            product=name_of(event.product) or self._options.product,
            author=name_of(event.author),
            channel=name_of(event.channel) or self._options.channel or channel,
            lang=name_of(event.lang),
            rating=rating_of(event.rating, self._scale),
        )


def _messages(cluster: Cluster, partitions: dict[str, int], from_ms: int) -> Iterator[Message]:
    """From the first record that is not older, to the end as it is now. Raises SourceAway.

    To the very end, for a record may say that it is older than those before it.
    """
    consumer = Consumer(
        {
            **cluster.for_librdkafka(),
            "group.id": "groundswell-reviews",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "fetch.message.max.bytes": 4 * 1024 * 1024,
        }
    )
    try:
        ends = _ends(consumer, partitions, from_ms)
        consumer.assign(list(ends))
        heard = time.monotonic()
        left = {(place.topic, place.partition): end for place, end in ends.items()}
        while left:
            # It waits so long for a full batch, even if the end has come before.
            batch = consumer.consume(_BATCH, timeout=_POLL_S)
            if batch:
                heard = time.monotonic()
            elif time.monotonic() > heard + _PATIENCE_S:
                raise SourceAway(f"{cluster} does not answer: again when it does")
            for message in batch:
                place = message.topic() or "", message.partition() or 0
                end = left.get(place)
                if end is None:
                    continue
                if (error := message.error()) is not None:
                    _check(error)
                    del left[place]
                    continue
                offset = message.offset() or 0
                if offset < end:
                    yield message
                # Where offsets have gaps the last one may never come.
                if offset >= end - 1:
                    del left[place]
    except KafkaException as error:
        raise SourceAway(f"cannot read from {cluster}: {error.args[0].str()}") from None
    finally:
        consumer.close()


def _ends(
    consumer: Consumer, partitions: dict[str, int], from_ms: int
) -> dict[TopicPartition, int]:
    """Where to begin, and where the end is now, of every partition that has something for us."""
    deadline = time.monotonic() + ELECTION_SECONDS
    while True:
        try:
            return {
                place: consumer.get_watermark_offsets(place, timeout=_PATIENCE_S)[1]
                for place in _beginnings(consumer, partitions, from_ms)
            }
        except KafkaException as error:
            # A topic shows up a moment before its partitions have leaders.
            if error.args[0].code() not in NO_LEADER or time.monotonic() > deadline:
                raise
            time.sleep(_POLL_S)


def _beginnings(
    consumer: Consumer, partitions: dict[str, int], from_ms: int
) -> Iterator[TopicPartition]:
    """Of every partition the first record that is not older, if there is one."""
    places = [(name, number) for name, many in partitions.items() for number in range(many)]
    asked = [TopicPartition(name, number, from_ms) for name, number in places]
    for place in consumer.offsets_for_times(asked, timeout=_PATIENCE_S):
        if place.error is not None:
            raise KafkaException(place.error)
        if place.offset >= 0:
            yield place


def _check(error: KafkaError) -> None:
    """Raises KafkaException for what is not the end of a partition."""
    if error.code() != KafkaError._PARTITION_EOF:
        raise KafkaException(error)
