"""Turns of the partitions that are ours: checked, answered in the order of their session, kept.

A turn ends in this order: its session and what is written beside it are durable, its reply is on
the way, its offset may be committed. So a worker that dies loses no answer that somebody has seen,
and what it leaves undone the next owner does, once: a turn that the session knows is not done
again, and a write carries the key that it was proposed with.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec
from aiokafka import ConsumerRecord
from aiokafka.partitioner import DefaultPartitioner
from faust.types import TP

from agents.assistant.known import known
from schemas.turns import Reply, Turn
from streams.assistant.answers import Answers
from streams.assistant.forgeries import Forgeries
from streams.assistant.jobs import Job, MarkDurable, Owned
from streams.assistant.lines import Lines
from streams.assistant.sessions import Sessions
from streams.assistant.showing import Showing
from streams.assistant.words import excuse
from streams.metrics import Metrics
from streams.requests import Forged, Replier, Request, RequestReader

Records = Sequence["ConsumerRecord[bytes, bytes]"]
_PATIENCE = 5.0
"""Seconds that turns have to end when their partition goes."""
_STEP = 0.05
_BLINK = 0.002
_WORTH = 0.5
"""Of the time that is left, what may be spent on waiting."""
_BREATH = 64
"""Records of a batch after which others have their turn."""
_encode = msgspec.json.Encoder().encode
_turn_of = msgspec.json.Decoder(Turn).decode
_place_of = DefaultPartitioner()


@dataclass(frozen=True)
class Limits:
    """`side_by_side` turns are worked on at once, `most` are in the worker at all."""

    side_by_side: int = 64
    most: int = 512


class Turns:
    """`crash` is called with what makes it impossible to go on."""

    def __init__(
        self,
        answers: Answers,
        sessions: Sessions,
        reader: RequestReader,
        replier: Replier,
        metrics: Metrics,
        *,
        partitions: int,
        crash: Callable[[Exception], None],
        limits: Limits = Limits(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._answers = answers
        self._sessions = sessions
        self._reader = reader
        self._replier = replier
        self._metrics = metrics
        self._places = list(range(partitions))
        self._crash = crash
        self._clock = clock
        self._owned: dict[TP, Owned] = {}
        self._lines: Lines[Job] = Lines(
            self._work, side_by_side=limits.side_by_side, most=limits.most
        )
        self._forgeries = Forgeries(time.monotonic)
        self._running: dict[Job, asyncio.Task[None]] = {}

    def unfinished(self) -> dict[TP, int | None]:
        """Of every partition that is ours the first offset that is not done with, if any."""
        return {tp: owned.unfinished.first for tp, owned in self._owned.items()}

    def show(self) -> None:
        """Put into the metrics how much there is to do."""
        self._metrics.put("groundswell_turns_in_flight", self._lines.working, "working")
        self._metrics.put("groundswell_turns_in_flight", self._lines.waiting, "waiting")

    # -- partitions come and go

    async def load(self, tps: Iterable[TP], mark_durable: MarkDurable) -> None:
        """Take partitions over, with their sessions."""
        wanted = list(tps)
        await self.drop(wanted)
        await self._sessions.load(tp.partition for tp in wanted)
        self._owned |= {tp: Owned(tp, mark_durable) for tp in wanted}

    async def drop(self, tps: Iterable[TP]) -> None:
        """End what is being worked on, leave the rest to the next owner."""
        going = [self._owned[tp] for tp in tps if tp in self._owned]
        for owned in going:
            owned.gone = True
        running = {job: task for job, task in self._running.items() if job.owned.gone}
        if running:
            await asyncio.wait(running.values(), timeout=_PATIENCE)
        for job, task in running.items():
            while job.saving and not task.done():
                await asyncio.wait({task}, timeout=_STEP)
            task.cancel()
        # Until what they came to is noted, too.
        while any(job.owned.gone for job in self._running):
            await asyncio.sleep(_BLINK)
        for _ in self._lines.take_out(lambda job: job.owned.gone):
            self._count("handed_on")
        for owned in going:
            self._owned.pop(owned.tp, None)
        self._sessions.drop(owned.tp.partition for owned in going)

    # -- turns come in

    async def take(self, tp: TP, records: Records) -> None:
        """Line up the turns of a batch; what cannot be worked on is answered at once."""
        owned = self._owned.get(tp)
        if owned is None:
            return
        for n, record in enumerate(records, 1):
            if n % _BREATH == 0:
                await asyncio.sleep(0)
            if owned.gone:
                return
            owned.unfinished.begin(record.offset)
            if not await self._line_up(owned, record):
                self._finish(owned, record.offset)

    async def _line_up(self, owned: Owned, record: "ConsumerRecord[bytes, bytes]") -> bool:
        """False if there is nothing more to be done with it."""
        now_ms = self._now_ms()
        try:
            request = self._reader.read(record, now_ms)
            if request.deadline_ms <= now_ms:
                self._count("expired")
                return False
            turn = self._turn(request)
        except Forged as forged:
            self._metrics.add("groundswell_turns_forged_total", 1, forged.flaw)
            self._forgeries.log(forged.flaw, record.partition, record.offset)
            return False
        # With the person: nobody fills the line of a session that is not theirs.
        line = (turn.session, turn.tenant, turn.user)
        if line in self._lines:
            turn = msgspec.structs.replace(turn, unseen=True)
        job = Job(owned, request, turn)
        # Whoever would wait for most of their time is told now, while they can do something else.
        in_time = self._lines.patience_s * 1000 < _WORTH * self._left_ms(job)
        if in_time and self._lines.put(line, job):
            return True
        await self._say(job, excuse(turn, "busy"))
        return False

    def _turn(self, request: Request) -> Turn:
        """Whose session and tenant are those of the record. Raises Forged."""
        try:
            turn = _turn_of(request.value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Forged("value") from None
        if turn.session.encode() != request.key or turn.tenant != request.tenant:
            raise Forged("value")
        # On another partition the same session would have two owners.
        if _place_of(request.key, self._places, self._places) != request.partition:
            raise Forged("place")
        return turn

    # -- a turn is worked on

    async def _work(self, job: Job) -> None:
        if job.owned.gone:
            self._count("handed_on")
            return
        task = asyncio.create_task(self._answer(job))
        self._running[job] = task
        try:
            await asyncio.wait({task})
            if task.cancelled():
                self._count("handed_on")
            elif error := task.exception():
                # Nothing of ours can be kept, or told: whoever starts again goes on from the log.
                assert isinstance(error, Exception)
                self._crash(error)
            else:
                self._finish(job.owned, job.request.offset)
        finally:
            del self._running[job]

    async def _answer(self, job: Job) -> None:
        began_ms = self._now_ms()
        if job.request.deadline_ms <= began_ms:
            self._count("expired")
            return
        waited = max(0.0, began_ms - job.request.sent_ms)
        self._metrics.observe("groundswell_turn_seconds", waited / 1000, "waited")
        turn = job.turn
        whose = (turn.tenant, turn.user)
        session = self._sessions.get(job.request.partition, turn.session, whose, began_ms)
        if (reply := known(session, turn, began_ms)) is not None:
            await self._say(job, reply)
            return
        showing = Showing(self._replier, job)
        try:
            reply = await self._answers.find(job, session, began_ms, waited, showing)
        finally:
            await showing.end()
        await self._say(job, reply)

    # -- how it ends

    async def _say(self, job: Job, reply: Reply) -> None:
        self._count(reply.status)
        await self._replier.send(job.request, _encode(reply))

    def _finish(self, owned: Owned, offset: int) -> None:
        durable = owned.unfinished.end(offset)
        if self._owned.get(owned.tp) is owned:
            owned.mark_durable(owned.tp, durable)

    def _count(self, outcome: str) -> None:
        self._metrics.add("groundswell_turns_total", 1, outcome)

    def _left_ms(self, job: Job) -> float:
        return job.request.deadline_ms - self._clock() * 1000

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)
