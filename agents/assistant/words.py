"""What a language model may add to an answer: words, never a decision.

None of its answers can affirm, confirm, call a tool or set an amount: there is no field for that.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from agents.assistant.passage import Passage
from agents.assistant.reading import Slots
from schemas.commands import Cost
from schemas.turns import Lang

Missed = Literal["", "no_model", "model_late"]
"""What goes into `Reply.degraded`: the model failed or has spent its budget; too little time."""


class Worded(NamedTuple):
    """`text` is plain text, of `reword` the draft if the model had no better one.

    Of `explain` it is empty then; `cited` has the ids of the passages it used. `why`: a code, for
    people, why the model's answer is not used. `ms`: how long it took.
    """

    text: str
    cited: tuple[str, ...] = ()
    degraded: Missed = ""
    why: str = ""
    cost: Cost = Cost()
    ms: float = 0.0


class Heard(NamedTuple):
    """`intent` is one of the candidates, empty if none is meant; each slot stands in the text."""

    intent: str = ""
    slots: Slots = Slots()
    degraded: Missed = ""
    why: str = ""
    cost: Cost = Cost()
    ms: float = 0.0


class Words(Protocol):
    """The language model of one turn of one person; nothing is raised, and each answer comes
    within `left_ms`, the milliseconds left of the turn.
    """

    async def reword(self, draft: str, lang: Lang, facts: Sequence[str], left_ms: float) -> Worded:
        """The draft in friendlier words. All its figures stay; `facts`: what must stay besides,
        letter by letter: every name in it that others have chosen, such as a shop's.

        Not for what a person is to confirm, nor for receipts: those stand as code has put them.
        """

    async def explain(
        self, question: str, passages: Sequence[Passage], lang: Lang, left_ms: float
    ) -> Worded:
        """An answer to an open question out of at most four passages."""

    async def read(
        self, text: str, lang: Lang, candidates: Mapping[str, str], left_ms: float
    ) -> Heard:
        """What a message means. `candidates`: names of intents, each with what it means."""
