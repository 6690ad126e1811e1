"""A message in words: a yes or a no, an answer to what was asked, or something new."""

from agents.assistant.answering import answers, bare, by_label, declines, of_use, step_of
from agents.assistant.clauses import SHOWN_AT_ONCE
from agents.assistant.confirming import confirm
from agents.assistant.flows import FLOWS, FREE_TEXT, SKIP
from agents.assistant.followup import is_plain, leads
from agents.assistant.hiding import hide
from agents.assistant.intents import flow_of, intents
from agents.assistant.modelling import guess
from agents.assistant.picking import choose, merge, slot
from agents.assistant.policy import is_yes
from agents.assistant.reading import Slots
from agents.assistant.repair import (
    cancel,
    hello,
    likely,
    out_of_scope,
    repeat,
    restart,
    unclear,
    which,
)
from agents.assistant.subject import drop, enter, go_on, put_off, resume, skip, start
from agents.assistant.talk import LOBBY, Talk
from agents.assistant.urgent import tells_of_a_failed_transfer, urgent_intent

_CERTAIN = 0.8
"""How likely another purpose must be against a message that also answers the question."""
_ALIKE = {("limit", "limits"), ("lost", "fraud"), ("dispute", "transactions")}
"""Answers in these flows sound like another purpose."""
_CORRECTED = ("card", "last4", "card_kind", "txn", "service", "window", "limit_kind", "amount")
"""What is asked again of somebody who says only that it is wrong."""
_SHORT, _A_SENTENCE, _REPORT = 12, 5, 200


async def hear(talk: Talk) -> None:
    """Goes on with the conversation."""
    if _is_free_text(talk):
        enter(talk)
        await go_on(talk)
        return
    act = talk.reading.act
    if act == "deny" or (not act and declines(talk)):
        await _no(talk)
    elif act == "affirm":
        await _yes(talk)
    elif act == "cancel":
        await _cancel(talk)
    elif act == "correct":
        await _correct(talk)
    elif act == "repeat":
        await repeat(talk)
    elif act == "restart":
        restart(talk)
    elif act in ("greet", "thanks", "bye") and not _means_more(talk):
        hello(talk, f"greet.{'hello' if act == 'greet' else act}")
    else:
        await _meaning(talk)


def _is_free_text(talk: Talk) -> bool:
    if talk.flow is None or (talk.flow.name, talk.flow.step) not in FREE_TEXT:
        return False
    wants_person = talk.reading.intent == "human" and len(talk.said) <= _SHORT
    return talk.reading.act not in ("cancel", "repeat", "restart") and not wants_person


def _name(talk: Talk) -> str | None:
    return talk.flow.name if talk.flow is not None else None


def _waits(talk: Talk) -> bool:
    """Whether a flow has asked something."""
    return _name(talk) in FLOWS


def _means_more(talk: Talk) -> bool:
    return bool(talk.reading.intent) and talk.reading.sure


async def _yes(talk: Talk) -> None:
    """Confirms only what was summed up in the reply right before it."""
    if not is_yes(talk.reading, talk.said):
        await _meaning(talk)
    elif step_of(talk) in ("confirm", "step_up"):
        pending = talk.pending
        # Who says yes twice in a hurry has not seen what the first one led to.
        seen = not talk.turn.unseen
        if pending is not None and pending.key in talk.offered("confirm:") and seen:
            await confirm(talk, pending.key)
        elif pending is not None:
            await repeat(talk)
        else:
            talk.say("confirm.expired")
            await go_on(talk)
    elif step_of(talk) == "unknown":
        # What is known of it was said before the message was heard.
        return
    elif talk.flow is not None and talk.flow.name == "resume" and talk.flow.step == "ask":
        await resume(talk)
    elif not await _only_choice(talk):
        await _nothing_to_confirm(talk)


async def _nothing_to_confirm(talk: Talk) -> None:
    last = talk.before.replies[-1].actions if talk.before.replies else ()
    for action in last:
        if action.kind == "tool_result" and action.receipt is not None:
            talk.say("button.done", summary=action.label, reference=action.receipt.reference)
            return
    talk.say("confirm.nothing")
    if talk.flow is not None:
        await go_on(talk)


async def _only_choice(talk: Talk) -> bool:
    """A yes to a question with one possible answer."""
    step = step_of(talk)
    if not _waits(talk) or len(offered := talk.offered(f"{step}:")) != 1:
        return False
    enter(talk)
    choose(talk, step, offered[0])
    await go_on(talk)
    return True


async def _cancel(talk: Talk) -> None:
    current = _name(talk)
    cancel(talk)
    if _means_more(talk) and flow_of(talk.reading.intent) != current:
        await start(talk, talk.reading.intent)


