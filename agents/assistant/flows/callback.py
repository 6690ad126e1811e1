"""Somebody calls the number on file."""

from typing import cast, get_args

from agents.assistant.intents import intents
from agents.assistant.picking import slot
from agents.assistant.reading import Window
from agents.assistant.talk import Talk
from schemas.tools import CallBack, Receipt

_WINDOWS = get_args(Window)


async def run(talk: Talk) -> None:
    """When, then a summary."""
    window = slot(talk, "window")
    if window not in _WINDOWS:
        talk.ask("window", "callback.when")
        for one in _WINDOWS:
            talk.offer(f"window:{one}", f"window.{one}")
        return
    talk.propose(
        CallBack(window=cast(Window, window), topic=_topic(talk)),
        talk.text("callback.summary", window=talk.text(f"window.{window}")),
    )


def _topic(talk: Talk) -> str:
    """What was left for the call."""
    last = intents().get(str(talk.stack[-1].slots.get("intent", ""))) if talk.stack else None
    return last.label(talk.lang) if last else ""


async def after(talk: Talk, _receipt: Receipt) -> None:
    """Never a promise to the minute."""
    talk.say("callback.after")
