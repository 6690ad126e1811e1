"""Asking the language model about incidents, one question per incident at a time."""

import asyncio
import logging
import time
from collections.abc import Callable
from traceback import extract_tb

from agents.incidents.book import Book
from agents.llm.analyst import ModelAnalyst
from agents.llm.budget import Bill
from schemas.causes import Rca
from schemas.commands import Cost, Explain
from schemas.incidents import Incident
from sinks.feed import Place
from streams.enrichment.commands import BY, CommandLog
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
_ASKED = Rca("pending", "model", (), (), None)


class Asking:
    """Holds nobody up: each question is a task, and the analyst bounds how many run.

    A place is `done` when the answer stands on the log. While an incident is asked about, its
    later revisions wait, and then one question is enough for all of them.
    """

    def __init__(
        self,
        analyst: ModelAnalyst,
        book: Book,
        commands: CommandLog,
        done: Callable[[Place], None],
        metrics: Metrics,
    ) -> None:
        self._analyst = analyst
        self._book = book
        self._commands = commands
        self._done = done
        self._metrics = metrics
        self._asked: dict[str, Incident] = {}
        self._places: dict[str, list[Place]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Incidents that wait for an answer."""
        return len(self._places)

    def wants(self, incident: Incident) -> bool:
        """Whether this revision is one to ask about; it then counts as asked about.

        Give it every revision once, those that were settled long ago, too.
        """
        name = incident.incident_id
        if incident.status == "resolved":
            self._asked.pop(name, None)
            return False
        if not self._analyst.wants(incident, self._asked.get(name)):
            return False
        self._asked[name] = incident
        return True

    def ask(self, incident_id: str, place: Place) -> None:
        """Find out, and tell the incident."""
        if incident_id in self._places:
            self._places[incident_id].append(place)
            return
        self._places[incident_id] = [place]
        task = asyncio.create_task(self._ask(incident_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Give up what is asked; it stays unsettled. Safe to call twice."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, incident_id: str) -> None:
        done = 0
        while done < len(self._places[incident_id]):
            places = self._places[incident_id][done:]
            done += len(places)
            try:
                await self._tell(incident_id)
            except Exception as error:
                # One incident must not end the others. The error may quote feedback: only its kind.
                at = extract_tb(error.__traceback__)[-1]
                logger.error(
                    "an incident is passed over: %s at %s:%s",
                    type(error).__name__,
                    at.filename,
                    at.lineno,
                    extra={"incident": incident_id},
                )
                self._metrics.add("groundswell_enrich_failures_total", 1, "ask")
            for place in places:
                self._done(place)
        del self._places[incident_id]

    async def _tell(self, incident_id: str) -> None:
        incident = self._book.get(incident_id)
        if incident is None or incident.status == "resolved":
            return

        async def announce(most: Cost) -> None:
            # On the log first: a call during which this process dies is paid for as well.
            asked = Explain(incident_id=incident_id, by=BY, rca=_ASKED, cost=most)
            await self._commands.write([asked])

        began, bill = time.monotonic(), Bill(announce)
        rca = await self._analyst.explain(incident, bill)
        self._metrics.observe(
            "groundswell_enrich_answer_seconds", time.monotonic() - began, rca.status
        )
        place = incident.slice.attributes
        answer = Explain(incident_id=incident_id, by=BY, rca=rca, place=place, cost=bill.cost)
        await self._commands.write([answer])
