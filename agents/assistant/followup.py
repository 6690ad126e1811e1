"""Messages that mean something only after what was said before them, or about the assistant."""

import re

from agents.assistant.answering import step_of
from agents.assistant.passage import Passage
from agents.assistant.repair import cancel, common, repeat
from agents.assistant.subject import start
from agents.assistant.talk import Talk
from agents.assistant.urgent import plain_intent

_SHORT = 40
_LIKELY, _LEAD = 0.6, 0.35
"""A meaning that is not sure is taken if it is so likely, and so much more than the next:
all that comes of it is a fact, or a question."""
_CAN = re.compile(
    r"(?:你|您)(?:都)?(?:能|会|可以)(?:帮我)?(?:做|干|办)(?:些|点)?(?:什么|啥)|有(?:什么|哪些)功能|怎么用"
    r"|what (?:can|do) you do|how (?:can|do) you (?:help|work)|^help[.!?]*$|what are you for",
    re.I,
)
_ASKS = re.compile(
    r"多久|几天|怎么办|怎么做|咋办|为什么|为啥|什么时候|要钱吗|收费吗|怎么弄|还有别的办法"
    r"|\bhow (?:long|much|do|can|come)\b|\bwhy\b|\bwhen\b|\bwhat (?:now|next|if|should|do i)\b"
    r"|\bis it free\b|\bany other way\b",
    re.I,
)
_DONE_WITH = re.compile(
    r"(?:(?:那|好的?|哦|嗯|行|我)*(?:算了|不用了|不办了|没事了|没什么事|不需要了|就这样)"
    r"(?:吧|啦|了|谢谢)*[，,。.！! ]*)+"
    r"|(?:ok(?:ay)?,? )?(?:never ?mind|no need|that'?s (?:all|it)|nothing else|it'?s fine)[.! ]*",
    re.I,
)


def asks_what_you_can(said: str) -> bool:
    """Whether somebody asks what this is good for."""
    return len(said) <= _SHORT and _CAN.search(said) is not None


def is_done_with(said: str) -> bool:
    """Whether somebody wants nothing more."""
    return _DONE_WITH.fullmatch(said) is not None


def asks_on(said: str) -> bool:
    """Whether it is a short question without a subject of its own."""
    return len(said) <= _SHORT and _ASKS.search(said) is not None


def about_before(talk: Talk) -> Passage | None:
    """What an article says to a short question about the answer before."""
    if not talk.before.replies or not asks_on(talk.said):
        return None
    intent = talk.before.replies[-1].intent
    if not intent:
        return None
    found = talk.knowledge.search(talk.said, talk.lang, talk.today, intent, 1)
    return found[0] if found else None


def soothe(talk: Talk) -> None:
    """Somebody is angry, and does not say about what."""
    talk.say("upset.how")
    talk.offer("intent:complaint", "choice.complaint")
    talk.offer("intent:human", "choice.human")


def say_what_i_can(talk: Talk) -> None:
    """In two sentences, with buttons."""
    talk.say("greet.can")
    common(talk)


def leads(talk: Talk) -> bool:
    """Whether one meaning is far before all others."""
    reading = talk.reading
    next_best = max((p for _, p in reading.others), default=0.0)
    return reading.confidence >= _LIKELY and reading.confidence - next_best >= _LEAD


async def is_plain(talk: Talk, *, waits: bool) -> bool:
    """Whether it was plain to people, although the reader is unsure of it; then it was done."""
    if asks_what_you_can(talk.said):
        say_what_i_can(talk)
    elif is_done_with(talk.said):
        cancel(talk)
    elif waits and step_of(talk) != "more" and asks_on(talk.said):
        await repeat(talk)
    elif not leads(talk) and (passage := about_before(talk)) is not None:
        talk.intent = talk.before.replies[-1].intent
        talk.quote(passage)
        talk.offer("intent:human", "choice.human")
    elif talk.reading.upset and not waits:
        soothe(talk)
    elif plain := plain_intent(talk.said):
        await start(talk, plain)
    else:
        return False
    return True
