"""How far an order is."""

import re

from agents.assistant.days import day, parsed
from agents.assistant.facts import order, without
from agents.assistant.hiding import hide
from agents.assistant.picking import slot
from agents.assistant.talk import Talk
from agents.assistant.tools import Failed

_REFERENCE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


async def run(talk: Talk) -> None:
    """Asks for its number, which stands in the app."""
    reference = slot(talk, "reference")
    if not _REFERENCE.fullmatch(reference):
        if talk.flow is not None and talk.flow.step == "reference":
            talk.offer("intent:human", "choice.human")
        talk.ask("reference", "order.which")
        talk.link("orders")
        return
    found = await order(talk, reference)
    if isinstance(found, Failed):
        if found.why == "refused":
            talk.slots.pop("reference")
            # Whatever was said instead of a number stays in the session.
            talk.ask("reference", "order.not_found", reference=hide(reference))
            talk.link("orders")
        else:
            without(talk, "order")
        return
    talk.say(
        f"order.{found.status}", kind=talk.text(f"order_kind.{found.kind}"), reference=found.id
    )
    if found.detail:
        talk.say("order.detail", detail=found.detail)
    expected = parsed(found.expected_on)
    if expected and found.status in ("received", "in_progress", "shipped"):
        talk.say("order.expected", on=day(expected, talk.lang))
    talk.link("orders")
