"""Changes on the log: writing one, and reading those that are there."""

import secrets
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from schemas.changes import Change, ChangeMessage, decode_change
from schemas.errors import Reason, Refusal
from schemas.topics import CHANGES
from sinks.cluster import Cluster
from sinks.kafka import Message
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.changes.errors import BadForm
from streams.outbox import send


class ChangeLog:
    """The `changes` topic under a prefix."""

    def __init__(self, cluster: Cluster, prefix: str) -> None:
        self._cluster = cluster
        self._topic = prefix + CHANGES
        self._admin = TopicAdmin(cluster, prefix)

    def check(self) -> int:
        """Partitions of the topic. Raises NoBroker, Refused, TopicsDiffer."""
        return self._admin.partitions(CHANGES)

    async def add(self, message: ChangeMessage, now_ms: int) -> Change:
        """Write it, and say what Groundswell will take it for. Raises BadForm, DeliveryFailed.

        One that brings no id is given one.
        """
        named = replace(message, id=message.id or f"change-{secrets.token_hex(8)}")
        try:
            value = msgspec.json.encode(named)
            change = decode_change(value, "", now_ms)
        except UnicodeEncodeError:
            raise BadForm("it is not UTF-8 text") from None
        except Refusal as refusal:
            empty = refusal.reason is Reason.EMPTY_TEXT
            why = "the summary is empty" if empty else refusal.detail or str(refusal.reason)
            raise BadForm(why) from None
        await send(self._cluster, Message(self._topic, value, timestamp_ms=now_ms))
        return change

    def all(self) -> Iterator[Change]:
        """Every change up to now, each id once, as they came; what is refused is left out.

        Raises NoBroker, Refused, TopicsDiffer.
        """
        tail = Tail(self._cluster, self._topic, self.check())
        seen: set[str] = set()
        try:
            for message in tail.rest():
                source = f"{CHANGES}-{message.partition()}@{message.offset()}"
                try:
                    change = decode_change(message.value(), source, message.timestamp()[1])
                except Refusal:
                    continue
                if change.id not in seen:
                    seen.add(change.id)
                    yield change
        finally:
            tail.close()
