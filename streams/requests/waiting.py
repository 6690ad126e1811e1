"""Who waits for which answer, and what became of those that wait no longer."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

OnPart = Callable[[bytes], None]
Fate = Literal["duplicate", "late", "unknown"]
_REMEMBERED = 8_192


@dataclass(slots=True)
class Question:
    """`taken`: the broker has it."""

    answer: "asyncio.Future[bytes]"
    on_part: OnPart | None
    taken: bool = False

    def give_up(self) -> None:
        """It is too late for an answer: whoever waits gets a TimeoutError."""
        if not self.answer.done():
            self.answer.set_exception(TimeoutError())


class Waiting:
    """Bounded by whoever puts in; of those that are out, the last few thousand are remembered."""

    def __init__(self) -> None:
        self._questions: dict[bytes, Question] = {}
        self._gone: OrderedDict[bytes, Fate] = OrderedDict()

    def __len__(self) -> int:
        return len(self._questions)

    def put(self, correlation: bytes, question: Question) -> None:
        """Somebody waits from now on."""
        self._questions[correlation] = question

    def get(self, correlation: bytes) -> Question | None:
        """Who waits, if anybody still does."""
        return self._questions.get(correlation)

    def remove(self, correlation: bytes) -> None:
        """Nobody waits any more, answered or not."""
        question = self._questions.pop(correlation)
        answer = question.answer
        answered = answer.done() and not answer.cancelled() and answer.exception() is None
        self._gone[correlation] = "duplicate" if answered else "late"
        if len(self._gone) > _REMEMBERED:
            self._gone.popitem(last=False)

    def fate(self, correlation: bytes) -> Fate:
        """Why nobody waits for it."""
        return self._gone.get(correlation, "unknown")

    def end(self, error: Exception) -> None:
        """Tell everybody that there will be no answer."""
        for question in self._questions.values():
            if not question.answer.done():
                question.answer.set_exception(error)
