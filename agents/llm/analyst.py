"""The analyst that asks a language model; code checks what it says and reports how it went."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from agents.incidents.citations import verified
from agents.llm.breaker import Breaker
from agents.llm.budget import Bill, Budget, estimate
from agents.llm.cache import Cache, key_of
from agents.llm.canary import leaked
from agents.llm.client import ModelClient, Reply
from agents.llm.errors import (
    AnswerLeaks,
    AnswerMalformed,
    BudgetSpent,
    ModelAway,
    ModelDeclined,
    ModelError,
    ModelRefused,
)
from agents.llm.probe import Form, probe, response_format
from agents.llm.prompt import PROMPT_VERSION, Marks, Prompt, ask, ask_again, new_marks, spoken
from agents.llm.schema import Answer, parse, schema_of
from agents.llm.settings import ModelSettings
from schemas.causes import Hypothesis, Rca, RcaStatus
from schemas.commands import Cost
from schemas.incidents import RANK, Incident

_GROWTH = 2
_READ = 10
"""Hypotheses or steps that are looked at; fewer are kept."""


@dataclass
class Counts:
    """What the asking came to since the start, for metrics.

    `malformed`: answers not of the form; `dropped`: hypotheses that cited no fact. Tokens and money
    of a call that broke off are those that were held back for it.
    """

    calls: int = 0
    cached: int = 0
    malformed: int = 0
    dropped: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0


class ModelAnalyst:
    """Hypotheses of a language model for one incident after the other, several at the same time.

    `clock_ms`: epoch milliseconds now. `seed`: a secret from which the fences of the data are made.
    """

    def __init__(
        self,
        settings: ModelSettings,
        client: ModelClient,
        *,
        clock_ms: Callable[[], int],
        seed: int,
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock_ms = clock_ms
        self._seed = seed
        self._number = 0
        self._form: Form | None = None
        self._budget = Budget(settings)
        self._cache: Cache[Rca] = Cache(settings.cache_hours)
        self._in_flight = asyncio.Semaphore(settings.in_flight)
        self.breaker = Breaker()
        self.counts = Counts()

    async def probe(self) -> str:
        """Ask the server to which form it can hold its model; that form is used from now on.

        `json_schema`, `json_object` or `text`; the answers are checked in any case. Without it the
        first question asks. Raises ModelError.
        """
        self._form = await probe(self._client)
        return self._form

    def wants(self, incident: Incident, before: Incident | None) -> bool:
        """Whether to ask (again): at the opening, then when something material has changed.

        `before` is the revision last asked about. Material: a higher severity, another slice, twice
        the reports.
        """
        if incident.status in ("resolved", "suppressed"):
            return False
        if before is None:
            return True
        place = incident.slice
        return (
            RANK[incident.severity] > RANK[before.severity]
            or (not place.abstained and place.attributes != before.slice.attributes)
            or incident.observed.count >= _GROWTH * before.observed.count
        )

    def booked(self, incident_id: str, cost: Cost, at_ms: int) -> None:
        """What was spent before the start, at that time (epoch ms); oldest first."""
        self._budget.book(incident_id, cost, min(at_ms, self._clock_ms()))

    async def explain(self, incident: Incident, bill: Bill | None = None) -> Rca:
        """What the model says of the cause; without hypotheses, status and reason say why.

        What it costs is put on the `bill`. Raises nothing for what the model or its server do. It
        takes up to twice `timeout_s`, and longer while others are in flight.
        """
        try:
            rca = await self._explain(incident, bill or Bill())
        except BudgetSpent as error:
            rca = _nothing("skipped_budget", str(error), incident)
        except ModelDeclined as error:
            rca = _nothing("abstained", str(error), incident)
        except ModelError as error:
            rca = _nothing("failed", str(error), incident)
        return rca

    async def _explain(self, incident: Incident, bill: Bill) -> Rca:
        settings = self._settings
        key = key_of(incident, f"{settings.model}\n{settings.language}\n{PROMPT_VERSION}")
        if (known := self._cache.get(key, self._clock_ms())) is not None:
            self.counts.cached += 1
            return _checked(known, incident)
        marks = self._new_marks(incident)
        prompt = ask(incident, marks, settings.language)
        if not prompt.ids:
            return _nothing("abstained", "there is no fact that could be cited", incident)
        try:
            answer = await self._ask(incident, prompt, marks, bill)
        except AnswerMalformed as problem:
            marks = self._new_marks(incident)
            prompt = ask_again(incident, marks, settings.language, problem)
            answer = await self._ask(incident, prompt, marks, bill)
        rca = self._judge(answer, prompt, marks, incident)
        self._cache.put(key, rca, self._clock_ms())
        return rca

    def _new_marks(self, incident: Incident) -> Marks:
        self._number += 1
        return new_marks(self._seed, incident.event_id, self._number)

    async def _ask(self, incident: Incident, prompt: Prompt, marks: Marks, bill: Bill) -> Answer:
        """One question, paid for. Raises ModelError."""
        tokens_in = estimate(message["content"] for message in prompt.messages)
        tokens_out = self._settings.answer_tokens
        call = self._budget.reserve(incident.incident_id, tokens_in, tokens_out, self._clock_ms())
        made, spent = False, (tokens_in, tokens_out)
        try:
            async with self._in_flight:
                if not self.breaker.allows(self._clock_ms()):
                    raise ModelAway("the server failed again and again and is left alone a while")
                await bill.announce(call.cost)
                made = True
                reply = await self._send(prompt)
            spent = (reply.tokens_in or tokens_in, reply.tokens_out or tokens_out)
        except (ModelAway, ModelRefused) as error:
            if not (isinstance(error, ModelAway) and error.begun):
                spent = (0, 0)
            raise
        finally:
            if made:
                self._budget.settle(call, *spent)
                bill.add(call.cost)
                self._count(call.cost)
            else:
                self._budget.release(call)
        return self._read(reply, marks)

    async def _send(self, prompt: Prompt) -> Reply:
        try:
            form = self._form or await probe(self._client)
            self._form = form
            wanted = response_format(form, schema_of(prompt.ids))
            reply = await self._client.ask(prompt.messages, wanted, self._settings.answer_tokens)
        except ModelDeclined:
            self.breaker.succeeded()
            raise
        except ModelError:
            self.breaker.failed(self._clock_ms())
            raise
        self.breaker.succeeded()
        return reply

    def _count(self, cost: Cost) -> None:
        self.counts.calls += cost.calls
        self.counts.tokens_in += cost.tokens_in
        self.counts.tokens_out += cost.tokens_out
        self.counts.money += cost.money

    def _read(self, reply: Reply, marks: Marks) -> Answer:
        """The answer in what the model wrote. Raises AnswerMalformed, AnswerLeaks."""
        try:
            if leaked(marks.canary, reply.content):
                raise AnswerLeaks("the answer repeats its instructions: dropped")
            if reply.cut:
                raise AnswerMalformed("it had no room to end; be brief")
            answer = parse(reply.content)
        except AnswerMalformed:
            self.counts.malformed += 1
            raise
        # An escape hides the code in what was received, not in what is read of it.
        causes = [guess.cause for guess in answer.hypotheses]
        if leaked(marks.canary, "".join([*causes, *answer.next_steps, answer.abstain_reason])):
            raise AnswerLeaks("the answer repeats its instructions: dropped")
        return answer

    def _judge(self, answer: Answer, prompt: Prompt, marks: Marks, incident: Incident) -> Rca:
        """What is left of the answer once its citations are checked."""
        if answer.abstain_reason.strip():
            why = spoken(answer.abstain_reason, marks)
            return _nothing("abstained", f"the model abstains: {why}", incident)
        hypotheses = tuple(
            Hypothesis(
                spoken(guess.cause, marks),
                guess.category,
                guess.confidence,
                tuple(prompt.ids[name] for name in guess.evidence_ids if name in prompt.ids),
            )
            for guess in answer.hypotheses[:_READ]
        )
        steps = tuple(spoken(step, marks) for step in answer.next_steps[:_READ])
        dropped = sum(not one.evidence_ids for one in hypotheses)
        self.counts.dropped += dropped
        reason = f"asked {self._settings.model}"
        if dropped:
            reason += f"; dropped {dropped} of {len(hypotheses)} hypotheses: they cite no fact"
        return _checked(Rca("ok", "model", hypotheses, steps, reason), incident)


def _nothing(status: RcaStatus, reason: str, incident: Incident) -> Rca:
    return _checked(Rca(status, "model", (), (), reason), incident)


def _checked(rca: Rca, incident: Incident) -> Rca:
    """What is left of it by the rules of the incident's owner, without what the rules had said."""
    unsaid = Rca("pending", "rules", (), (), None, category=incident.rca.category)
    return verified(msgspec.structs.replace(incident, rca=unsaid), rca)
