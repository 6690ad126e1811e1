"""A button was pressed."""

from agents.assistant.confirming import confirm
from agents.assistant.flows import FLOWS, SKIP
from agents.assistant.intents import intents
from agents.assistant.knowing import chosen
from agents.assistant.picking import choose
from agents.assistant.repair import cancel, unclear
from agents.assistant.subject import close, drop, enter, go_on, resume, skip, start
from agents.assistant.talk import Talk

_VALUES = ("card", "txn", "service", "window", "kind")


async def press(talk: Talk, choice: str) -> None:
    """What the button stands for; one that was never offered here does nothing."""
    name, _, value = choice.partition(":")
    if name == "confirm":
        await confirm(talk, value)
    elif choice == "cancel":
        cancel(talk)
    elif choice == "resume":
        await resume(talk)
    elif choice == "drop":
        drop(talk)
    elif choice == "none":
        await unclear(talk)
    elif name == "intent" and value in intents():
        asked = talk.flow is not None and talk.flow.name == "which" and _was_offered(talk, choice)
        await start(talk, value, more=dict(talk.flow.slots) if asked and talk.flow else None)
    elif name == "article" and _was_offered(talk, choice):
        enter(talk)
        chosen(talk, choice)
        close(talk)
    elif name == "report" and _was_offered(talk, choice):
        await start(talk, "complaint", more={"topic": "transfer", "about": value})
    elif _fits(talk, choice):
        await _value(talk, choice, name, value)
    else:
        await _old(talk)


async def _value(talk: Talk, choice: str, name: str, value: str) -> None:
    if choice == "skip":
        await skip(talk)
        return
    enter(talk)
    choose(talk, name, value)
    await go_on(talk)


def _fits(talk: Talk, choice: str) -> bool:
    """Whether the flow that waits offered it, now or a few turns ago."""
    flow = talk.flow
    if flow is None or flow.name not in FLOWS:
        return False
    if choice == "skip":
        return flow.name in SKIP and _was_offered(talk, choice)
    return choice.partition(":")[0] in _VALUES and _was_offered(talk, choice)


def _was_offered(talk: Talk, choice: str) -> bool:
    return any(one.id == choice for reply in talk.before.replies for one in reply.choices)


async def _old(talk: Talk) -> None:
    talk.say("button.old")
    if talk.flow is not None:
        await go_on(talk)
