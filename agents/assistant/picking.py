"""Which card, account or transaction is meant."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from agents.assistant.days import local_day, moment, parsed
from agents.assistant.money import money
from agents.assistant.reading import Slots
from agents.assistant.talk import Talk
from schemas.tools import MOST_MINOR, Card, Transaction

_CARD = ("card", "last4", "card_kind")
_TRANSACTION = ("txn", "amount", "merchant", "since", "until")
_FOUR = re.compile(r"(?<![\d.,¥$-])\d{4}(?![\d.,]*\d|\s?(?:元|块|万|yuan|CNY|rmb))", re.I)
_HUGE = 10 * MOST_MINOR
_NEAR = 5
"""Per cent by which a person may be wrong about an amount."""


def merge(talk: Talk, slots: Slots) -> None:
    """What the message names, over what was known: a new name replaces what it contradicts."""
    if slots.last4 or slots.card_kind:
        _forget(talk, _CARD)
    if slots.merchant or slots.amount is not None or slots.since:
        talk.slots.pop("txn", None)
    if slots.since or slots.until:
        _forget(talk, ("since", "until"))
    for name, value in zip(slots._fields, slots, strict=True):
        if name == "ordinal" or value is None or value == "":
            continue
        if isinstance(value, date):
            talk.slots[name] = value.isoformat()
        elif isinstance(value, int):
            talk.slots[name] = max(-_HUGE, min(value, _HUGE))
        else:
            talk.slots[name] = value[:200]
    if slots.ordinal is not None:
        _ordinal(talk, slots.ordinal)


def _ordinal(talk: Talk, ordinal: int) -> None:
    """The second one of what was offered."""
    for prefix in ("card", "txn", "service", "window", "kind"):
        offered = talk.offered(f"{prefix}:")
        if prefix == "txn":
            offered = offered or talk.listed
        if prefix == "txn" and talk.flow is not None and talk.flow.name == "transfer":
            offered.insert(0, "")  # The first one has been explained already.
        place = ordinal - 1 if ordinal > 0 else len(offered) + ordinal
        if 0 <= place < len(offered) and offered[place]:
            choose(talk, prefix, offered[place])


def choose(talk: Talk, name: str, value: str) -> None:
    """A button was pressed, or meant."""
    if name == "card":
        _forget(talk, _CARD)
    elif name == "txn":
        _forget(talk, _TRANSACTION)
    elif name == "kind":
        name = "limit_kind"
    talk.slots[name] = value


def _forget(talk: Talk, names: Iterable[str]) -> None:
    for name in names:
        talk.slots.pop(name, None)


def slot(talk: Talk, name: str) -> str:
    """A slot of words; empty if it is not known."""
    value = talk.slots.get(name, "")
    return value if isinstance(value, str) else ""


def number(talk: Talk, name: str) -> int | None:
    """A slot of a number."""
    value = talk.slots.get(name)
    return value if isinstance(value, int) else None


def card_name(talk: Talk, card: Card) -> str:
    """Such as `借记卡（尾号6021）`."""
    return talk.text("card.name", kind=talk.text(f"card.{card.kind}"), last4=card.last4)


def meant_cards(talk: Talk, cards: Sequence[Card]) -> list[Card]:
    """Those that fit what is known of the card."""
    found = list(cards)
    if digits := said_last4(talk, {card.last4 for card in cards}):
        _forget(talk, _CARD)
        talk.slots["last4"] = digits
    if chosen := slot(talk, "card"):
        return [card for card in found if card.id == chosen]
    if last4 := slot(talk, "last4"):
        found = [card for card in found if card.last4 == last4]
    if kind := slot(talk, "card_kind"):
        found = [card for card in found if card.kind == kind]
    return found


def said_last4(talk: Talk, known: Collection[str]) -> str:
    """Four digits alone are an amount to most, unless somebody has a card that ends so."""
    if talk.flow is not None and talk.flow.step in ("amount", "txn"):
        return ""
    found = [digits for digits in _FOUR.findall(talk.said) if digits in known]
    return found[-1] if found else ""


def pick_card(talk: Talk, cards: Sequence[Card], question: str) -> Card | None:
    """The card that is meant; None if it was asked which, or there is none to ask about."""
    found = meant_cards(talk, cards)
    if len(found) == 1:
        return found[0]
    if not found and (last4 := slot(talk, "last4")):
        talk.say("card.not_yours", last4=last4)
    elif not found and (kind := slot(talk, "card_kind")):
        talk.say("card.no_such_kind", kind=talk.text(f"card.{kind}"))
    elif not found and slot(talk, "card"):
        talk.say("card.not_here")
    if not found:
        _forget(talk, _CARD)
    talk.ask("card", question)
    for card in found or cards:
        talk.button(f"card:{card.id}", card_name(talk, card))
    return None


def meant_transactions(
    talk: Talk, found: Iterable[Transaction], fits: Callable[[Transaction], bool]
) -> list[Transaction]:
    """Those that fit what is known of it; the amount may be remembered roughly."""
    kept = [one for one in found if fits(one)]
    if chosen := slot(talk, "txn") or slot(talk, "reference"):
        exact = [one for one in kept if one.id == chosen]
        if exact or slot(talk, "txn"):
            return exact
    named = kept
    if merchant := slot(talk, "merchant").casefold():
        named = [one for one in named if _same_name(merchant, one.counterparty.casefold())]
    amount = number(talk, "amount")
    if amount:
        exact = [one for one in named if abs(one.amount) == amount]
        named = exact or [one for one in named if _is_near(abs(one.amount), amount)]
    since, until = parsed(slot(talk, "since")), parsed(slot(talk, "until"))
    then = [
        one
        for one in named
        if (since is None or local_day(one.at) >= since)
        and (until is None or local_day(one.at) <= until)
    ]
    # People are surer of whom and how much than of the day.
    return then or (named if merchant or amount else [])


def _is_near(amount: int, remembered: int) -> bool:
    return abs(amount - remembered) * 100 <= _NEAR * remembered


def _same_name(one: str, other: str) -> bool:
    return bool(other) and (one in other or other in one)


def entry(talk: Talk, one: Transaction) -> str:
    """A transaction in one line."""
    return talk.text(
        "transactions.entry",
        at=moment(one.at, talk.lang),
        who=one.counterparty[:40],
        amount=money(one.amount, one.currency),
        status=talk.text(f"status.{one.status}"),
    )


def offer_transactions(talk: Talk, found: Iterable[Transaction], most: int = 4) -> None:
    """Buttons, one for each."""
    for one in list(found)[:most]:
        talk.button(
            f"txn:{one.id}",
            talk.text(
                "transactions.short",
                at=moment(one.at, talk.lang),
                who=one.counterparty[:20],
                amount=money(abs(one.amount), one.currency),
            ),
        )
