"""A card is lost, stolen or to be frozen for a while: the shortest way to a frozen card."""

import re
from typing import Literal

from agents.assistant.facts import cards
from agents.assistant.picking import card_name, meant_cards, pick_card, slot
from agents.assistant.talk import Talk
from schemas.tools import FreezeCard, Receipt

_STOLEN = re.compile(r"被偷|被盗|偷了|盗刷|盗用|抢|stolen|stole|theft|robbed|thief|hacked", re.I)

_ALL = re.compile(r"全部|所有|都|每张|\b(?:all|every|both)\b", re.I)


async def run(talk: Talk) -> None:
    """Proposes freezing at once if there is one card that can be meant."""
    talk.exact = True
    if talk.said and _STOLEN.search(talk.said):
        talk.slots["reason"] = "stolen"
    found = await cards(talk)
    if found is None:
        talk.say("lost.call_us")
        talk.link("freeze")
        return
    if talk.said and _ALL.search(talk.said):
        talk.slots["all"] = 1
    alive = [card for card in found if card.status == "active"]
    meant = meant_cards(talk, found)
    if len(meant) == 1 and meant[0].status != "active":
        talk.say(f"lost.already_{meant[0].status}", card=card_name(talk, meant[0]))
        talk.offer("intent:dispute", "choice.dispute")
        return
    if not alive:
        talk.say("lost.none")
        talk.link("hotline")
        return
    if talk.slots.get("all") and alive[1:]:
        talk.say("lost.one_by_one", count=len(alive))
        talk.slots["card"] = alive[0].id
    card = pick_card(talk, alive, "lost.which_card")
    if card is None:
        talk.link("freeze")
        return
    talk.slots["card"] = card.id
    reason = reason_of(talk)
    talk.propose(
        FreezeCard(card=card.id, reason=reason),
        talk.text(f"lost.summary_{reason}", card=card_name(talk, card)),
    )
    talk.link("freeze")


def reason_of(talk: Talk) -> Literal["lost", "stolen", "temporary"]:
    """Why it is frozen: what was said, else what the intent says."""
    if slot(talk, "reason") == "stolen":
        return "stolen"
    return "temporary" if talk.intent == "freeze_card" else "lost"


async def after(talk: Talk, _receipt: Receipt) -> None:
    """What follows from a frozen card: the next one, if all are to be."""
    talk.say(f"lost.after_{reason_of(talk)}")
    if talk.slots.get("all"):
        talk.slots.pop("card", None)
        found = await cards(talk)
        if any(card.status == "active" for card in found or ()):
            await run(talk)
            return
    talk.offer("intent:dispute", "choice.dispute")
