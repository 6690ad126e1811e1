"""What a language model answered, once code has checked it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from agents.assistant.passage import Passage
from agents.assistant.reading import Slots
from agents.assistant.wording.checks import sentences, unfaithful, unfit, ungrounded
from agents.assistant.wording.question import MOST_SENTENCES, NONE
from agents.assistant.wording.slots import SaidSlots, slots_of
from agents.llm.canary import leaked
from agents.llm.client import Reply
from agents.llm.errors import AnswerLeaks, AnswerMalformed
from agents.llm.prompt import Marks, spoken
from agents.llm.schema import read
from schemas.turns import Lang

_MOST_WRITTEN = 8_000
"""Characters of an answer that are looked at: 300 tokens are a quarter of that."""
_MOST_SENTENCE = 300
_ABSTAINED = "abstained"
_HAN = "\u3400-\u9fff"
_WIDE = dict(zip(",:;!?", "，：；！？", strict=True))
_NARROW = re.compile(f"(?<=[{_HAN}）])[,:;!?]|[,:;!?](?=[{_HAN}])")
_BRACKETS = re.compile(rf"\(([^()]*[{_HAN}][^()]*)\)")
_GAP = re.compile(f"(?<=[{_HAN}，。：；！？）]) (?=[{_HAN}])")


class Verdict(NamedTuple):
    """What may be used of an answer; `why` it may not, empty if it may."""

    text: str = ""
    cited: tuple[str, ...] = ()
    intent: str = ""
    slots: Slots = Slots()
    why: str = ""


class _Reworded(msgspec.Struct, frozen=True):
    text: str
    abstain: bool = False


class _Sentence(msgspec.Struct, frozen=True):
    text: str
    passages: tuple[str, ...]


class _Explained(msgspec.Struct, frozen=True):
    sentences: tuple[_Sentence, ...] = ()
    abstain: bool = False


class _Read(SaidSlots, frozen=True, kw_only=True):
    intent: str


_decode_reworded = msgspec.json.Decoder(_Reworded).decode
_decode_explained = msgspec.json.Decoder(_Explained).decode
_decode_read = msgspec.json.Decoder(_Read).decode


def written(reply: Reply, marks: Marks) -> str:
    """What the model wrote. Raises AnswerLeaks, AnswerMalformed."""
    if len(reply.content) > _MOST_WRITTEN:
        raise AnswerMalformed("it is far too long")
    if leaked(marks.canary, reply.content):
        raise AnswerLeaks("the answer repeats its instructions: dropped")
    if reply.cut:
        raise AnswerMalformed("it had no room to end")
    return reply.content


def reworded(content: str, marks: Marks, draft: str, facts: Sequence[str], lang: Lang) -> Verdict:
    """The draft in other words. Raises ModelError."""
    answer = read(content, _decode_reworded)
    text = _told(answer.text, marks, lang)
    if answer.abstain:
        return Verdict(why=_ABSTAINED)
    why = unfaithful(text, draft, facts, lang)
    return Verdict(why=why) if why else Verdict(text)


def explained(content: str, marks: Marks, lang: Lang, passages: Sequence[Passage]) -> Verdict:
    """An answer out of passages: all of its sentences, or nothing. Raises ModelError."""
    answer = read(content, _decode_explained)
    said = [(_told(one.text, marks, lang), one.passages) for one in answer.sentences]
    if answer.abstain or not said:
        return Verdict(why=_ABSTAINED)
    if sum(len(sentences(text)) for text, _ in said) > MOST_SENTENCES:
        return Verdict(why="long")
    known = {f"p{n}": passage for n, passage in enumerate(passages, 1)}
    cited: dict[str, None] = {}
    for text, ids in said:
        quotes = [known[name] for name in ids if name in known]
        if not quotes or len(quotes) < len(ids):
            return Verdict(why="uncited")
        told = [f"{one.title}. {one.quote}" for one in quotes]
        why = unfit(text, lang, _MOST_SENTENCE) or ungrounded(text, told)
        if why:
            return Verdict(why=why)
        cited |= dict.fromkeys(one.id for one in quotes)
    between = "" if lang == "zh" else " "
    return Verdict(between.join(text for text, _ in said), tuple(cited))


def understood(content: str, marks: Marks, text: str, candidates: Sequence[str]) -> Verdict:
    """What a message means, as far as the message says it. Raises ModelError."""
    answer = read(content, _decode_read)
    told = "".join(getattr(answer, name) for name in answer.__struct_fields__)
    if leaked(marks.canary, told):
        raise AnswerLeaks("the answer repeats its instructions: dropped")
    if answer.intent == NONE:
        return Verdict(why=_ABSTAINED)
    if answer.intent not in candidates:
        return Verdict(why="intent")
    return Verdict(intent=answer.intent, slots=slots_of(answer, text, marks.joint))


def _told(text: str, marks: Marks, lang: Lang) -> str:
    """An escape hides the code in what was received, not in what is read of it."""
    if leaked(marks.canary, text) or marks.fence in text:
        raise AnswerLeaks("the answer repeats its instructions: dropped")
    text = " ".join(spoken(text, marks).split())
    if lang == "zh":
        # The data is in NFKC, and a model writes as it reads: in Chinese these are wide.
        text = _BRACKETS.sub(r"（\1）", text)
        text = _GAP.sub("", _NARROW.sub(lambda mark: _WIDE[mark[0]], text))
    return text
