"""A turn from its caller to the assistant and back, whichever way it came in."""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from schemas.turns import Reply, Turn
from sinks.clock import now_ms
from streams.gateway.admission import Gate
from streams.gateway.asking import Asking, OnPart
from streams.gateway.bodies import Said
from streams.gateway.late import late_reply
from streams.gateway.limits import Limits
from streams.gateway.problems import Refused
from streams.gateway.tokens import Caller
from streams.gateway.tracing import spanned
from streams.metrics import Metrics
from streams.requests.errors import NoReply, Overloaded, RequestError

_SLACK_SECONDS = 0.1
"""Whoever carries the turn keeps the deadline; if it hangs, the person is answered anyway."""


class Told(NamedTuple):
    """A reply, the trace it belongs to, and how long it took."""

    reply: Reply
    trace: dict[str, str]
    seconds: float


@dataclass(frozen=True)
class TurnRules:
    """`hotline`: the link that a person is given when nothing else is left."""

    deadline_ms: int = 2_000
    hotline: str = "app://help/hotline"


class Turns:
    """Counts, admits, asks, and answers by itself when nothing comes."""

    def __init__(
        self, asking: Asking, limits: Limits, gate: Gate, rules: TurnRules, metrics: Metrics
    ) -> None:
        self._asking = asking
        self._limits = limits
        self._gate = gate
        self._rules = rules
        self._metrics = metrics
        self._key = secrets.token_bytes(32)
        self.is_draining = False

    @property
    def ready(self) -> bool:
        """Whether turns are taken."""
        return self._asking.ready and not self.is_draining

    @property
    def in_flight(self) -> int:
        """Turns under way."""
        return self._gate.in_flight

    def count(self, caller: Caller) -> None:
        """Let the caller's next request in, before anything is done for it. Raises Refused."""
        if self.is_draining:
            raise Refused("draining", "ask again: another gateway will answer", 1.0)
        self._limits.turn(caller)

    async def say(
        self,
        caller: Caller,
        said: Said,
        brought: Mapping[str, str],
        on_part: OnPart | None = None,
        *,
        unseen: bool = False,
    ) -> Told:
        """The answer; `unseen`: said before the last one was there. Raises Refused."""
        turn_id = said.turn or secrets.token_urlsafe(12)
        turn = Turn(
            session=said.session or self._new_session(caller, turn_id),
            turn=turn_id,
            tenant=caller.tenant,
            user=caller.user,
            text=said.text,
            choice=said.choice,
            lang=said.lang,
            strong_ms=caller.strong_ms,
            unseen=unseen,
        )
        return await self._ask(turn, brought, on_part)

    async def show(self, caller: Caller, session: str, brought: Mapping[str, str]) -> Told:
        """What was said in a session. Raises Refused."""
        turn = Turn(
            session=session,
            turn=secrets.token_urlsafe(12),
            tenant=caller.tenant,
            user=caller.user,
            strong_ms=caller.strong_ms,
            kind="show",
        )
        return await self._ask(turn, brought, None)

    def _new_session(self, caller: Caller, turn: str) -> str:
        """128 bits that nobody can guess, the same again for a turn that is sent again."""
        of = f"{len(caller.tenant)}:{caller.tenant}:{len(caller.user)}:{caller.user}:{turn}"
        digest = hashlib.blake2b(of.encode(errors="replace"), digest_size=16, key=self._key)
        return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()

    async def _ask(self, turn: Turn, brought: Mapping[str, str], on_part: OnPart | None) -> Told:
        try:
            self._gate.enter()
        except Refused as refused:
            self._done("overloaded", 0.0)
            raise Refused(
                refused.code,
                refused.problem.detail,
                refused.problem.retry_after,
                late_reply(turn, self._rules.hotline, "busy"),
            ) from None
        started, outcome, waited = time.monotonic(), "cut_off", 0.0
        try:
            with spanned(f"turn {turn.kind}", brought) as (span, passed):
                span.set_attribute("groundswell.tenant", turn.tenant)
                reply = await self._answer(turn, passed, on_part)
                outcome = reply.status
                span.set_attribute("groundswell.outcome", outcome)
        except RequestError as error:
            outcome = error.outcome
            code = "overloaded" if isinstance(error, Overloaded) else "not-ready"
            reply = late_reply(turn, self._rules.hotline, "late")
            raise Refused(code, "please try again", error.retry_after_s, reply) from None
        else:
            seconds = time.monotonic() - started
            waited = seconds - reply.timing.worked / 1000
        finally:
            self._gate.leave(waited)
            self._done(outcome, time.monotonic() - started)
        _check(reply)
        return Told(reply, passed, seconds)

    async def _answer(self, turn: Turn, passed: Mapping[str, str], on_part: OnPart | None) -> Reply:
        """The assistant's reply, or ours at the deadline. Raises RequestError."""
        patience = self._rules.deadline_ms
        deadline = now_ms() + patience
        try:
            async with asyncio.timeout(patience / 1000 + _SLACK_SECONDS):
                return await self._asking.ask(
                    turn, deadline_ms=deadline, trace=passed, on_part=on_part
                )
        except (NoReply, TimeoutError):
            return late_reply(turn, self._rules.hotline)

    def _done(self, outcome: str, seconds: float) -> None:
        self._metrics.observe("groundswell_gateway_turn_seconds", seconds, outcome)


def _check(reply: Reply) -> None:
    """Raises Refused for what is no answer to the person."""
    match reply.status:
        case "refused":
            raise Refused("no-such-session")
        case "busy":
            raise Refused("session-busy", "wait for the answers", 1.0, reply)
        case "failed":
            raise Refused("failed", reply=reply)
