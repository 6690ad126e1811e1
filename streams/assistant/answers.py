"""One turn answered, and the answer durable."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date

import msgspec

from agents.assistant.answer import Answer, Partly
from schemas.sessions import Session
from schemas.topics import REQUESTS
from schemas.turns import Reply, Timing
from sinks.errors import SinkError
from streams import spans
from streams.assistant.answering import Answering, ToolsOf, WordsOf
from streams.assistant.conduct import conduct
from streams.assistant.jobs import Job
from streams.assistant.sessions import Sessions
from streams.assistant.words import excuse
from streams.logs import log_failure
from streams.metrics import Metrics
from streams.wording import count_reply

logger = logging.getLogger(__name__)
_OVERDUE = 0.5
"""Seconds after its deadline that a turn is broken off: its tools should have seen to that."""


class Answers:
    """`topic` gives full names; `clock`, epoch seconds; `today`, the date at the bank."""

    def __init__(
        self,
        answering: Answering,
        tools_of: ToolsOf,
        words_of: WordsOf,
        sessions: Sessions,
        metrics: Metrics,
        *,
        topic: Callable[[str], str],
        group: str,
        clock: Callable[[], float],
        today: Callable[[], date],
    ) -> None:
        self._answering = answering
        self._tools_of = tools_of
        self._words_of = words_of
        self._sessions = sessions
        self._metrics = metrics
        self._topic = topic
        self._group = group
        self._clock = clock
        self._today = today

    async def find(
        self, job: Job, session: Session | None, began_ms: int, waited: float, partly: Partly
    ) -> Reply:
        """The reply; `waited`: milliseconds. Raises SinkError: nothing can be kept."""
        request = job.request
        headers = [("traceparent", request.trace.encode())] if request.trace else []
        topic = self._topic(REQUESTS)
        with spans.process(topic, request.partition, request.offset, self._group, headers) as span:
            reply = await self._found(job, session, began_ms, waited, partly)
            span.set_attribute("groundswell.status", reply.status)
            span.set_attribute("groundswell.intent", reply.intent)
        count_reply(self._metrics, reply)
        return reply

    async def _found(
        self, job: Job, session: Session | None, began_ms: int, waited: float, partly: Partly
    ) -> Reply:
        turn = job.turn

        def left_ms() -> float:
            return job.request.deadline_ms - self._clock() * 1000

        began = self._clock()
        tools = self._tools_of(turn, job.request.deadline_ms)
        kept = _Keeper(self._sessions, job)
        try:
            async with asyncio.timeout(left_ms() / 1000 + _OVERDUE):
                answer = await self._answering.answer(
                    session,
                    turn,
                    tools,
                    now_ms=began_ms,
                    today=self._today(),
                    left_ms=left_ms,
                    keep=kept,
                    words=self._words_of(turn, session),
                    partly=partly,
                )
            worked = (self._clock() - began) * 1000
            await self._keep(job, _with_worked(answer, worked))
        except SinkError:
            raise
        except Exception as error:
            if isinstance(kept.error, SinkError):
                raise kept.error from None
            log_failure(logger, "a turn failed", error, session=turn.session, turn=turn.turn)
            return excuse(turn, "failed")
        self._metrics.observe("groundswell_turn_seconds", worked / 1000, "worked")
        timing = Timing(
            waited=round(waited, 1),
            worked=round(worked, 1),
            tools=dict(tools.spent),
            model=answer.reply.timing.model,
        )
        return msgspec.structs.replace(answer.reply, timing=timing)

    async def _keep(self, job: Job, answer: Answer) -> None:
        if answer.session is None:
            return
        began = self._clock()
        told = conduct(answer, job.turn.session, self._topic)
        # Who takes over does a turn that the session knows no second time: a step of a write is on
        # record before, or would never be.
        beside, first = ((), told) if answer.audit else (told, ())
        job.saving = True
        await self._sessions.save(job.request.partition, answer.session, beside, first)
        self._metrics.observe("groundswell_turn_seconds", self._clock() - began, "saved")


class _Keeper:
    """Makes a session durable before a write is sent; `error`: why that was not possible."""

    def __init__(self, sessions: Sessions, job: Job) -> None:
        self._sessions = sessions
        self._job = job
        self.error: Exception | None = None

    async def __call__(self, session: Session) -> None:
        self._job.saving = True
        try:
            await self._sessions.save(self._job.request.partition, session)
        except Exception as error:
            self.error = error
            raise
        finally:
            self._job.saving = False


def _with_worked(answer: Answer, worked_ms: float) -> Answer:
    if answer.interaction is None:
        return answer
    interaction = msgspec.structs.replace(answer.interaction, worked_ms=round(worked_ms, 1))
    return answer._replace(interaction=interaction)
