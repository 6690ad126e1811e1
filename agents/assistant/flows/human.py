"""A person of the bank takes over, and knows what was said."""

import re

from agents.assistant.hiding import hide
from agents.assistant.talk import Talk
from schemas.tools import OpenTicket, Receipt
from schemas.turns import Action

_WHO = re.compile(
    r"机器人|真人|是人吗|\b(?:ro)?bot\b|\breal person\b|\bhuman being\b|are you (?:a )?human", re.I
)
_EXCHANGES = 5
_EACH = 160
_LONGEST = 1000


async def run(talk: Talk) -> None:
    """A ticket with what was said, which the person confirms, once; or a call-back."""
    reference = _opened(talk)
    if reference or _may_be_opened(talk):
        # What may be is cleared up before anything else, and the person has heard how that went.
        if reference:
            talk.say("human.already", reference=reference)
        talk.link("hotline")
        talk.offer("intent:call_back", "choice.call_back")
        return
    if _WHO.search(talk.said):
        talk.say("human.honest")
    talk.propose(OpenTicket(topic="handover", text=_said(talk)), talk.text("human.summary"))
    talk.offer("intent:call_back", "choice.call_back")
    talk.link("hotline")


def _opened(talk: Talk) -> str:
    """The ticket of an earlier time, or of one that was only now found to be there."""
    before = [action for reply in talk.before.replies for action in reply.actions]
    for action in (*before, *talk.actions):
        if action.receipt is not None and _is_mine(action.call):
            return action.receipt.reference
    return ""


def _may_be_opened(talk: Talk) -> bool:
    waiting = [*talk.unsettled, *([talk.pending] if talk.pending is not None else [])]
    return any(one.begun and _is_mine(one.call) for one in waiting)


def _is_mine(call: object) -> bool:
    return isinstance(call, OpenTicket) and call.topic == "handover"


def _said(talk: Talk) -> str:
    said = [one.said[:_EACH] for one in talk.before.exchanges[-_EXCHANGES:] if one.said]
    said.append(hide(talk.said)[:_EACH])
    return " / ".join(part for part in said if part)[:_LONGEST]


async def after(talk: Talk, receipt: Receipt) -> None:
    """Nothing else is offered: somebody else goes on."""
    talk.say("human.after")
    talk.stack.clear()
    talk.actions.append(
        Action(kind="hand_over", id=receipt.reference, label=talk.text("choice.human"))
    )
    talk.degrade("hand_over")
