"""Facts of the bank for a flow, cited; and what is said when there are none."""

from typing import cast

from agents.assistant.bank import Found
from agents.assistant.days import age
from agents.assistant.talk import Talk
from agents.assistant.texts import has
from agents.assistant.tools import Failed, Fetched, Toolbox
from schemas.times import format_ms
from schemas.tools import (
    Account,
    Card,
    Limit,
    ListAccounts,
    ListCards,
    ListTransactions,
    Order,
    Profile,
    ReadCall,
    ReadLimits,
    ReadOrder,
    ReadProfile,
    Transaction,
)
from schemas.turns import Lang, Source

_NAMES = {
    ListAccounts: "accounts",
    ListCards: "cards",
    ListTransactions: "transactions",
    ReadLimits: "limits",
    ReadOrder: "order",
}


async def accounts(talk: Talk) -> tuple[Account, ...] | None:
    """None if the bank does not say; then `without` has been said."""
    return cast("tuple[Account, ...] | None", await _facts(talk, ListAccounts()))


async def cards(talk: Talk) -> tuple[Card, ...] | None:
    """All cards, or None."""
    return cast("tuple[Card, ...] | None", await _facts(talk, ListCards()))


async def transactions(talk: Talk, call: ListTransactions) -> tuple[Transaction, ...] | None:
    """The newest first, or None."""
    return cast("tuple[Transaction, ...] | None", await _facts(talk, call))


async def limits(talk: Talk, card: str) -> tuple[Limit, ...] | None:
    """The limits of a card, or None."""
    return cast("tuple[Limit, ...] | None", await _facts(talk, ReadLimits(card=card)))


async def language(tools: Toolbox) -> Lang | None:
    """The person's, as the bank knows it; None if it does not say."""
    outcome = await tools.read(ReadProfile())
    return cast(Profile, outcome.value).lang if isinstance(outcome, Fetched) else None


async def order(talk: Talk, reference: str) -> Order | Failed:
    """An order, or why there is none; nothing is said of it."""
    outcome = await talk.tools.read(ReadOrder(order=reference))
    if isinstance(outcome, Failed):
        return outcome
    return cast(Order, _cited(talk, "order", outcome))


async def _facts(talk: Talk, call: ReadCall) -> Found | None:
    name = _NAMES[type(call)]
    outcome = await talk.tools.read(call)
    if isinstance(outcome, Failed):
        without(talk, name, refused_for=outcome.code if outcome.why == "refused" else "")
        return None
    return _cited(talk, name, outcome)


def _cited(talk: Talk, name: str, found: Fetched) -> Found:
    talk.sources.append(
        Source("bank", name, talk.text(f"facts.{name}"), as_of=format_ms(found.as_of_ms))
    )
    if found.stale:
        old = max(0, talk.now_ms - found.as_of_ms)
        talk.degrade(f"cache:{name}:{old // 1000}")
        talk.say("facts.stale", what=talk.text(f"facts.{name}"), age=age(old, talk.lang))
    return found.value


def without(talk: Talk, name: str, *, refused_for: str = "") -> None:
    """The ladder below the facts: what the articles say, a page of the app, a person.

    `refused_for`: the code of the bank's refusal; empty if it did not answer.
    """
    if f"tool:{name}" in talk.degraded:
        return
    talk.exact = True
    talk.degrade(f"tool:{name}")
    if refused_for:
        talk.say("away.refused", what=talk.text(f"facts.{name}"))
        refused(talk, refused_for)
    else:
        talk.say(f"away.{name}")
    asked = talk.said or talk.text("facts." + name)
    passages = talk.knowledge.search(asked, talk.lang, talk.today, talk.intent, 1)
    if passages and passages[0].sure:
        talk.say("away.meanwhile")
        talk.quote(passages[0])
        talk.degrade("knowledge_only")
    talk.degrade("template")
    talk.link(_PAGES.get(name, name))
    talk.link("hotline")
    talk.offer("intent:call_back", "choice.call_back")
    talk.offer("intent:human", "choice.human")


_PAGES = {"order": "orders"}


def refused(talk: Talk, code: str) -> None:
    """What a refusal of the bank means to the person."""
    name = f"refused.{code}"
    talk.say(name if has(name) else "refused.other")
