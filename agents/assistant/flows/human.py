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
    """A ticket with what was said, which the person confirms; or a call-back."""
    for reply in talk.before.replies:
        for action in reply.actions:
            if action.kind == "hand_over":
                talk.say("human.already", reference=action.id)
                talk.link("hotline")
                talk.offer("intent:call_back", "choice.call_back")
                return
    if _WHO.search(talk.said):
        talk.say("human.honest")
    talk.propose(OpenTicket(topic="handover", text=_said(talk)), talk.text("human.summary"))
    talk.offer("intent:call_back", "choice.call_back")
    talk.link("hotline")


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
