"""What the conversation is about: begun, gone on with, left for something else, taken up again."""

from agents.assistant.flows import FLOWS, SKIP
from agents.assistant.hiding import hide
from agents.assistant.intents import flow_of, intents
from agents.assistant.knowing import answer
from agents.assistant.picking import merge, slot
from agents.assistant.reading import Reading
from agents.assistant.talk import Talk
from schemas.sessions import MOST_SLOTS, Flow, Slot

_WORDS = 200


async def start(talk: Talk, intent: str, *, more: dict[str, Slot] | None = None) -> None:
    """The person wants this; what was going on is kept for later."""
    name = flow_of(intent)
    if not name:
        talk.leave()
        talk.flow = Flow("knowledge")
        enter(talk)
        talk.intent = intent
        await answer(talk, talk.said or intents()[intent].label(talk.lang), intent)
        close(talk)
        return
    going_on = talk.flow is not None and talk.flow.name == name and talk.flow.step != "more"
    if not going_on:
        talk.leave()
        talk.stack = [one for one in talk.stack if one.name != name]
        talk.flow = Flow(name, slots={"words": hide(talk.said)[:_WORDS]})
    enter(talk)
    talk.slots |= {"intent": intent} | (more or {})
    talk.intent = intent
    merge(talk, talk.reading.slots)
    await _run(talk)


def put_off(talk: Talk, reading: Reading) -> None:
    """Another thing that is wanted and leads to questions: taken up when this one is over."""
    flow = flow_of(reading.intent)
    before, talk.slots = talk.slots, {"intent": reading.intent}
    merge(talk, reading.slots)
    talk.stack = [one for one in talk.stack if one.name != flow]
    talk.stack.append(Flow(flow, slots=talk.slots))
    talk.slots = before
    talk.say("later.then", what=intents()[reading.intent].label(talk.lang))


async def go_on(talk: Talk) -> None:
    """The flow again, with what has become known since."""
    if talk.flow is None or talk.flow.name not in FLOWS:
        return
    if not talk.slots:
        enter(talk)
    await _run(talk)


async def skip(talk: Talk) -> None:
    """The flow without what it has proposed."""
    if talk.flow is None:
        return
    enter(talk)
    talk.drop_pending("person")
    await SKIP[talk.flow.name](talk)
    close(talk)


def enter(talk: Talk) -> None:
    """What is known for the flow, to look at and to change."""
    flow = talk.flow
    talk.asked = ""
    talk.slots = dict(flow.slots) if flow is not None else {}
    talk.intent = slot(talk, "intent") or talk.intent


async def _run(talk: Talk) -> None:
    if talk.flow is None:
        return
    talk.asked = ""
    await FLOWS[talk.flow.name](talk)
    close(talk)


def close(talk: Talk) -> None:
    """The flow waits at what it asked, or is over."""
    name = talk.flow.name if talk.flow is not None else ""
    if talk.asked:
        kept = {"intent": talk.slots["intent"]} if "intent" in talk.slots else {}
        kept |= dict(list(talk.slots.items())[-(MOST_SLOTS - len(kept)) :])
        talk.flow = Flow(name, talk.asked, kept)
        return
    talk.flow = None
    if talk.stack and not (talk.pending is not None and talk.pending.begun):
        _offer_to_resume(talk)


def _offer_to_resume(talk: Talk) -> None:
    what = _what(talk, talk.stack[-1])
    offered = talk.before.flow is not None and talk.before.flow.name == "resume"
    if not offered:
        talk.say("resume.offer", what=what)
    talk.offer("resume", "resume.yes", what=what)
    talk.offer("drop", "resume.no")
    talk.flow = Flow("resume", "quiet" if offered else "ask")


async def resume(talk: Talk) -> None:
    """Back to what was left last."""
    if not talk.stack:
        talk.say("resume.nothing")
        return
    talk.flow = talk.stack.pop()
    talk.say("resume.back", what=_what(talk, talk.flow))
    enter(talk)
    await _run(talk)


def drop(talk: Talk) -> None:
    """The person does not want to go back."""
    if talk.stack:
        talk.stack.pop()
    talk.drop_pending("person")
    talk.flow = None
    talk.say("cancel.dropped")


def _what(talk: Talk, flow: Flow) -> str:
    intent = intents().get(str(flow.slots.get("intent", "")))
    return intent.label(talk.lang) if intent else ""
