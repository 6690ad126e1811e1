"""Refused records go to the dead-letter topic, up to a limit on their share."""

from collections.abc import Iterable
from typing import Protocol

from schemas.dead_letters import DeadLetter
from sinks.errors import TooManyRefused
from sinks.kafka import Headers, KafkaSink, Message


class Original(Protocol):
    """The record that was refused."""

    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


class RefusedLimit:
    """Stops a worker that would shovel a bad deploy into the dead letters.

    The share is taken over a stretch of records of one input partition; a stretch with fewer
    records than `stretch` is never judged, so a few bad records in a quiet hour stop nothing.
    """

    def __init__(self, share: float, stretch: int) -> None:
        self.share = share
        self.stretch = stretch
        self._seen: dict[tuple[str, int], tuple[int, int]] = {}

    def count(self, topic: str, partition: int, records: int, refused: int, last: str) -> None:
        """Count a batch; `last` describes its last refusal. Raises TooManyRefused."""
        all_before, refused_before = self._seen.get((topic, partition), (0, 0))
        total, bad = all_before + records, refused_before + refused
        if total < self.stretch:
            self._seen[topic, partition] = (total, bad)
            return
        self._seen[topic, partition] = (0, 0)
        if bad > self.share * total:
            raise TooManyRefused(
                f"{bad} of the last {total} records of {topic}-{partition} were refused (limit "
                f"{self.share:.0%}; the last one: {last}): mend the producer, or raise "
                "refused_share, then start again; nothing is lost"
            )


class DeadLetterSink:
    """Writes refused records with their original key, value and headers."""

    def __init__(self, sink: KafkaSink, topic: str) -> None:
        self._sink = sink
        self._topic = topic

    async def write(self, refused: Iterable[tuple[DeadLetter, Original]]) -> None:
        """Write and wait until they are durable. Raises DeliveryFailed."""
        await self._sink.write(
            Message(
                self._topic,
                record.value,
                # The client refuses a record that has neither; Kafka does not.
                b"" if record.key is None and record.value is None else record.key,
                headers=[*record.headers, *letter.headers()],
            )
            for letter, record in refused
        )
