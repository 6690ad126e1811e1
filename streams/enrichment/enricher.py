"""Follows the incidents, and tells them what they have to do with each other and why they are."""

import logging
from collections.abc import Callable, Hashable

from agents.incidents.book import Book
from agents.incidents.relations import Relation, Relations
from agents.llm.analyst import ModelAnalyst
from schemas.commands import Relate
from schemas.incidents import Incident
from sinks.errors import CannotRead
from sinks.feed import Feed, Place, Told
from sinks.settlement import Settlement
from streams.enrichment.asking import Asking
from streams.enrichment.commands import BY, CommandLog
from streams.enrichment.patience import Outage, Patience
from streams.enrichment.spending import spent
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
_LOOK = 0.5
"""Seconds after which a quiet topic is not waited for any longer."""


class Enricher:
    """A revision is settled when every command that follows from it stands on the log.

    What it has told incidents it learns from the commands themselves: after a restart nothing is
    told twice. `clock_ms`: epoch milliseconds. Without an analyst it only relates.
    """

    def __init__(
        self,
        new_feed: Callable[[], Feed],
        commands: CommandLog,
        metrics: Metrics,
        outage: Outage,
        analyst: ModelAnalyst | None,
        clock_ms: Callable[[], int],
    ) -> None:
        self._new_feed = new_feed
        self._commands = commands
        self._metrics = metrics
        self._analyst = analyst
        self._clock_ms = clock_ms
        self._book = Book()
        self._relations = Relations(self._book)
        self._settlement = Settlement()
        self._asking = (
            Asking(analyst, self._book, commands, self._settlement.done, metrics)
            if analyst
            else None
        )
        self._news: list[tuple[Incident, Place]] = []
        self._patience = Patience("reading incidents", outage)
        self._feed = new_feed()

    @property
    def asking(self) -> int:
        """Incidents that wait for an answer of the model."""
        return self._asking.waiting if self._asking else 0

    async def start(self) -> None:
        """Connect, and learn what has been told. Raises CannotRead."""
        history = await self._commands.history()
        for command, at_ms in history:
            if isinstance(command, Relate):
                self._relations.heard(_relation(command), at_ms)
        if self._analyst:
            for spending in spent(history):
                self._analyst.booked(spending.incident_id, spending.cost, spending.at_ms)
        await self._feed.start()

    async def run(self) -> None:
        """Until it is cancelled; a Kafka that is away is waited for."""
        while True:
            try:
                async for batch in self._feed.batches(_LOOK):
                    await self._take(batch)
                    self._patience.over()
            except CannotRead as error:
                await self._feed.stop()
                await self._patience.wait(error)
                await self._reconnect()

    async def _reconnect(self) -> None:
        """It will tell everything from the beginning; book and settlement know it already."""
        self._feed = self._new_feed()
        while True:
            try:
                await self._feed.start()
                return
            except CannotRead as error:
                await self._patience.wait(error)

    async def stop(self) -> None:
        """Give up what is asked, and disconnect; safe to call twice."""
        if self._asking:
            await self._asking.stop()
        await self._feed.stop()

    async def progress(self) -> tuple[dict[Hashable, int], dict[Hashable, int]]:
        """Positions and ends of the partitions, as liveness wants them. Raises CannotRead."""
        found = await self._feed.progress()
        for partition, (position, end) in found.items():
            lag = max(0, end - position) + self._settlement.waiting(partition)
            self._metrics.put("groundswell_enrich_lag", lag, partition)
        return (
            {partition: position for partition, (position, _) in found.items()},
            {partition: end for partition, (_, end) in found.items()},
        )

    async def _take(self, batch: list[Told]) -> None:
        for told in batch:
            self._learn(told)
        if not self._feed.caught_up():
            # Half of the book would make half of the relations.
            return
        await self._relate()
        self._ask()
        for place in self._settlement.settled():
            await self._feed.settle(place)

    def _learn(self, told: Told) -> None:
        incident = told.incident
        opened = told.news and self._settlement.open(told.place)
        taken = self._book.take(incident)
        if taken:
            try:
                self._relations.learn(incident)
            except ValueError as error:
                logger.error(
                    "an incident is passed over: %s",
                    error,
                    extra={"incident": incident.incident_id},
                )
                self._metrics.add("groundswell_enrich_failures_total", 1, "learn")
        if opened and taken:
            self._news.append((incident, told.place))
        elif opened:
            self._settlement.done(told.place)
        elif taken and self._asking:
            self._asking.wants(incident)

    async def _relate(self) -> None:
        if found := self._relations.tell(self._clock_ms()):
            await self._commands.write([_command(relation) for relation in found])

    def _ask(self) -> None:
        news, self._news = self._news, []
        for incident, place in news:
            if self._asking and self._asking.wants(incident):
                self._asking.ask(incident.incident_id, place)
            else:
                self._settlement.done(place)


def _relation(command: Relate) -> Relation:
    return Relation(command.incident_id, command.related, command.head_incident_id)


def _command(relation: Relation) -> Relate:
    return Relate(
        incident_id=relation.incident_id,
        by=BY,
        related=relation.related,
        head_incident_id=relation.head_incident_id,
    )
