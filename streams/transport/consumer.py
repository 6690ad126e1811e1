"""The micro-batch consumer: one message per partition and poll, commits only what is durable.

How it differs from Faust's consumer, for topics declared with ``BatchSchema``:

* A poll gives one message per partition. Its value is the list of records, its offset is the
  offset of the last of them. Faust acks it when the agent asks for the next batch; the ack only
  says that the batch is done and frees its place (``max_in_flight``), it commits nothing.
* ``mark_durable`` says what may be committed. Faust's own timer, stop and revoke commit it.
* After every assignment a partition starts where ``resume_offsets`` says.

Three rules keep it right across a rebalance:

* A seek never overlaps a poll (``_polling``), so what a poll returns starts at a known position.
* Each assignment or revocation starts a new ``_epoch``; what an older one polled is dropped.
* A partition is polled only when it has an entry in ``_next_offset``, which only a completed seek
  makes; records below that entry were delivered before and are dropped.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams.transport.schema import BatchSchema

ResumeOffsets = Callable[[frozenset[TP]], Awaitable[Mapping[TP, int]]]
OnRevoked = Callable[[frozenset[TP]], Awaitable[None]]

# Seconds until a partition whose batches are all in flight is looked at again.
RECHECK = 0.02
# Seconds that a stop or a rebalance waits for the last commit: a gone broker must not hold it up.
LAST_COMMIT_TIMEOUT = 3.0


class TransportError(Exception):
    """Base of the errors of the transport."""


class ResumeOffsetError(TransportError):
    """The state is ahead of its topic: restore the topic, or delete the state that is about it."""


class BatchConsumer(driver.Consumer):
    """Faust's consumer, with batches for the topics declared with ``BatchSchema``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._batched_topics: frozenset[str] = frozenset()
        self._next_offset: dict[TP, int] = {}
        self._durable: dict[TP, int] = {}
        self._in_flight: dict[TP, deque[ConsumerMessage]] = {}
        self._epoch = 0
        self._polling = asyncio.Lock()

    def mark_durable(self, tp: TP, offset: int) -> None:
        """Allow ``offset``, the next one to read after a crash, to be committed for ``tp``.

        Call it when the state that covers everything below ``offset`` is durable. An offset below
        an earlier one, and a partition that is no longer ours, change nothing.
        """
        if tp in self._next_offset:
            self._durable[tp] = max(offset, self._durable.get(tp, 0))

    def next_offset(self, tp: TP) -> int | None:
        """Which offset of ``tp`` is delivered next; None until its place is known."""
        return self._next_offset.get(tp)

    def in_flight(self, tp: TP) -> int:
        """Batches of ``tp`` that were delivered to the agent and are not done yet."""
        batches = self._in_flight.setdefault(tp, deque())
        # Not counted in ack(): Faust's compiled stream iterator never calls it.
        while batches and batches[0].acked:
            batches.popleft()
        return len(batches)

    # -- delivery

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """Poll once; yield one message per batched partition, then the others one by one."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        active: set[TP] = self._get_active_partitions()
        if not self._batched(active) <= self._next_offset.keys():
            # Faust gives perform_seek a time limit and then starts the flow all the same.
            with suppress(IllegalStateError):  # revoked meanwhile: the next assignment seeks
                await self.perform_seek()
            return
        ready = {tp for tp in active if self._has_room(tp)}
        if not ready or self.should_stop:
            await self.sleep(RECHECK)
            return
        epoch = self._epoch
        async with self._polling:
            polled = await self._getmany(
                active_partitions=ready, timeout=timeout if len(ready) == len(active) else RECHECK
            )
        for tp, message in self._messages({ensure_TP(tp): r for tp, r in polled.items()}, epoch):
            with suppress(AssertionError):  # the consumer's thread may have just lost it
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
            yield tp, message

    def _messages(
        self, polled: dict[TP, list[ConsumerRecord[Any, Any]]], epoch: int
    ) -> Iterator[tuple[TP, ConsumerMessage]]:
        for tp in sorted(self._batched(polled)):
            batch = polled.pop(tp)
            if self._is_over(epoch):
                return
            start = self._next_offset[tp]
            if batch[0].offset < start:
                batch = [record for record in batch if record.offset >= start]
            if batch:
                message = self._batch_message(tp, batch)
                self._next_offset[tp] = message.offset + 1
                self._in_flight.setdefault(tp, deque()).append(message)
                yield tp, message
        for tp, record in self.scheduler.iterate(polled):
            if self._is_over(epoch):
                return
            if tp in self._active_partitions or tp in self._buffered_partitions:
                yield tp, self._to_message(tp, record)

    def _is_over(self, epoch: int) -> bool:
        # Nothing is lost: whatever stops the flow or starts an epoch is followed by a seek.
        return epoch != self._epoch or not self.flow_active or bool(self.should_stop)

    def _batch_message(self, tp: TP, batch: list[ConsumerRecord[Any, Any]]) -> ConsumerMessage:
        last = batch[-1]
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000.0,
            last.timestamp_type,
            None,
            None,
            batch,
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    def _has_room(self, tp: TP) -> bool:
        limit: int = self.transport.max_in_flight
        return tp.topic not in self._batched_topics or self.in_flight(tp) < limit

    def _batched(self, tps: Collection[TP]) -> frozenset[TP]:
        return frozenset(tp for tp in tps if tp.topic in self._batched_topics)

    # -- positions

    async def perform_seek(self) -> None:
        """Seek every partition to where it starts; a batched one already placed stays there."""
        async with self._polling:
            await super().perform_seek()
            owned = self._batched(self.assignment())
            epoch = self._epoch
            fresh = await self._starts(owned - self._next_offset.keys())
            starts = fresh | {tp: self._next_offset[tp] for tp in owned & self._next_offset.keys()}
            if epoch == self._epoch and starts:
                await self.seek_wait(starts)
                if epoch == self._epoch:
                    self._next_offset.update(starts)
                    # Durable state says so: otherwise the group shows a lag that is not there.
                    self._durable.update(fresh)

    async def _starts(self, tps: frozenset[TP]) -> dict[TP, int]:
        if not tps:
            return {}
        hook = self.transport.resume_offsets
        resume: Mapping[TP, int] = await hook(tps) if hook else {}
        earliest, end = await self.earliest_offsets(*tps), await self.highwaters(*tps)
        starts = {}
        for tp in sorted(tps):
            start = resume.get(tp, self._committed_offset[tp])
            if start is not None and start > end[tp]:
                raise ResumeOffsetError(
                    f"{tp.topic}-{tp.partition} resumes at {start} but ends at {end[tp]}: "
                    "restore the topic, or delete the state that is about it"
                )
            if start is not None and start < earliest[tp]:
                self.log.error(
                    "%s-%s: retention deleted offsets %s to %s before they were read",
                    *(tp.topic, tp.partition, start, earliest[tp] - 1),
                )
            starts[tp] = max(start or 0, earliest[tp])
        return starts

    # -- rebalance

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Tell the app, commit what is durable, then let Faust and the partitions go."""
        batched = self._batched(revoked)
        if batched and not self.should_stop:
            self.stop_flow()
            try:
                if self.transport.on_revoked:
                    await self.transport.on_revoked(batched)
            except Exception as error:
                # aiokafka logs and swallows what a rebalance callback raises.
                await self.crash(error)
            await self.commit_and_end_transactions()
        self._forget_positions()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Start anew: aiokafka assigns eagerly, so a partition that was kept starts again too."""
        self._forget_positions()
        self._batched_topics = frozenset(
            name
            for topic in self.app.topics
            if isinstance(topic.schema, BatchSchema)
            for name in topic.topics
        )
        await super().on_partitions_assigned(assigned, generation_id)

    def _forget_positions(self) -> None:
        self._epoch += 1
        self._next_offset.clear()
        self._durable.clear()
        self._in_flight.clear()

    # -- commit

    async def commit_and_end_transactions(self) -> None:
        """Commit everything durable now: called on a stop and before partitions go."""
        if self.crashed:
            return  # the thread that commits has crashed with us
        try:
            async with asyncio.timeout(LAST_COMMIT_TIMEOUT):
                # A commit under way may have begun before the last mark_durable.
                await self.maybe_wait_for_commit_to_finish()
                await super().commit_and_end_transactions()
        except TimeoutError:
            self.log.warning("No answer to the last commit: what follows it will be read again")

    def _filter_tps_with_pending_acks(
        self, topics: Collection[TP | str] | None = None
    ) -> Iterator[TP]:
        yield from super()._filter_tps_with_pending_acks(topics)
        for tp in self._durable.keys() - self._acked.keys():
            if topics is None or tp in topics or tp.topic in topics:
                yield tp

    def _new_offset(self, tp: TP) -> int | None:
        if tp.topic not in self._batched_topics:
            offset: int | None = super()._new_offset(tp)
            return offset
        # Faust collects the acks of batches too; they commit nothing.
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        # Zero is the offset of a partition of which nothing was read: nothing to commit.
        return self._durable.get(tp) or None

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        if tp.topic not in self._batched_topics:
            await super()._add_gap(tp, offset_from, offset_to)
