"""A higher limit for some days, also for cash."""

import re

from agents.assistant.days import span
from agents.assistant.facts import cards, limits
from agents.assistant.flows.limits import fields
from agents.assistant.money import money
from agents.assistant.picking import card_name, number, pick_card, slot
from agents.assistant.talk import Talk
from schemas.tools import Card, Limit, RaiseLimit

_BY = re.compile(
    r"(?:提高|增加|调高|提升|加|涨)了?\s*[¥￥]?\s*[\d一二两三四五六七八九十]|\b(?:by|extra|another|more)\b",
    re.I,
)
_TO = re.compile(r"到|至|为|成|\bto\b", re.I)
_MOST_DAYS = 90


async def run(talk: Talk) -> None:
    """Which card, which limit, how much, for how long; then a summary."""
    if talk.reading.slots.amount is not None:
        talk.slots["by"] = int(bool(_BY.search(talk.said)) and not _TO.search(talk.said))
    found = await cards(talk)
    if found is None:
        return
    usable = [card for card in found if card.status == "active"]
    if not usable:
        talk.say("card.none")
        talk.link("cards")
        return
    card = pick_card(talk, usable, "limit.which_card")
    if card is None:
        return
    talk.slots["card"] = card.id
    have = await limits(talk, card.id)
    if have is None:
        return
    limit = _which(talk, card, have)
    if limit is not None and _days(talk) and _amount(talk, card, limit):
        _propose(talk, card, limit)


def _which(talk: Talk, card: Card, have: tuple[Limit, ...]) -> Limit | None:
    if talk.intent == "cash_limit":
        talk.slots.setdefault("limit_kind", "cash")
    kind = slot(talk, "limit_kind")
    for one in have:
        if one.kind == kind:
            return one
    if kind:
        talk.slots.pop("limit_kind")
        talk.say("limit.no_such", kind=talk.text(f"kind.{kind}"), card=card_name(talk, card))
    if not have:
        talk.link("limits")
        return None
    if len(have) == 1:
        return have[0]
    talk.ask("kind", "limit.which_kind", card=card_name(talk, card))
    for one in have:
        talk.button(f"kind:{one.kind}", talk.text(f"kind.{one.kind}"))
    return None


def _days(talk: Talk) -> bool:
    days = number(talk, "days")
    if days is None or 1 <= days <= _MOST_DAYS:
        return True
    talk.slots.pop("days")
    talk.ask("days", "limit.bad_days", most=_MOST_DAYS)
    return False


def _amount(talk: Talk, card: Card, limit: Limit) -> bool:
    """Whether the amount can be had; says why not and asks again."""
    amount = number(talk, "amount")
    known = fields(talk, limit) | {"card": card_name(talk, card)}
    if amount is None:
        if limit.most <= limit.per_day:
            talk.say("limit.at_most", **known)
            talk.link("limits")
            return False
        talk.ask("amount", "limit.how_much", **known)
        return False
    if amount > 0 and talk.slots.get("by"):
        amount += limit.per_day
    if amount <= 0:
        problem = "limit.not_positive"
    elif amount > limit.most:
        problem = "limit.too_much"
    elif amount <= limit.per_day:
        problem = "limit.already"
    else:
        talk.slots["amount"], talk.slots["by"] = amount, 0
        return True
    talk.slots.pop("amount")
    talk.slots.pop("by", None)
    talk.ask("amount", problem, **known)
    talk.offer("intent:human", "choice.human")
    return False


def _propose(talk: Talk, card: Card, limit: Limit) -> None:
    amount, days = number(talk, "amount") or 0, number(talk, "days") or 1
    call = RaiseLimit(card=card.id, kind=limit.kind, amount=amount, days=days)
    talk.propose(
        call,
        talk.text(
            "limit.summary",
            **fields(talk, limit),
            card=card_name(talk, card),
            amount=money(amount, limit.currency),
            days=span(days, talk.lang),
        ),
    )
