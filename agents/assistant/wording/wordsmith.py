"""The language model of the assistant: wording, open questions, slots; each with a way without."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from agents.assistant.passage import Passage
from agents.assistant.wording.answers import (
    Verdict,
    explained,
    reworded,
    understood,
    written,
)
from agents.assistant.wording.caller import Caller
from agents.assistant.wording.errors import TooBusy, TooLate
from agents.assistant.wording.question import (
    MOST_PASSAGES,
    Question,
    explain_of,
    read_of,
    reword_of,
)
from agents.assistant.wording.settings import WordingSettings
from agents.assistant.wording.watch import Call, Unwatched, Watch
from agents.assistant.words import Heard, Missed, Worded
from agents.llm.budget import total
from agents.llm.cache import Cache
from agents.llm.client import ModelClient
from agents.llm.errors import (
    AnswerLeaks,
    AnswerMalformed,
    BudgetSpent,
    ModelAway,
    ModelDeclined,
    ModelError,
    ModelNonsense,
    ModelRefused,
)
from agents.llm.prompt import Marks, new_marks
from schemas.commands import Cost
from schemas.turns import Lang

_CODES: dict[type[ModelError], str] = {
    TooLate: "late",
    TooBusy: "busy",
    BudgetSpent: "budget",
    ModelAway: "away",
    ModelRefused: "refused",
    ModelNonsense: "nonsense",
    ModelDeclined: "declined",
    AnswerMalformed: "malformed",
    AnswerLeaks: "leaks",
}
UNASKED = "unasked"
"""There was nothing that a model could be asked, or that it may read."""
Judge = Callable[[str, Marks], Verdict]


class Wordsmith:
    """One model for all tenants; `seed`: a secret from which the fences of the data are made."""

    def __init__(
        self,
        settings: WordingSettings,
        client: ModelClient,
        *,
        clock_ms: Callable[[], int],
        seed: int,
        watch: Watch | None = None,
    ) -> None:
        self._client = client
        self._clock_ms = clock_ms
        self._seed = seed
        self._number = 0
        self._cache: Cache[Verdict] = Cache(settings.model.cache_hours)
        self._model = settings.model.model
        self._caller = Caller(settings, client, clock_ms)
        self.watch: Watch = watch or Unwatched()

    @property
    def breaker_state(self) -> str:
        """Closed, open or trying."""
        return self._caller.breaker.state

    def today(self, tenant: str) -> Cost:
        """What a tenant has spent today in this process."""
        return self._caller.purse.today(tenant, self._clock_ms())

    def book(self, tenant: str, cost: Cost, at_ms: int) -> None:
        """What a tenant has spent before this process began, or elsewhere."""
        self._caller.purse.book(tenant, cost, at_ms)

    def of(self, tenant: str, user: str, session: str, spent: Cost) -> "PersonalWords":
        """The model for one turn of one person; `spent`: what the session has cost before."""
        return PersonalWords(self, tenant, user, session, spent)

    async def close(self) -> None:
        """Give up what is asked and let go of the server; safe to call twice."""
        await self._caller.close()
        await self._client.close()

    async def asked(
        self, question: Question, whose: str, tenant: str, spent: Cost, left_ms: float, judge: Judge
    ) -> tuple[Verdict, Cost]:
        """What may be used of the answer, and what it cost. Raises nothing for what the model does.

        `whose`: those for whom the same question has the same answer.
        """
        key = sha256(f"{self._model}\n{whose}\n{question.key}".encode()).hexdigest()
        if (known := self._cache.get(key, self._clock_ms())) is not None:
            self.watch.ended(question.use, tenant, "", Cost(), cached=True)
            return known, Cost()
        call = Call()
        try:
            verdict = await self._ask(question, key, tenant, spent, left_ms, judge, call)
        except ModelError as error:
            verdict = Verdict(why=_CODES[type(error)])
        if not verdict.why:
            self._cache.put(key, verdict, self._clock_ms())
        self.watch.ended(question.use, tenant, verdict.why, call.cost, cached=False)
        return verdict, call.cost

    async def _ask(
        self,
        question: Question,
        key: str,
        tenant: str,
        spent: Cost,
        left_ms: float,
        judge: Judge,
        call: Call,
    ) -> Verdict:
        patience = self._caller.check(left_ms)
        self._number += 1
        marks = new_marks(self._seed, key, self._number)
        with self.watch.calling(question.use) as watched:
            try:
                reply = await self._caller.ask(
                    question.messages(marks), question.schema, tenant, spent, patience, call
                )
            except ModelError as error:
                watched.error = _CODES[type(error)]
                raise
            finally:
                watched.cost, watched.hedged = call.cost, call.hedged
        return judge(written(reply, marks), marks)


class PersonalWords:
    """See agents.assistant.words.Words."""

    def __init__(self, smith: Wordsmith, tenant: str, user: str, session: str, spent: Cost) -> None:
        self._smith, self._tenant, self._spent = smith, tenant, spent
        self._whose = f"{tenant}\n{user}\n{session}"

    async def reword(self, draft: str, lang: Lang, facts: Sequence[str], left_ms: float) -> Worded:
        """The draft in friendlier words, or the draft."""
        question = reword_of(draft, lang, facts)
        verdict, cost, ms = await self._asked(
            question,
            self._whose,
            left_ms,
            lambda content, marks: reworded(content, marks, draft, facts, lang),
        )
        return Worded(verdict.text or draft, (), degraded(verdict.why), verdict.why, cost, ms)

    async def explain(
        self, question: str, passages: Sequence[Passage], lang: Lang, left_ms: float
    ) -> Worded:
        """An answer out of the passages, or nothing."""
        told = passages[:MOST_PASSAGES]
        asked = explain_of(question, told, lang)
        verdict, cost, ms = await self._asked(
            asked,
            self._tenant,
            left_ms,
            lambda content, marks: explained(content, marks, lang, told),
        )
        return Worded(verdict.text, verdict.cited, degraded(verdict.why), verdict.why, cost, ms)

    async def read(
        self, text: str, lang: Lang, candidates: Mapping[str, str], left_ms: float
    ) -> Heard:
        """What a message means, or nothing."""
        question = read_of(text, lang, candidates)
        verdict, cost, ms = await self._asked(
            question,
            self._whose,
            left_ms,
            lambda content, marks: understood(content, marks, text, tuple(candidates)),
        )
        return Heard(verdict.intent, verdict.slots, degraded(verdict.why), verdict.why, cost, ms)

    async def _asked(
        self, question: Question | None, whose: str, left_ms: float, judge: Judge
    ) -> tuple[Verdict, Cost, float]:
        if question is None:
            return Verdict(why=UNASKED), Cost(), 0.0
        loop = asyncio.get_running_loop()
        began = loop.time()
        verdict, cost = await self._smith.asked(
            question, whose, self._tenant, self._spent, left_ms, judge
        )
        self._spent = total((self._spent, cost))
        return verdict, cost, (loop.time() - began) * 1000


def degraded(why: str) -> Missed:
    """What a person is told of it; an answer refused for its words is not missed."""
    if why == "late":
        return "model_late"
    return "no_model" if why in _CODES.values() else ""
