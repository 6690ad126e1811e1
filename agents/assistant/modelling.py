"""Where a language model may help: what is meant, what the articles say, how it is said."""

from collections.abc import Sequence
from typing import Protocol

from agents.assistant.intents import WRITING, flow_of, intents
from agents.assistant.passage import Passage
from agents.assistant.reading import Slots
from agents.assistant.talk import Talk
from schemas.commands import Cost
from schemas.turns import Source

_READ_MS, _EXPLAIN_MS, _REWORD_MS = 900.0, 900.0, 700.0
"""What must be left of the time; below it the answer goes without."""


class _Paid(Protocol):
    """What any answer of the model has."""

    @property
    def degraded(self) -> str: ...
    @property
    def cost(self) -> Cost: ...
    @property
    def ms(self) -> float: ...


async def guess(talk: Talk) -> bool:
    """Whether the model could tell what an unsure message means; then it is in the reading, sure
    only if nothing can be changed by it."""
    if talk.words is None or not _time(talk, _READ_MS):
        return False
    labels = {name: one.label(talk.lang) for name, one in intents().items()}
    with talk.tools.waiting():
        heard = await talk.words.read(talk.said, talk.lang, labels, talk.left_ms())
    _paid(talk, heard)
    if heard.intent not in labels:
        return False
    slots = talk.reading.slots if talk.reading.slots != Slots() else heard.slots
    # What changes something the person is asked about first.
    sure = flow_of(heard.intent) not in WRITING
    talk.reading = talk.reading._replace(intent=heard.intent, slots=slots, sure=sure, act="")
    talk.intent = heard.intent
    return True


async def explain(talk: Talk, question: str, passages: Sequence[Passage]) -> bool:
    """Whether the model answered out of the passages; then it has been said, with them cited."""
    if talk.words is None or not passages or not _time(talk, _EXPLAIN_MS):
        return False
    with talk.tools.waiting():
        worded = await talk.words.explain(question, passages[:4], talk.lang, talk.left_ms())
    _paid(talk, worded)
    cited = [one for one in passages if one.id in worded.cited]
    if not worded.text or not cited:
        return False
    talk.lines.append(worded.text)
    talk.sources += [Source("article", one.id, one.title, one.quote) for one in cited]
    talk.exact = True
    return True


async def reword(talk: Talk) -> None:
    """The reply in friendlier words, if nothing hangs on these."""
    words = talk.words
    if words is None or talk.exact or not talk.sources or not _time(talk, _REWORD_MS):
        return
    draft = "\n".join(talk.lines)
    talk.partly(draft)
    facts = [name for name in dict.fromkeys(talk.names) if name and name in draft]
    worded = await words.reword(draft, talk.lang, facts, talk.left_ms())
    _paid(talk, worded)
    if worded.text:
        talk.lines = [worded.text]


def _time(talk: Talk, least: float) -> bool:
    if talk.left_ms() >= least:
        return True
    talk.degrade("model_late")
    return False


def _paid(talk: Talk, answer: _Paid) -> None:
    if answer.degraded:
        talk.degrade(answer.degraded)
    talk.model_ms += answer.ms
    talk.cost = add(talk.cost, answer.cost)


def add(one: Cost, other: Cost) -> Cost:
    """Both together."""
    return Cost(
        one.calls + other.calls,
        one.tokens_in + other.tokens_in,
        one.tokens_out + other.tokens_out,
        one.money + other.money,
    )
