"""Why a transfer failed or has not arrived."""

from agents.assistant.days import moment, parsed
from agents.assistant.facts import accounts, transactions
from agents.assistant.money import money
from agents.assistant.picking import meant_transactions, offer_transactions, slot
from agents.assistant.talk import Talk
from agents.assistant.texts import has
from schemas.tools import ListTransactions, Transaction

_DAYS = 30
_ENOUGH_MS = 600
"""What must be left of the time to look at the account too."""
_WAITING = ("pending", "reversed", "failed")
_FAILED = ("failed", "reversed", "pending")


async def run(talk: Talk) -> None:
    """Explains the one that is meant, else the newest; the others are buttons."""
    found = await transactions(talk, ListTransactions(days=looked_back(talk, _DAYS), most=50))
    if found is None:
        return
    order = _WAITING if talk.intent == "transfer_pending" else _FAILED
    troubled = [one for one in found if _is_troubled(one)]
    fitting = meant_transactions(talk, troubled, lambda _one: True)
    fitting.sort(key=lambda one: order.index(one.status))
    if not fitting:
        talk.say("transfer.none_like" if troubled else "transfer.none")
        talk.link("transactions")
        if len(troubled) == 1:
            talk.say("transfer.only")
            fitting = troubled
    if fitting:
        _explain(talk, fitting[0])
        if fitting[0].reason == "risk_hold" and talk.left_ms() > _ENOUGH_MS:
            await _held(talk, fitting[0])
    rest = [one for one in troubled if not fitting or one is not fitting[0]]
    if rest and not slot(talk, "txn"):
        talk.ask("more", "transfer.others")
        offer_transactions(talk, rest, 3)
    talk.offer("intent:human", "choice.human")


def _is_troubled(one: Transaction) -> bool:
    kinds = ("transfer", "repayment")
    return one.kind in kinds and one.amount < 0 and one.status in _FAILED


def looked_back(talk: Talk, days: int) -> int:
    """Days to ask for, so that the day that was named is among them."""
    named = talk.slots.get("days")
    if isinstance(named, int) and named > 0:
        days = named
    if since := parsed(slot(talk, "since")):
        days = max(days, (talk.today - since).days + 1)
    return min(max(days, 1), 730)


def _explain(talk: Talk, one: Transaction) -> None:
    talk.say(
        f"transfer.{one.status}",
        at=moment(one.at, talk.lang),
        who=one.counterparty[:40],
        amount=money(abs(one.amount), one.currency),
    )
    code = one.reason
    waiting = f"reason.{code}_pending"
    if one.status == "pending" and has(waiting):
        talk.say(waiting)
    else:
        talk.say(f"reason.{code}" if code and has(f"reason.{code}") else "reason.unknown")
    _next(talk, one)


async def _held(talk: Talk, one: Transaction) -> None:
    """Whether the sum is held, if the account says so."""
    have = await accounts(talk)
    for account in have or ():
        held = account.balance - account.available
        if account.id == one.account and held >= abs(one.amount):
            talk.say("transfer.held", amount=money(held, account.currency))


def _next(talk: Talk, one: Transaction) -> None:
    if one.reason in ("over_limit",):
        talk.offer("intent:raise_limit", "choice.raise_limit")
    elif one.reason == "risk_hold":
        talk.exact = True
        talk.offer("intent:call_back", "choice.call_back")
    elif one.reason == "insufficient_funds":
        talk.link("accounts")
        talk.offer("intent:balance", "choice.balance")
    elif one.reason in ("wrong_account", "name_mismatch", "maintenance"):
        talk.link("transfer")
    if one.reason in ("recipient_bank", "risk_hold", ""):
        talk.offer(f"report:{one.id}", "choice.report")
