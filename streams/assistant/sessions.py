"""Sessions of the partitions that are ours: in memory, and on a compacted topic.

A partition of requests and the one of sessions with the same number belong together: whoever owns
the first is the only one who writes to the second. A session is its person's: the same id said by
two people is two sessions, so that nobody finds out, or takes, what somebody else has.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from schemas.sessions import EXPIRES_MS, Session
from sinks.cluster import Cluster
from sinks.kafka import Message
from sinks.producer import Producer
from streams.assistant.holders import Holders, Whose
from streams.metrics import Metrics
from streams.states import Changes, read_changes

GRACE_MS = 60_000
"""A session is deleted so long after it is over: clocks differ."""
_KEPT_SECONDS = 600.0
"""A partition that comes back sooner is only read from where we left it."""
MOST_BYTES = 900_000
_decode = msgspec.json.Decoder(Session).decode


class SessionTooLarge(Exception):
    """The topic would not take it, now or ever: the turn fails, and the session stays as it was."""


class _Head(msgspec.Struct):
    seen_ms: int
    tenant: str
    user: str


_head = msgspec.json.Decoder(_Head).decode


class _Kept(NamedTuple):
    """A session as bytes, when it was last used, and whose it is."""

    seen_ms: int
    value: bytes
    whose: Whose


@dataclass
class _Partition:
    """Sessions as bytes, the longest silent first; the log is known up to `next_offset`."""

    next_offset: int = 0
    values: OrderedDict[bytes, _Kept] = field(default_factory=OrderedDict)
    left: float = 0.0

    def take(self, changes: Changes) -> None:
        if changes.whole:
            self.values.clear()
        for key, value in changes.values.items():
            kept = None if value is None else _kept(value)
            if kept is None:
                self.values.pop(key, None)
            else:
                self.values[key] = kept
        self.values = OrderedDict(sorted(self.values.items(), key=lambda item: item[1].seen_ms))
        self.next_offset = changes.next_offset


def _key(session: str, whose: Whose) -> bytes:
    return msgspec.json.encode((session, *whose))


def _kept(value: bytes) -> _Kept | None:
    try:
        head = _head(value)
    except msgspec.DecodeError:
        return None
    return _Kept(head.seen_ms, value, (head.tenant, head.user))


class Sessions:
    """`most` sessions in all; if there are more some are lost, the longest silent first: those of
    who has more than a few before everybody's, so that nobody pushes the others out.
    """

    def __init__(
        self,
        cluster: Cluster,
        topic: str,
        sink: Producer,
        metrics: Metrics,
        *,
        most: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cluster = cluster
        self._topic = topic
        self._sink = sink
        self._metrics = metrics
        self._most = most
        self._clock = clock
        self._owned: dict[int, _Partition] = {}
        self._left: dict[int, _Partition] = {}
        self._holders = Holders()

    def __len__(self) -> int:
        return sum(len(mine.values) for mine in self._owned.values())

    async def load(self, partitions: Iterable[int]) -> None:
        """Read what their last owner wrote, before anything else is done with them."""
        wanted = sorted(partitions)
        mine = [self._left.pop(n, _Partition()) for n in wanted]
        found = await asyncio.gather(
            *(
                read_changes(self._cluster, self._topic, n, one.next_offset)
                for n, one in zip(wanted, mine, strict=True)
            )
        )
        for n, one, changes in zip(wanted, mine, found, strict=True):
            one.take(changes)
            self._owned[n] = one
        held = (
            (n, *item) for n, one in zip(wanted, mine, strict=True) for item in one.values.items()
        )
        for n, key, kept in sorted(held, key=lambda one: one[2].seen_ms):
            self._holders.used(kept.whose, (n, key), kept.seen_ms)

    def drop(self, partitions: Iterable[int]) -> None:
        """They are somebody else's from now on."""
        for n in partitions:
            if (mine := self._owned.pop(n, None)) is not None:
                for key, kept in mine.values.items():
                    self._holders.gone(kept.whose, (n, key))
                mine.left = self._clock()
                self._left[n] = mine

    def get(self, partition: int, session: str, whose: Whose, now_ms: int) -> Session | None:
        """None if this person has none of this id, or it is over."""
        kept = self._owned[partition].values.get(_key(session, whose))
        if kept is None or kept.seen_ms + EXPIRES_MS < now_ms:
            return None
        try:
            return _decode(kept.value)
        except msgspec.DecodeError:
            # Written by a version that is gone.
            return None

    async def save(
        self,
        partition: int,
        session: Session,
        beside: Iterable[Message] = (),
        first: Iterable[Message] = (),
    ) -> None:
        """Durable on return, with what was to be written beside it, and what is to be there before.

        Raises DeliveryFailed, SessionTooLarge.
        """
        whose = (session.tenant, session.user)
        key, value = _key(session.session, whose), msgspec.json.encode(session)
        if len(value) > MOST_BYTES:
            raise SessionTooLarge(f"{len(value)} bytes")
        mine = self._owned.get(partition)
        await self._sink.place(first)
        offsets = await self._sink.place([Message(self._topic, value, key, partition), *beside])
        if mine is None:
            return
        if self._owned.get(partition) is mine:
            self._holders.used(whose, (partition, key), session.seen_ms)
        mine.values[key] = _Kept(session.seen_ms, value, whose)
        mine.values.move_to_end(key)
        mine.next_offset = max(mine.next_offset, offsets[0] + 1)

    async def tidy(self, now_ms: int) -> None:
        """Delete what is over, and what is too much. Raises DeliveryFailed."""
        for n, mine in list(self._left.items()):
            if self._clock() - mine.left > _KEPT_SECONDS:
                del self._left[n]
        for n, mine in list(self._owned.items()):
            over = []
            for key, kept in mine.values.items():
                if kept.seen_ms + EXPIRES_MS + GRACE_MS >= now_ms:
                    break
                over.append(key)
            await self._end(n, mine, over, "expired")
        if (extra := len(self) - self._most) > 0:
            await self._thin_out(extra)
        while (extra := len(self) - self._most) > 0:
            n, mine = max(self._owned.items(), key=lambda item: len(item[1].values))
            oldest = [key for key, _ in zip(mine.values, range(extra), strict=False)]
            await self._end(n, mine, oldest, "evicted")
        for n, mine in self._owned.items():
            self._metrics.put("groundswell_sessions", len(mine.values), n)

    async def _thin_out(self, extra: int) -> None:
        """Ends the oldest sessions of those who have more than a few, as far as there is need."""
        going: dict[int, list[bytes]] = {}
        for n, key in self._holders.too_many(extra):
            going.setdefault(n, []).append(key)
        for n, keys in sorted(going.items()):
            # While others are ended it may become somebody else's.
            if (mine := self._owned.get(n)) is not None:
                await self._end(n, mine, [key for key in keys if key in mine.values], "evicted")

    async def _end(self, n: int, mine: _Partition, keys: list[bytes], why: str) -> None:
        if not keys:
            return
        for key in keys:
            whose = mine.values.pop(key).whose
            if self._owned.get(n) is mine:
                self._holders.gone(whose, (n, key))
        await self._sink.place(Message(self._topic, None, key, n) for key in keys)
        # One that was said something meanwhile may stand before its own end.
        again = [(key, mine.values[key].value) for key in keys if key in mine.values]
        await self._sink.place(Message(self._topic, value, key, n) for key, value in again)
        self._metrics.add("groundswell_sessions_ended_total", len(keys), why)
