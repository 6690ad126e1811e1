"""Asking a model server now, several questions at the same time, until the budget is spent."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from agents.llm.batch_results import BatchResult
from agents.llm.breaker import Breaker
from agents.llm.budget import Budget, total
from agents.llm.client import ModelClient
from agents.llm.errors import BudgetSpent, ModelAway, ModelDeclined, ModelError, ModelRefused
from agents.llm.probe import Form, probe, response_format
from agents.llm.settings import Limits, ModelSettings
from agents.reviews.asking.cost import Prices, exceeds
from agents.reviews.asking.night import BUDGET_SPENT, MODEL_AWAY
from agents.reviews.asking.question import (
    NAME,
    Frame,
    Question,
    marks_of,
    messages_of,
    schema_of,
    tokens_of,
)
from agents.reviews.asking.settled import Settled, settled_by, settled_from
from schemas.commands import Cost
from streams.reviews.asking.account import committed
from streams.reviews.asking.folder import AskingFolder
from streams.reviews.asking.manifest import load_manifest, unasked

_NIGHT = "night"
_SETTINGS = frozenset((401, 403, 404))
"""What the server says of every question while the settings are wrong."""

_WINDOW = 50
_USELESS = 0.8


@dataclass
class LiveRun:
    """What a live run came to. `left`: why other questions were not asked or not answered, by key.
    `why`: what ended it early, for people; empty if it went through.
    """

    ended: int = 0
    cost: Cost = field(default_factory=Cost)
    left: dict[str, str] = field(default_factory=dict)
    why: str = ""


async def ask_live(
    folder: AskingFolder,
    date: str,
    questions: Sequence[Question],
    client: ModelClient,
    model: ModelSettings,
    frame: Frame,
    *,
    night: Limits,
    prices: Prices,
    clock_ms: Callable[[], int],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    again: bool = False,
) -> LiveRun:
    """Ask what has no end yet, `model.in_flight` at the same time; hold the folder.

    Each answer is durable before the next question goes out in its place, so that whoever cancels
    or kills this pays for nothing twice but what is in flight. `night`: what the night may cost in
    all its runs, batch files included; the limits of `model` for an hour and a day hold too.
    Raises OperatorError.
    """
    asked = folder.remember(questions)
    ends, manifest = folder.ends(), load_manifest(folder, date, model.model)
    left = unasked(asked, ends, manifest, again=again)
    spent = committed(ends, manifest, folder.questions(), frame, prices)
    budget = Budget(replace(model, per_incident=Limits()))
    for end in sorted((end for end in ends if not end.round), key=lambda end: end.at_ms):
        cost = prices.cost(end.tokens_in, end.tokens_out, batch=False)
        budget.book(_NIGHT, cost, min(end.at_ms, clock_ms()))
    asking = _Asking(folder, client, model, frame, prices, clock_ms, budget, night, spent)
    await asking.run(left, progress)
    return asking.came_to


class _Asking:
    """One run."""

    def __init__(
        self,
        folder: AskingFolder,
        client: ModelClient,
        model: ModelSettings,
        frame: Frame,
        prices: Prices,
        clock_ms: Callable[[], int],
        budget: Budget,
        night: Limits,
        spent: Cost,
    ) -> None:
        self._folder, self._client, self._model, self._frame = folder, client, model, frame
        self._prices, self._clock_ms, self._seed = prices, clock_ms, folder.seed()
        self._budget, self._night, self._spent = budget, night, spent
        self._held: dict[str, Cost] = {}
        self._breaker = Breaker()
        self._useless: deque[bool] = deque(maxlen=_WINDOW)
        self._form: Form = "text"
        self._stopped = ""
        self.came_to = LiveRun()

    def _cost(self, tokens_in: int, tokens_out: int) -> Cost:
        return self._prices.cost(tokens_in, tokens_out, batch=False)

    async def run(
        self, questions: Sequence[Question], progress: Callable[[int, int], None]
    ) -> None:
        """All of them, or until it has to stop."""
        if not questions:
            return
        try:
            self._form = await probe(self._client)
        except ModelError as error:
            self._stop(MODEL_AWAY, str(error))
        queue = iter(questions)

        async def work() -> None:
            for question in queue:
                if self._stopped or not await self._one(question):
                    self.came_to.left.setdefault(question.key, self._stopped or MODEL_AWAY)
                progress(self.came_to.ended, len(questions))

        tasks = [asyncio.create_task(work()) for _ in range(self._model.in_flight)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _stop(self, reason: str, why: str) -> None:
        if not self._stopped:
            self._stopped, self.came_to.why = reason, why

    async def _one(self, question: Question) -> bool:
        """Ask, and remember how it ended; False: it is left to the next run."""
        tokens_in, tokens_out = tokens_of(question, self._frame), self._model.answer_tokens
        most = self._cost(tokens_in, tokens_out)
        try:
            if exceeds(total([self._spent, *self._held.values(), most]), self._night):
                raise BudgetSpent("what the night may cost is spent")
            call = self._budget.reserve(_NIGHT, tokens_in, tokens_out, self._clock_ms())
        except BudgetSpent as error:
            self._stop(BUDGET_SPENT, str(error))
            return False
        self._held[question.key] = most
        spent = (tokens_in, tokens_out)
        try:
            end = await self._ask(question)
            spent = (end.tokens_in, end.tokens_out)
        except (ModelAway, ModelRefused) as error:
            if not (isinstance(error, ModelAway) and error.begun):
                spent = (0, 0)
            self._failed(question, error)
            return False
        except ModelError as error:
            self._failed(question, error)
            return False
        finally:
            del self._held[question.key]
            self._budget.settle(call, *spent)
            cost = self._cost(*spent)
            self._spent = total([self._spent, cost])
            self.came_to.cost = total([self.came_to.cost, cost])
        self._breaker.succeeded()
        self._folder.learn([end])
        self.came_to.ended += 1
        self._look(end)
        return True

    async def _ask(self, question: Question) -> Settled:
        messages = messages_of(question, self._frame, marks_of(question, self._seed))
        form = response_format(self._form, schema_of(question.asks, self._frame), NAME)
        try:
            reply = await self._client.ask(messages, form, self._model.answer_tokens)
        except ModelDeclined as error:
            result = BatchResult("", "declined", why=str(error))
            end = settled_from(result, question, self._frame, self._seed, 0)
            return msgspec.structs.replace(end, at_ms=self._clock_ms())
        return settled_by(reply, question, self._frame, self._seed, at_ms=self._clock_ms())

    def _look(self, end: Settled) -> None:
        """Nobody pays for a night of answers that are none."""
        self._useless.append(end.outcome == "malformed")
        if len(self._useless) == _WINDOW and sum(self._useless) >= _USELESS * _WINDOW:
            self._stop(
                MODEL_AWAY,
                f"{sum(self._useless)} of the last {_WINDOW} answers could not be used, as in: "
                f"{end.why or 'not of the form asked for'}; give answers more tokens or take "
                "another model",
            )

    def _failed(self, question: Question, error: ModelError) -> None:
        self._breaker.failed(self._clock_ms())
        if isinstance(error, ModelRefused):
            if error.status in _SETTINGS:
                self._stop(MODEL_AWAY, str(error))
            else:
                self.came_to.left[question.key] = "failed"
        if self._breaker.state == "open":
            self._stop(MODEL_AWAY, f"the server failed again and again: {error}")
