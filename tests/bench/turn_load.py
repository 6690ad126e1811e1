"""Customers who talk to a gateway, as a process of its own; run as a module.

Open loop: turns begin at random moments of a rate, whether those before them are answered or not,
and their time counts from that moment. A conversation goes on one to three seconds after an answer,
with the next turn that is due; if none waits to go on, the turn begins a new one. Whoever is
refused or not answered leaves. Reads a `Plan` as JSON from standard input, prints a `Report`.
"""

import asyncio
import gc
import heapq
import itertools
import resource
import secrets
import sys
import time
from pathlib import Path
from random import Random

import aiohttp
import msgspec

from schemas.turns import Reply
from tests.bench.conversations import Conversation
from tests.bench.customers import Customer

_PATIENCE = aiohttp.ClientTimeout(total=6.0)
_THINKS_S = (1.0, 3.0)
_IDLE_S = 8.0
"""Less than the gateway keeps a connection, so that none is closed under a request."""


class Phase(msgspec.Struct, frozen=True):
    """So many turns a second."""

    rate: float
    seconds: float


class Plan(msgspec.Struct, frozen=True):
    """`customers`: the file of `tests.bench.customers`; `begin_s`: epoch seconds, when to begin."""

    url: str
    customers: str
    seed: int
    phases: list[Phase]
    begin_s: float


class Turned(msgspec.Struct, frozen=True, array_like=True):
    """A turn: when it began (seconds after the beginning) and how long it took.

    `http`: 0 if there was none. `status`: of the reply, or the problem's name. `useful`: something
    to read, and if it came late also something to do. `waited`, `worked`: milliseconds as the reply
    says.
    """

    at: float
    ms: float
    http: int
    status: str
    kind: str
    useful: bool
    intent: str = ""
    degraded: tuple[str, ...] = ()
    waited: float = 0.0
    worked: float = 0.0


class Report(msgspec.Struct, frozen=True):
    """`behind_ms`: how late a turn was sent at the worst; `cpu_s`: of this process."""

    turns: list[Turned]
    behind_ms: float
    cpu_s: float


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    turn: str
    session: str = ""
    text: str = ""
    choice: str = ""


class _Problem(msgspec.Struct, frozen=True):
    type: str = ""


_problem_of = msgspec.json.Decoder(_Problem).decode
_reply_of = msgspec.json.Decoder(Reply).decode


class _Crowd:
    """All customers, and the conversations that wait to go on, the earliest first."""

    def __init__(self, plan: Plan, session: aiohttp.ClientSession) -> None:
        self._plan = plan
        self._session = session
        self._luck = Random(plan.seed)
        self._customers = msgspec.json.decode(
            Path(plan.customers).read_bytes(), type=list[Customer]
        )
        self._waiting: list[tuple[float, int, Conversation]] = []
        # The same turn of the same person again would be answered without any work.
        self._name = secrets.token_hex(6)
        self._numbers = itertools.count()
        self._began = 0.0
        self.behind = 0.0
        self.turns: list[Turned] = []

    async def run(self) -> None:
        """All phases, and the answers to their last turns."""
        await asyncio.sleep(self._plan.begin_s - time.time())
        self._began = due = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            end = due
            for phase in self._plan.phases:
                end += phase.seconds
                while (due := due + self._luck.expovariate(phase.rate)) < end:
                    if (early := due - time.perf_counter()) > 0:
                        await asyncio.sleep(early)
                    self.behind = max(self.behind, time.perf_counter() - due)
                    group.create_task(self._turn(self._next(due), due))
                due = end

    def _next(self, now: float) -> Conversation:
        if self._waiting and self._waiting[0][0] <= now:
            return heapq.heappop(self._waiting)[2]
        return Conversation(self._luck, self._luck.choice(self._customers))

    async def _turn(self, conversation: Conversation, due: float) -> None:
        said = conversation.say()
        number = next(self._numbers)
        body = _Body(f"{self._name}-{number}", conversation.session, said.text, said.choice)
        headers = {
            "Authorization": f"Bearer {conversation.customer.token}",
            "Content-Type": "application/json",
        }
        http, raw = 0, b""
        try:
            async with self._session.post(
                self._plan.url, data=msgspec.json.encode(body), headers=headers
            ) as response:
                raw = await response.read()
                http = response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            pass
        now = time.perf_counter()
        reply = _reply_of(raw) if http in (200, 504) else None
        self.turns.append(
            Turned(
                due - self._began,
                (now - due) * 1000,
                http,
                reply.status if reply else _why(raw),
                said.kind,
                reply is not None and _useful(reply),
                reply.intent if reply else "",
                reply.degraded if reply else (),
                reply.timing.waited if reply else 0.0,
                reply.timing.worked if reply else 0.0,
            )
        )
        if reply is not None and reply.status == "answered":
            conversation.hear(reply)
            if not conversation.over:
                again = now + self._luck.uniform(*_THINKS_S)
                heapq.heappush(self._waiting, (again, number, conversation))


def _why(problem: bytes) -> str:
    return _problem_of(problem).type.rpartition("#")[2] if problem else ""


def _useful(reply: Reply) -> bool:
    if reply.status == "answered":
        return bool(reply.text)
    return bool(reply.status == "late" and reply.text and reply.actions and reply.degraded)


async def _main(plan: Plan) -> Report:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S)
    async with aiohttp.ClientSession(connector=connector, timeout=_PATIENCE) as session:
        crowd = _Crowd(plan, session)
        gc.freeze()
        gc.set_threshold(100_000)
        await crowd.run()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Report(crowd.turns, crowd.behind * 1000, used.ru_utime + used.ru_stime)


if __name__ == "__main__":
    report = asyncio.run(_main(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(report))
