"""A transaction that is not right: found, summed up, handed to people; fraud freezes first."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from agents.assistant.days import moment
from agents.assistant.facts import cards, transactions
from agents.assistant.flows.transfer import looked_back
from agents.assistant.money import money
from agents.assistant.picking import (
    card_name,
    meant_cards,
    meant_transactions,
    offer_transactions,
    pick_card,
    slot,
)
from agents.assistant.talk import Talk
from schemas.times import parse_ms
from schemas.tools import FreezeCard, ListTransactions, OpenTicket, Receipt, Transaction

_DAYS = 90
_TWICE_WITHIN_MS = 3 * 86_400_000
_SPECIFIC = ("txn", "amount", "merchant", "since", "reference")


async def run(talk: Talk) -> None:
    """First the card is made safe, then the transaction is found."""
    if talk.intent == "fraud" and not slot(talk, "freeze") and await _freeze(talk):
        return
    if len(talk.listed) == 1 and not any(name in talk.slots for name in _SPECIFIC):
        talk.slots["txn"] = talk.listed[0]
    found = await transactions(talk, ListTransactions(days=looked_back(talk, _DAYS), most=50))
    if found is None:
        return
    fitting = meant_transactions(talk, found, _can_be_disputed)
    if talk.intent == "duplicate_charge":
        fitting = _twice(fitting) or fitting
    named = any(name in talk.slots for name in _SPECIFIC)
    if len(fitting) == 1 and (named or talk.intent == "duplicate_charge"):
        _propose(talk, fitting[0])
        return
    if not fitting and named:
        _not_gone(talk, found)
        fitting = [one for one in found if _can_be_disputed(one)]
        for name in _SPECIFIC:
            talk.slots.pop(name, None)
    if not fitting:
        talk.say("dispute.none")
        talk.offer("intent:human", "choice.human")
        return
    talk.ask("txn", "dispute.which")
    offer_transactions(talk, fitting, 5)
    talk.link("transactions")


async def _freeze(talk: Talk) -> bool:
    """Whether the flow waits for a word on freezing."""
    found = await cards(talk)
    alive = [card for card in found or () if card.status == "active"]
    meant = meant_cards(talk, found or ())
    if len(meant) == 1 and meant[0].status in ("frozen", "lost"):
        talk.say(f"lost.already_{meant[0].status}", card=card_name(talk, meant[0]))
        alive = []
    if not alive:
        talk.slots["freeze"] = "no"
        return False
    if talk.flow is None or not talk.flow.step:
        talk.say("dispute.stop")
        talk.say("dispute.fraud_first")
    card = pick_card(talk, alive, "dispute.which_card")
    if card is not None:
        talk.slots["card"] = card.id
        talk.propose(
            FreezeCard(card=card.id, reason="stolen"),
            talk.text("lost.summary_stolen", card=card_name(talk, card)),
        )
    talk.offer("skip", "dispute.skip")
    return True


def _not_gone(talk: Talk, found: Iterable[Transaction]) -> None:
    """What is meant may be a transfer that failed: then no money is lost."""
    failed = meant_transactions(talk, found, lambda one: one.status in ("failed", "reversed"))
    if not failed:
        talk.say("dispute.none_like")
        return
    one = failed[0]
    talk.say(
        "dispute.not_gone",
        at=moment(one.at, talk.lang),
        who=one.counterparty[:40],
        amount=money(abs(one.amount), one.currency),
    )


def _can_be_disputed(one: Transaction) -> bool:
    return one.amount < 0 and one.status in ("booked", "pending") and one.kind != "repayment"


def _twice(found: Iterable[Transaction]) -> list[Transaction]:
    """The later one of each pair of equal payments."""
    pairs: dict[tuple[str, int], list[Transaction]] = defaultdict(list)
    for one in found:
        pairs[one.counterparty, one.amount].append(one)
    later: list[Transaction] = []
    for same in pairs.values():
        same.sort(key=lambda one: one.at)
        for first, second in pairwise(same):
            if parse_ms(second.at) - parse_ms(first.at) <= _TWICE_WITHIN_MS:
                later.append(second)
    return later


def _propose(talk: Talk, one: Transaction) -> None:
    talk.slots["txn"] = one.id
    what = talk.text(
        f"dispute.summary_{talk.intent}",
        at=moment(one.at, talk.lang),
        who=one.counterparty[:40],
        amount=money(abs(one.amount), one.currency),
    )
    words = slot(talk, "words")
    text = talk.text("dispute.ticket" if words else "dispute.ticket_alone", what=what, words=words)
    call = OpenTicket(topic="dispute", text=text[:1000], about=one.id)
    talk.propose(call, what)


async def skip(talk: Talk) -> None:
    """The person does not want to freeze: on with the transaction."""
    talk.slots["freeze"] = "no"
    _forget_card(talk)
    await run(talk)


async def after(talk: Talk, receipt: Receipt) -> None:
    """After freezing, the transaction; after the ticket, what happens next."""
    if receipt.tool == "freeze_card":
        talk.slots["freeze"] = "done"
        _forget_card(talk)
        await run(talk)
        return
    talk.say("dispute.after")
    form = {"transaction": slot(talk, "txn"), "reason": talk.intent, "ticket": receipt.reference}
    talk.form("dispute", form)


def _forget_card(talk: Talk) -> None:
    for name in ("card", "last4", "card_kind"):
        talk.slots.pop(name, None)
