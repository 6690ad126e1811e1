"""Carries the incidents of the topic to one receiver, however long that takes."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import stamina

from agents.incidents.book import Book
from schemas.incidents import RANK, Incident
from sinks.backlog import Backlog
from sinks.config import Receiver
from sinks.errors import CannotRead, Rejected, Unreachable
from sinks.feed import Feed, Told
from sinks.pacing import Pacer

logger = logging.getLogger(__name__)

KEPT = 10_000
"""Revisions that may wait before the topic is read no further, if each of them counts."""
_LONGEST_PAUSE = 60.0
_MOST_DOUBLINGS = 10
_ROOM = 0.2
_FAREWELL = 5.0


class Meter(Protocol):
    """Where the numbers go: metrics by name, value and label."""

    def add(self, name: str, amount: float, *labels: str | int) -> None: ...
    def put(self, name: str, value: float, *labels: str | int) -> None: ...


class Courier:
    """One receiver, one reader of the topic, and what lies between them.

    `clock` gives epoch milliseconds. `pause`: seconds after the first failure in a row; they
    double up to a minute. `rounds` grows as long as the topic is read.
    """

    def __init__(
        self,
        receiver: Receiver,
        feeds: Callable[[], Feed],
        meter: Meter,
        clock: Callable[[], int],
        pause: float = 1.0,
    ) -> None:
        self.name = receiver.name
        self.rounds = 0
        self._sink = receiver.sink
        self._common = receiver.common
        self._feeds = feeds
        self._meter = meter
        self._clock = clock
        self._pause = pause
        self._pacer = Pacer(receiver.per_minute)
        self._started = False
        self._falls = 0

    async def run(self) -> None:
        """For ever; whatever goes wrong is logged and tried again."""
        try:
            while True:
                try:
                    await self._carry()
                except* CannotRead as errors:
                    logger.warning("%s: %s", self.name, errors.exceptions[0])
                except* Exception:
                    self._meter.add("groundswell_sink_failures_total", 1, self.name, "error")
                    logger.exception("%s: stopped by an error of ours; it starts again", self.name)
                self._falls = min(self._falls + 1, _MOST_DOUBLINGS)
                await asyncio.sleep(min(self._pause * 2**self._falls, _LONGEST_PAUSE))
        finally:
            await self._sink.stop()

    async def _carry(self) -> None:
        """From the beginning of the topic on. Raises an ExceptionGroup."""
        feed = self._feeds()
        self._book = Book()
        self._backlog = Backlog(every=self._sink.every_revision)
        self._caught_up = asyncio.Event()
        self._news = asyncio.Event()
        self._remind_at = 0
        try:
            async with asyncio.TaskGroup() as tasks:
                await feed.start()
                tasks.create_task(self._read(feed))
                tasks.create_task(self._give(feed))
        finally:
            with suppress(CannotRead, TimeoutError):
                # What was taken before a stop is not given again after it.
                await asyncio.wait_for(self._settle(feed), _FAREWELL)
            await feed.stop()

    async def _read(self, feed: Feed) -> None:
        async for batch in feed.batches():
            self.rounds += 1
            for told in batch:
                self._take_in(told)
            self._show_lag()
            if batch:
                self._news.set()
            if self._sink.every_revision or feed.caught_up():
                # Not before: what is still to come may say that an incident is over.
                self._caught_up.set()
            while self._sink.every_revision and len(self._backlog) >= KEPT:
                self.rounds += 1
                await feed.renew()
                await asyncio.sleep(_ROOM)

    def _take_in(self, told: Told) -> None:
        incident = told.incident
        concerns = self._concerns(incident, self._book.get(incident.incident_id))
        # What was over before the receiver was there needs no word: it was told of nothing.
        over = told.past and incident.status == "resolved" and not self._sink.every_revision
        if concerns and (over or (not told.news and self._is_news(incident))):
            self._book.take(incident)
        if not told.news:
            return
        if not concerns:
            self._backlog.skip(told.place)
            return
        # In any case: an older revision that waits goes with it.
        self._backlog.add(told)
        if over:
            self._backlog.done([told])

    def _concerns(self, incident: Incident, before: Incident | None) -> bool:
        products, least = self._common.products, RANK[self._common.min_severity]
        if products and incident.product not in products:
            return False
        return before is not None or RANK[incident.severity] >= least

    def _is_news(self, incident: Incident) -> bool:
        if self._sink.every_revision:
            return True
        before = self._book.get(incident.incident_id)
        older = before is not None and incident.revision <= before.revision
        return not older and self._sink.wants(before, incident)

    async def _give(self, feed: Feed) -> None:
        await self._caught_up.wait()
        while True:
            await self._persist()
            await self._settle(feed)
            self._show_lag()
            if not self._backlog:
                await self._wait_for_news()

    async def _settle(self, feed: Feed) -> None:
        for place in self._backlog.settled():
            await feed.settle(place)

    async def _wait_for_news(self) -> None:
        self._news.clear()
        seconds = max(0, self._remind_at - self._clock()) / 1000
        try:
            await asyncio.wait_for(
                self._news.wait(), seconds if self._sink.remind_seconds else None
            )
        except TimeoutError:
            return

    async def _persist(self) -> None:
        """One round, again until the receiver has taken it; meanwhile newer revisions come."""
        async for attempt in stamina.retry_context(
            on=self._again,
            attempts=None,
            timeout=None,
            wait_initial=self._pause,
            wait_max=_LONGEST_PAUSE,
            wait_jitter=self._pause,
        ):
            with attempt:
                await self._round()

    def _again(self, error: Exception) -> bool | float:
        """Whether to try again, after how many seconds if the receiver said so."""
        if not isinstance(error, Unreachable):
            return False
        self._meter.add("groundswell_sink_failures_total", 1, self.name, error.reason)
        logger.warning("%s: %s", self.name, error)
        return True if error.retry_after is None else error.retry_after

    async def _round(self) -> None:
        """Say again what is due, and hand over what comes next. Raises Unreachable."""
        if not self._started:
            await self._start()
        if self._sink.remind_seconds and self._clock() >= self._remind_at:
            await self._remind()
        self._backlog.done([told for told in self._backlog if not self._is_news(told.incident)])
        if self._backlog:
            await self._pacer.turn()
            await self._hand_over(self._backlog.next(self._most()))

    async def _start(self) -> None:
        await self._sink.stop()
        try:
            await self._sink.start()
        except Rejected as error:
            # Nothing can be given to it until somebody has mended that: nothing may be lost.
            raise Unreachable(str(error), _LONGEST_PAUSE, "start") from None
        self._started = True

    def _most(self) -> int:
        """One by one while there are turns left; then the rest in one call."""
        if not self._sink.groups:
            return self._sink.batch
        return 1 if self._pacer.left() >= 1 else self._sink.batch

    async def _hand_over(self, some: list[Told]) -> None:
        """Raises Unreachable; what was refused is looked for by halves."""
        try:
            await self._sink.deliver([told.incident for told in some], self._clock())
        except Rejected as error:
            if len(some) > 1:
                for half in (some[: len(some) // 2], some[len(some) // 2 :]):
                    await self._pacer.turn()
                    await self._hand_over(half)
                return
            self._meter.add("groundswell_sink_rejected_total", 1, self.name)
            logger.error("%s: %s is refused: %s", self.name, some[0].incident.event_id, error)
        else:
            self._meter.add("groundswell_sink_delivered_total", len(some), self.name)
            self._taken()
            for told in some:
                self._book.take(told.incident)
        self._backlog.done(some)

    async def _remind(self) -> None:
        waiting = {told.incident.incident_id for told in self._backlog}
        due = [i for i in self._book.unresolved() if i.incident_id not in waiting]
        try:
            await self._sink.remind(due, self._clock())
        except Rejected as error:
            logger.error("%s: a reminder is refused: %s", self.name, error)
        else:
            self._taken()
        self._remind_at = self._clock() + round(self._sink.remind_seconds * 1000)

    def _taken(self) -> None:
        self._falls = 0
        self._meter.put("groundswell_sink_delivered_timestamp", self._clock() / 1000, self.name)

    def _show_lag(self) -> None:
        self._meter.put("groundswell_sink_lag", len(self._backlog), self.name)
