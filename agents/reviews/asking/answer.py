"""What a model said of a review, and what code lets stand of it."""

from typing import get_args

import msgspec

from agents.incidents.plain import plain
from agents.llm.canary import leaked
from agents.llm.client import Reply
from agents.llm.errors import AnswerLeaks, AnswerMalformed
from agents.llm.prompt import Marks, spoken
from agents.llm.schema import read
from agents.reviews.asking.question import MOST_ASPECTS, MOST_CAUSE, Frame, Question
from schemas.reviews import MAX_EVIDENCE, Aspect, Polarity, Sentiment
from windows.texts import clean

CONFIDENCE = 0.75
"""Of what a model said: more than what it is asked about, less than what rules are sure of."""
_SENTIMENTS: dict[str, Sentiment] = {name: name for name in get_args(Sentiment)}
_POLARITIES: dict[str, Polarity] = {name: name for name in get_args(Polarity)}
_READ = 1_000
"""Characters of a cause that are looked at."""
_AROUND = " \"'“”‘’「」.,。，!！;；:："


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may go into a label: of what was asked, and nothing else.

    `version`: model and wording. `abstained`: the model could not tell, and nothing else is set.
    `dropped`: aspects that the taxonomy does not have or whose words the review does not hold.
    """

    version: str
    sentiment: Sentiment | None = None
    aspects: tuple[Aspect, ...] = ()
    cause: str = ""
    abstained: bool = False
    dropped: int = 0


class _SaidAspect(msgspec.Struct, frozen=True):
    attribute: str = ""
    polarity: str = ""
    words: str = ""


class _Said(msgspec.Struct, frozen=True):
    """As the model gives it; fields that it has no business with are ignored."""

    sentiment: str | None = None
    aspects: tuple[_SaidAspect, ...] | None = None
    cause: str | None = None
    abstain: bool = False


_decode = msgspec.json.Decoder(_Said).decode


def answer_of(reply: Reply, question: Question, frame: Frame, marks: Marks) -> Answer:
    """The answer in what the model wrote. Raises AnswerMalformed, AnswerLeaks."""
    if leaked(marks.canary, reply.content):
        raise AnswerLeaks("the answer repeats its instructions: dropped")
    if reply.cut:
        raise AnswerMalformed("it had no room to end")
    said = read(reply.content, _decode)
    # An escape hides the code in what was received, not in what is read of it.
    aspects = said.aspects or ()
    told = [said.cause or "", *(word for one in aspects for word in (one.attribute, one.words))]
    if leaked(marks.canary, "".join(told)):
        raise AnswerLeaks("the answer repeats its instructions: dropped")
    if said.abstain:
        return Answer(frame.version, abstained=True)
    if any(getattr(said, ask) is None for ask in question.asks):
        raise AnswerMalformed("a field that was asked for is missing")
    sentiment: Sentiment | None = None
    if "sentiment" in question.asks:
        sentiment = _SENTIMENTS.get(said.sentiment or "")
        if sentiment is None:
            raise AnswerMalformed("its sentiment is none")
    kept = _aspects(aspects, question, frame, marks) if "aspects" in question.asks else ()
    cause = ""
    if "cause" in question.asks:
        cause = plain(spoken((said.cause or "")[:_READ], marks), MOST_CAUSE)
    dropped = len(aspects) - len(kept) if "aspects" in question.asks else 0
    return Answer(frame.version, sentiment, kept, cause, dropped=dropped)


def _aspects(
    said: tuple[_SaidAspect, ...], question: Question, frame: Frame, marks: Marks
) -> tuple[Aspect, ...]:
    """Those of the taxonomy whose words stand in the review; each pair once."""
    known = {name for name, _ in frame.attributes}
    text = _Text(question.text.replace(marks.joint, ""))
    kept: dict[tuple[str, Polarity], Aspect] = {}
    for one in said[: 2 * MOST_ASPECTS]:
        polarity = _POLARITIES.get(one.polarity)
        words = text.words(one.words[:_READ].replace(marks.joint, ""))
        if one.attribute not in known or polarity is None or not words:
            continue
        found = Aspect(one.attribute, polarity, words, CONFIDENCE, "model")
        kept.setdefault((one.attribute, polarity), found)
    return tuple(kept.values())[:MOST_ASPECTS]


class _Text:
    """A text in which words are found whatever their case and the spaces between them."""

    def __init__(self, text: str) -> None:
        self._text = text
        pairs = [
            (folded, place)
            for place, character in enumerate(text)
            if not character.isspace()
            for folded in character.casefold()
        ]
        self._folded = "".join(character for character, _ in pairs)
        self._places = [place for _, place in pairs]

    def words(self, said: str) -> str:
        """These words as they stand in the text, cut; empty if they do not."""
        sought = "".join(clean(said).strip(_AROUND).split()).casefold()
        if not any(character.isalnum() for character in sought):
            return ""
        begin = self._folded.find(sought)
        if begin < 0:
            return ""
        first, last = self._places[begin], self._places[begin + len(sought) - 1]
        return self._text[first : last + 1][:MAX_EVIDENCE]
