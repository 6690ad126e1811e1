"""What the limits of a card are."""

from agents.assistant.days import moment
from agents.assistant.facts import cards, limits
from agents.assistant.money import money
from agents.assistant.picking import card_name, meant_cards, pick_card, slot
from agents.assistant.talk import Talk
from schemas.tools import Card, Limit

_ENOUGH_MS = 400
"""What must be left of the time for another card."""
_MOST_CARDS = 3


async def run(talk: Talk) -> None:
    """Of the card that is meant, else of the first three."""
    if talk.intent == "credit_limit":
        talk.slots.setdefault("card_kind", "credit")
    found = await cards(talk)
    if found is None:
        return
    usable = [card for card in found if card.status in ("active", "frozen")]
    if not usable:
        talk.say("card.none")
        talk.link("cards")
        return
    meant = meant_cards(talk, usable)
    if not meant:
        pick_card(talk, usable, "limits.which_card")
        return
    for place, card in enumerate(meant[:_MOST_CARDS]):
        if place and talk.left_ms() < _ENOUGH_MS:
            talk.say("limits.no_time")
            break
        if not await _of(talk, card):
            return
    if talk.intent == "credit_limit":
        _article(talk)
    talk.link("limits")
    talk.offer("intent:raise_limit", "choice.raise_limit")


async def _of(talk: Talk, card: Card) -> bool:
    """Whether the limits of the card could be said."""
    have = await limits(talk, card.id)
    if have is None:
        return False
    talk.say("limits.of", card=card_name(talk, card))
    kind = slot(talk, "limit_kind")
    for one in [limit for limit in have if kind in ("", limit.kind)] or have:
        talk.say("limits.line", **fields(talk, one))
        if one.until:
            talk.say("limits.until", until=moment(one.until, talk.lang))
    return True


def _article(talk: Talk) -> None:
    passages = talk.knowledge.search(talk.said, talk.lang, talk.today, talk.intent, 1)
    if passages and passages[0].sure:
        talk.quote(passages[0])


def fields(talk: Talk, one: Limit) -> dict[str, str]:
    """A limit for a text."""
    return {
        "kind": talk.text(f"kind.{one.kind}"),
        "day": money(one.per_day, one.currency),
        "used": money(one.used_today, one.currency),
        "left": money(max(0, one.per_day - one.used_today), one.currency),
        "most": money(one.most, one.currency),
    }
