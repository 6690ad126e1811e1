"""A card is taken off a payment service."""

from agents.assistant.facts import cards
from agents.assistant.picking import card_name, pick_card, slot
from agents.assistant.talk import Talk
from agents.assistant.texts import has
from schemas.tools import Card, UnbindCard


def service_name(talk: Talk, service: str) -> str:
    """What people call a payment service."""
    return talk.text(f"service.{service}") if has(f"service.{service}") else service[:40]


async def run(talk: Talk) -> None:
    """Which card, which service, then a summary."""
    found = await cards(talk)
    if found is None:
        return
    bound = [card for card in found if card.bound]
    if not bound:
        talk.say("unbind.none")
        talk.link("bindings")
        return
    service = slot(talk, "service")
    fitting = [card for card in bound if service in card.bound] if service else bound
    if service and not fitting:
        _not_bound(talk, service, bound)
        return
    card = pick_card(talk, fitting, "unbind.which_card")
    if card is None:
        return
    talk.slots["card"] = card.id
    if not service and len(card.bound) == 1:
        service = card.bound[0]
    if not service:
        _ask_service(talk, card)
        return
    talk.propose(
        UnbindCard(card=card.id, service=service),
        talk.text(
            "unbind.summary", card=card_name(talk, card), service=service_name(talk, service)
        ),
    )


def _not_bound(talk: Talk, service: str, bound: list[Card]) -> None:
    """Another one is not guessed: the person is shown what there is."""
    talk.say("unbind.not_bound", service=service_name(talk, service))
    talk.slots.pop("service")
    talk.ask("service", "unbind.other_service")
    for other in dict.fromkeys(name for card in bound for name in card.bound):
        talk.button(f"service:{other}", service_name(talk, other))


def _ask_service(talk: Talk, card: Card) -> None:
    talk.ask("service", "unbind.which_service", card=card_name(talk, card))
    for service in card.bound:
        talk.button(f"service:{service}", service_name(talk, service))
