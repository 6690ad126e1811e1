"""A complaint or a report, in the person's own words."""

from typing import cast

from agents.assistant.hiding import hide
from agents.assistant.picking import slot
from agents.assistant.talk import Talk
from schemas.tools import OpenTicket, Receipt, TicketTopic

_LONGEST = 200
_FEWEST = 2
_MANY, _MANY_WORDS = 16, 10


async def run(talk: Talk) -> None:
    """What it is about, then a summary."""
    if talk.flow is not None and talk.flow.step == "text" and talk.said:
        talk.slots["text"] = hide(talk.said)[:_LONGEST]
    elif not slot(talk, "text") and _tells(slot(talk, "words")):
        talk.slots["text"] = slot(talk, "words")
    words = slot(talk, "text")
    topic = cast(TicketTopic, slot(talk, "topic") or "complaint")
    if topic == "complaint" and not talk.reading.upset and not (talk.flow and talk.flow.step):
        talk.say("upset.sorry")
    if len(words) < _FEWEST:
        talk.ask("text", f"ticket.what_{topic}")
        return
    talk.propose(
        OpenTicket(topic=topic, text=words, about=slot(talk, "about")),
        talk.text(f"ticket.summary_{topic}", words=words),
    )


def _tells(words: str) -> bool:
    """Whether the first message already says what is wrong, and not only that something is."""
    return len(words.split()) >= _MANY_WORDS or (not words.isascii() and len(words) >= _MANY)


async def after(talk: Talk, _receipt: Receipt) -> None:
    """What happens to it."""
    about_us = slot(talk, "topic") in ("", "complaint")
    talk.say("ticket.after_complaint" if about_us else "ticket.after")