async def _no(talk: Talk) -> None:
    flow = talk.flow
    if flow is not None and flow.name == "resume":
        drop(talk)
    elif talk.reading.slots != Slots():
        await _correct(talk)
    elif flow is not None and flow.name in SKIP and "skip" in talk.offered(""):
        await skip(talk)
    elif flow is not None and flow.name == "which":
        await unclear(talk)
    else:
        await _cancel(talk)


async def _correct(talk: Talk) -> None:
    """Another value for what was understood, or another purpose instead."""
    reading, waits = talk.reading, _waits(talk)
    if waits and reading.slots != Slots() and not _another_purpose(talk):
        await _with_slots(talk, reading.slots)
    elif _means_more(talk) and flow_of(reading.intent) != _name(talk):
        talk.drop_pending("person")
        talk.flow = None
        await start(talk, reading.intent)
    elif waits:
        talk.drop_pending("person")
        talk.say("correct.what")
        enter(talk)
        for name in _CORRECTED:
            talk.slots.pop(name, None)
        talk.again = True
        await go_on(talk)
    else:
        await _meaning(talk)


async def _with_slots(talk: Talk, slots: Slots) -> None:
    enter(talk)
    merge(talk, slots)
    if (slots.last4 or slots.card_kind) and not slots.service and step_of(talk) == "confirm":
        # It was concluded from the card, and that is another one now.
        talk.slots.pop("service", None)
    await go_on(talk)


def _another_purpose(talk: Talk) -> bool:
    """Whether the message is about something else than the flow that waits."""
    reading, name = talk.reading, _name(talk)
    if not _means_more(talk) or flow_of(reading.intent) == name:
        return False
    if not answers(talk):
        return True
    return reading.confidence >= _CERTAIN and (name, reading.intent) not in _ALIKE


async def _meaning(talk: Talk) -> None:
    flow, waits = talk.flow, _waits(talk)
    if waits and by_label(talk):
        await go_on(talk)
        return
    waits = waits and not _another_purpose(talk)
    if waits and (await _more_words(talk) or await _as_answer(talk)):
        return
    if not flow_of(talk.reading.intent) and tells_of_a_failed_transfer(talk.said):
        await start(talk, "transfer_failed")
    elif _means_more(talk):
        await _start_all(talk)
    elif talk.reading.slots.reference and (flow is None or flow.name in LOBBY):
        await start(talk, "order_status")
    elif urgent := urgent_intent(talk.said):
        await start(talk, urgent)
    elif await is_plain(talk, waits=waits):
        return
    elif not talk.reading.known:
        await out_of_scope(talk)
    else:
        await _unsure(talk)


async def _more_words(talk: Talk) -> bool:
    """Whether the message was added to a report that waits for a yes."""
    if talk.flow is None or talk.flow.name != "ticket" or step_of(talk) != "confirm":
        return False
    if len(talk.said) < _A_SENTENCE:
        return False
    enter(talk)
    talk.slots["text"] = f"{slot(talk, 'text')} {hide(talk.said)}"[:_REPORT]
    await go_on(talk)
    return True


async def _start_all(talk: Talk) -> None:
    """What can be shown at once first, then what leads to questions."""
    main = talk.reading
    every = sorted((main, *talk.more), key=lambda one: flow_of(one.intent) not in SHOWN_AT_ONCE)
    if len(every) > 1 and flow_of(every[0].intent) not in SHOWN_AT_ONCE:
        put_off(talk, every.pop())
    for reading in every:
        talk.reading = reading
        await start(talk, reading.intent)
    talk.reading = main


async def _as_answer(talk: Talk) -> bool:
    """Takes the message for an answer to the flow's question, if it can be one."""
    if bare(talk):
        await go_on(talk)
        return True
    slots = of_use(talk)
    if slots == Slots():
        return False
    before = dict(talk.flow.slots) if talk.flow is not None else {}
    enter(talk)
    merge(talk, slots)
    if talk.slots == before:
        return False
    await _with_slots(talk, slots)
    return True


async def _unsure(talk: Talk) -> None:
    """Not sure what is meant: the model may know, else the person is asked."""
    if await guess(talk) and talk.reading.sure:
        await start(talk, talk.reading.intent)
        return
    names = likely(talk)
    if {"limits", "raise_limit"} <= set(names[:2]):
        names = ["limits"]  # Looking at them offers to raise them.
    lobby = talk.flow is None or talk.flow.name in LOBBY or talk.flow.step == "more"
    alone = lobby and len(names) == 1 and talk.reading.intent in intents()
    if names and (alone or leads(talk) or flow_of(names[0]) == _name(talk)):
        await start(talk, names[0])
    elif len(names) >= 2 and lobby:
        which(talk, names)
    else:
        await unclear(talk)
