"""Asks the server of the model within the time that is left, twice if the first answer is slow."""

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents.assistant.wording.errors import TooBusy, TooLate
from agents.assistant.wording.purse import Held, Purse
from agents.assistant.wording.settings import WordingSettings
from agents.assistant.wording.watch import Call
from agents.llm.breaker import Breaker
from agents.llm.budget import estimate, total
from agents.llm.client import ModelClient, Reply
from agents.llm.errors import BudgetSpent, ModelAway, ModelDeclined, ModelError, ModelRefused
from agents.llm.probe import Form, response_format
from schemas.commands import Cost

_MARGIN_MS = 50.0
"""What is kept of the time left, for checking the answer and sending it."""
_REMEMBERED = 100
_FEW = 10
"""Answers from which their usual time is known."""
_UNKNOWN = 0.5
"""Of the time-out, when it is not."""
_HEDGES = 0.1
"""Second questions for each first one, at the most: a server that is full is not asked twice."""
_LOWER: dict[Form, Form] = {"json_schema": "json_object", "json_object": "text"}
_UNABLE = frozenset({400, 415, 422})
Messages = Sequence[Mapping[str, str]]


class Pace:
    """How long the last answers took."""

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=_REMEMBERED)
        self._sorted: list[float] = []

    def took(self, ms: float) -> None:
        """One more answer."""
        if len(self._last) == _REMEMBERED:
            self._sorted.remove(self._last[0])
        self._last.append(ms)
        insort(self._sorted, ms)

    def share(self, share: float) -> float | None:
        """The time within which this share of the answers came; None while there are few."""
        if len(self._last) < _FEW:
            return None
        return self._sorted[min(len(self._sorted) - 1, int(share * len(self._sorted)))]


