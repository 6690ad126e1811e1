"""What was paid and received, and where a refund is."""

import re

from agents.assistant.days import day, local_day, moment, parsed
from agents.assistant.facts import accounts, transactions
from agents.assistant.flows.transfer import looked_back
from agents.assistant.money import money
from agents.assistant.picking import entry, meant_transactions, slot
from agents.assistant.talk import Talk
from schemas.tools import ListTransactions, Transaction

_DAYS, _REFUND_DAYS = 30, 60
_SHOWN, _MOST = 5, 50
_SUM = re.compile(r"一共|总共|合计|花了多少|how much (?:did|have) i|\btotal\b|in all", re.I)


async def run(talk: Talk) -> None:
    """The newest that fit what was named."""
    refunds = talk.intent == "refund"
    days = looked_back(talk, _REFUND_DAYS if refunds else _DAYS)
    account = await _account(talk)
    call = ListTransactions(account=account, days=days, most=_MOST)
    found = await transactions(talk, call)
    if found is None:
        return
    if refunds:
        _refunds(talk, meant_transactions(talk, found, _is_refund))
        return
    fitting = meant_transactions(talk, found, lambda _one: True)
    if fitting:
        _heading(talk, fitting, days)
        talk.lines += [entry(talk, one) for one in fitting[:_SHOWN]]
        if _SUM.search(talk.said) and len(found) < _MOST:
            _spent(talk, fitting)
    elif "since" in talk.slots:
        talk.say("transactions.none_between", **_between(talk))
    else:
        talk.say("transactions.none" if not found else "transactions.none_like", days=days)
    talk.slots["listed"] = " ".join(one.id for one in fitting[:_SHOWN])
    talk.asked = "more"
    talk.link("transactions")
    talk.offer("intent:dispute", "choice.dispute")


def _heading(talk: Talk, fitting: list[Transaction], days: int) -> None:
    since = parsed(slot(talk, "since"))
    if since is None:
        talk.say("transactions.newest", count=min(_SHOWN, len(fitting)), days=days)
        return
    until = parsed(slot(talk, "until")) or talk.today
    if since <= local_day(fitting[0].at) <= until:
        count = min(_SHOWN, len(fitting))
        talk.say("transactions.between", count=count, **_between(talk))
    else:
        talk.say("transactions.other_days", **_between(talk))


def _between(talk: Talk) -> dict[str, str]:
    since = parsed(slot(talk, "since")) or talk.today
    until = parsed(slot(talk, "until")) or talk.today
    return {"since": day(since, talk.lang), "until": day(until, talk.lang)}


def _spent(talk: Talk, fitting: list[Transaction]) -> None:
    """What left, of one currency."""
    left = [one for one in fitting if one.amount < 0 and one.status in ("booked", "pending")]
    if left and len({one.currency for one in left}) == 1:
        amount = money(-sum(one.amount for one in left), left[0].currency)
        talk.say("transactions.spent", amount=amount)


async def _account(talk: Talk) -> str:
    """The account whose number ends so, empty for all of them."""
    last4 = slot(talk, "last4")
    if not last4:
        return ""
    have = await accounts(talk)
    for one in have or ():
        if one.last4 == last4:
            return one.id
    return ""


def _is_refund(one: Transaction) -> bool:
    return one.kind == "refund" or one.status == "reversed"


def _refunds(talk: Talk, found: list[Transaction]) -> None:
    for one in found[:_SHOWN]:
        waits = one.kind == "refund" and one.status == "pending"
        talk.say(
            "refund.pending" if waits else "refund.booked",
            at=moment(one.at, talk.lang),
            who=one.counterparty[:40],
            amount=money(abs(one.amount), one.currency),
        )
    if not found:
        talk.say("refund.none")
        talk.offer("intent:dispute", "choice.dispute")
    talk.asked = "more"
    talk.link("transactions")
    talk.offer("intent:human", "choice.human")
