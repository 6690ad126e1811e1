"""When a message is not understood, or says something about the conversation itself."""

from collections.abc import Sequence

import msgspec

from agents.assistant.flows import FLOWS
from agents.assistant.hiding import hide
from agents.assistant.intents import intents
from agents.assistant.knowing import sure
from agents.assistant.picking import merge
from agents.assistant.subject import close, enter, go_on, start
from agents.assistant.talk import Talk
from schemas.sessions import Flow

_COMMON = ("transfer_failed", "balance", "card_lost", "transactions", "human")
_CHOICES_AT, _PERSON_AT = 2, 3
_WORDS = 200
_CLOSE = 0.05
"""How likely another meaning must be to be offered."""


async def silence(talk: Talk) -> None:
    """Nothing was said."""
    talk.say("silence.ask")
    await _once_more(talk)


async def repeat(talk: Talk) -> None:
    """The person did not understand: the same in other words."""
    pending = talk.pending
    if pending is not None and talk.flow is not None and talk.flow.step in ("confirm", "step_up"):
        talk.say("repeat.confirm", summary=pending.summary)
        talk.offer_confirm(pending)
        return
    if talk.flow is not None and talk.flow.name in FLOWS:
        talk.say("repeat.lead")
        await _once_more(talk)
        return
    last = talk.before.replies[-1] if talk.before.replies else None
    if last is None:
        hello(talk, "greet.hello")
        return
    talk.say("repeat.lead")
    talk.lines.append(last.text)
    talk.sources += last.sources
    talk.choices += last.choices
    talk.offer("intent:human", "choice.human")


async def _once_more(talk: Talk) -> None:
    """The question the flow waits with, again."""
    flow = talk.flow
    if flow is None or flow.name not in FLOWS:
        if flow is None:
            common(talk)
        return
    if flow.step in ("confirm", "step_up", "unknown") and talk.pending is not None:
        talk.say("confirm.still", summary=talk.pending.summary)
        if not talk.pending.begun:
            talk.offer_confirm(talk.pending)
        return
    talk.again = True
    await go_on(talk)
    talk.again = False


async def unclear(talk: Talk) -> None:
    """Not understood: asked again, then with choices, then a person."""
    flow = talk.flow
    misses = 1 + (flow.misses if flow is not None else 0)
    if misses >= _PERSON_AT:
        talk.say("unclear.person")
        await start(talk, "human")
        return
    talk.say("unclear.choices" if misses >= _CHOICES_AT else "unclear.once")
    if flow is not None and flow.name in FLOWS and flow.step != "more":
        await _once_more(talk)
        if misses >= _CHOICES_AT:
            talk.offer("cancel", "choice.cancel")
            talk.offer("intent:human", "choice.human")
    else:
        talk.flow = Flow("unclear", "ask")
        if misses >= _CHOICES_AT:
            common(talk)
    _missed(talk, misses)


def _missed(talk: Talk, misses: int) -> None:
    flow = talk.flow or Flow("unclear", "ask")
    talk.flow = msgspec.structs.replace(flow, misses=misses)


async def out_of_scope(talk: Talk) -> None:
    """Not what a bank does; an article may still know."""
    found = sure(talk)
    if found is not None:
        talk.quote(found)
        return
    flow = talk.flow
    misses = 1 + (flow.misses if flow is not None else 0)
    if misses >= _PERSON_AT:
        talk.say("unclear.person")
        await start(talk, "human")
        return
    talk.say("scope.out")
    if flow is not None and flow.name in FLOWS and flow.step != "more":
        await _once_more(talk)
    else:
        common(talk)
    _missed(talk, misses)


def common(talk: Talk) -> None:
    """What people want most."""
    for name in _COMMON:
        talk.button(f"intent:{name}", intents()[name].label(talk.lang))


def likely(talk: Talk) -> list[str]:
    """What the message may mean, the most likely first, at most three."""
    reading = talk.reading
    found = [reading.intent] if reading.intent in intents() else []
    found += [name for name, p in reading.others if p >= _CLOSE and name in intents()]
    return list(dict.fromkeys(found))[:3]


def which(talk: Talk, names: Sequence[str]) -> None:
    """Asks back with two or three meanings."""
    found = sure(talk)
    if found is not None:
        talk.quote(found)
        talk.say("which.or")
    else:
        talk.ask("ask", "which.ask")
    for name in names:
        talk.button(f"intent:{name}", intents()[name].label(talk.lang))
    talk.offer("none", "which.none")
    talk.leave()
    talk.slots = {"words": hide(talk.said)[:_WORDS]}
    merge(talk, talk.reading.slots)
    talk.flow = Flow("which", "ask", talk.slots)


def cancel(talk: Talk) -> None:
    """Ends what was going on, and says that nothing was done."""
    begun = talk.pending is not None and talk.pending.begun
    dropped = talk.drop_pending("person")
    had = talk.flow is not None and talk.flow.name in FLOWS
    talk.flow = None
    if begun:
        return
    done = any(one.kind == "tool_result" for reply in talk.before.replies for one in reply.actions)
    idle = "nothing_open" if done else "ended" if had else "nothing"
    talk.say("cancel.undone" if dropped else f"cancel.{idle}")
    enter(talk)
    close(talk)


def restart(talk: Talk) -> None:
    """From the beginning."""
    talk.drop_pending("person")
    talk.flow = None
    talk.stack.clear()
    talk.say("greet.restart")
    common(talk)


def hello(talk: Talk, name: str) -> None:
    """Greetings and what I can do."""
    talk.say(name)
    if name == "greet.hello":
        common(talk)
    if talk.flow is None and talk.stack:
        close(talk)