class Caller:
    """One server; `clock_ms`: epoch milliseconds."""

    def __init__(
        self, settings: WordingSettings, client: ModelClient, clock_ms: Callable[[], int]
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock_ms = clock_ms
        self._pace = Pace()
        self._in_flight = 0
        self._hedges = 1.0
        self._form: Form = "json_schema"
        self._loose: set[asyncio.Task[Reply]] = set()
        self.purse = Purse(settings)
        self.breaker = Breaker()

    async def close(self) -> None:
        """Give up what is still asked."""
        for task in tuple(self._loose):
            task.cancel()
        await asyncio.gather(*self._loose, return_exceptions=True)

    def check(self, left_ms: float) -> float:
        """The milliseconds that an answer may take. Raises TooLate, TooBusy."""
        model = self._settings.model
        patience = min(left_ms - _MARGIN_MS, model.timeout_s * 1000)
        # So put, what is no number is too little.
        if not patience >= max(self._settings.least_ms, self._pace.share(0.5) or 0.0):
            raise TooLate("too little time is left")
        if self._in_flight >= model.in_flight:
            raise TooBusy("enough questions are in flight")
        return patience

    async def ask(
        self,
        messages: Messages,
        schema: Mapping[str, Any],
        tenant: str,
        session: Cost,
        patience_ms: float,
        call: Call,
    ) -> Reply:
        """The answer; what it costs is put into `call` in any case. Raises ModelError."""
        tokens = estimate(message["content"] for message in messages)
        asking = _Asking(self, messages, schema, tenant, session, tokens, call)
        self._in_flight += 1
        try:
            return await asking.answer(patience_ms)
        finally:
            self._in_flight -= 1
            asking.settle()

    # What one question needs of its caller.

    def reserve(self, tenant: str, session: Cost, tokens_in: int) -> Held:
        """Raises BudgetSpent."""
        tokens_out = self._settings.model.answer_tokens
        return self.purse.reserve(tenant, session, tokens_in, tokens_out, self._clock_ms())

    def send(self, messages: Messages, schema: Mapping[str, Any]) -> asyncio.Task[Reply]:
        """Ask the server once."""
        wanted = response_format(self._form, schema, "answer")
        tokens = self._settings.model.answer_tokens
        return asyncio.create_task(self._client.ask(messages, wanted, tokens))

    def drop(self, task: asyncio.Task[Reply]) -> None:
        """Nobody waits for this one any more, nor for its end."""
        self._loose.add(task)
        task.add_done_callback(self._dropped)
        task.cancel()

    def _dropped(self, task: asyncio.Task[Reply]) -> None:
        self._loose.discard(task)
        if not task.cancelled():
            task.exception()

    def allow(self) -> None:
        """Raises ModelAway while the server is left alone."""
        if not self.breaker.allows(self._clock_ms()):
            raise ModelAway("the server failed again and again and is left alone a while")

    def hedge_ms(self) -> float:
        """After so long a second question is worth its price."""
        usual = self._pace.share(0.95)
        return usual if usual is not None else _UNKNOWN * self._settings.model.timeout_s * 1000

    def may_hedge(self, left_ms: float) -> bool:
        """Whether a second question may be asked, and would be answered in time."""
        usual = self._pace.share(0.5)
        return (
            self._hedges >= 1.0
            and self.breaker.state == "closed"
            and left_ms >= max(self._settings.least_ms, usual or 0.0)
        )

    def hedged(self) -> None:
        """A second question was asked."""
        self._hedges -= 1.0

    def answered(self, ms: float) -> None:
        """The server has answered."""
        self._pace.took(ms)
        self._hedges = min(_REMEMBERED * _HEDGES, self._hedges + _HEDGES)
        self.breaker.succeeded()

    def failed(self, error: ModelError, patience_ms: float) -> None:
        """The server has not."""
        if isinstance(error, ModelDeclined):
            self.breaker.succeeded()
            return
        if isinstance(error, ModelRefused) and error.status in _UNABLE and self._form in _LOWER:
            self._form = _LOWER[self._form]
        hurried = isinstance(error, ModelAway) and error.begun
        if hurried and patience_ms < _UNKNOWN * self._settings.model.timeout_s * 1000:
            return  # it had hardly any time
        self.breaker.failed(self._clock_ms())


class _Asking:
    """One question, sent once or twice."""

    def __init__(
        self,
        caller: Caller,
        messages: Messages,
        schema: Mapping[str, Any],
        tenant: str,
        session: Cost,
        tokens_in: int,
        call: Call,
    ) -> None:
        self._caller, self._messages, self._schema = caller, messages, schema
        self._tenant, self._session, self._tokens_in, self._call = tenant, session, tokens_in, call
        self._held: dict[asyncio.Task[Reply], Held] = {}

    async def answer(self, patience_ms: float) -> Reply:
        """The first that comes. Raises ModelError."""
        caller, loop = self._caller, asyncio.get_running_loop()
        # Before the breaker: what it lets through to try the server must then be asked.
        held = caller.reserve(self._tenant, self._session, self._tokens_in)
        try:
            caller.allow()
        except ModelAway:
            caller.purse.settle(held, Cost())
            raise
        began = loop.time()
        self._held[caller.send(self._messages, self._schema)] = held
        try:
            async with asyncio.timeout(patience_ms / 1000):
                reply = await self._race(began, patience_ms)
        except TimeoutError:
            error = ModelAway(f"no answer within {patience_ms:.0f} ms", begun=True)
            caller.failed(error, patience_ms)
            raise error from None
        except ModelError as error:
            caller.failed(error, patience_ms)
            raise
        caller.answered((loop.time() - began) * 1000)
        return reply

    async def _race(self, began: float, patience_ms: float) -> Reply:
        caller, loop = self._caller, asyncio.get_running_loop()
        done, waiting = await asyncio.wait(self._held, timeout=caller.hedge_ms() / 1000)
        if not done and caller.may_hedge(patience_ms - (loop.time() - began) * 1000):
            waiting |= self._hedge()
        while True:
            for task in done:
                if task.exception() is None:
                    return task.result()
            if not waiting:
                break
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(self._held)).result()

    def _hedge(self) -> set[asyncio.Task[Reply]]:
        try:
            spent = total((self._session, *(held.cost for held in self._held.values())))
            held = self._caller.reserve(self._tenant, spent, self._tokens_in)
        except BudgetSpent:
            return set()
        self._caller.hedged()
        self._call.hedged = True
        task = self._caller.send(self._messages, self._schema)
        self._held[task] = held
        return {task}

    def settle(self) -> None:
        """Pay: what the server counted, all that was held back for a question given up, nothing
        for one that never reached it."""
        costs = []
        for task, held in self._held.items():
            cost = self._cost(task, held)
            self._caller.purse.settle(held, cost)
            costs.append(cost)
            if not task.done():
                self._caller.drop(task)
        self._call.cost = total(costs)

    def _cost(self, task: asyncio.Task[Reply], held: Held) -> Cost:
        if not task.done() or task.cancelled():
            return held.cost
        error = task.exception()
        if error is None:
            reply = task.result()
            tokens_out = reply.tokens_out or held.cost.tokens_out
            return self._caller.purse.cost(reply.tokens_in or self._tokens_in, tokens_out)
        away = isinstance(error, ModelAway) and not error.begun
        return Cost() if away or isinstance(error, ModelRefused) else held.cost
