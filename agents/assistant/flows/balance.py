"""What is in the accounts."""

from agents.assistant.facts import accounts
from agents.assistant.languages import is_foreign
from agents.assistant.money import money
from agents.assistant.picking import said_last4, slot
from agents.assistant.talk import Talk
from schemas.tools import Account

_MOST = 6


async def run(talk: Talk) -> None:
    """All accounts, or the one that is named."""
    found = await accounts(talk)
    if found is None:
        return
    if not found:
        talk.say("balance.none")
        talk.link("accounts")
        return
    last4 = slot(talk, "last4") or said_last4(talk, {one.last4 for one in found})
    meant = [one for one in found if one.last4 == last4] if last4 else list(found)
    if not meant:
        talk.say("balance.not_yours", last4=last4)
        meant = list(found)
    for one in meant[:_MOST]:
        _line(talk, one)
    talk.link("accounts")
    talk.offer("intent:transactions", "choice.transactions")


def _name(talk: Talk, one: Account) -> str:
    """Its name, and what it is if that is written in another language."""
    if not is_foreign(one.name, talk.lang):
        return one.name
    return talk.text("account.both", kind=talk.text(f"account.{one.kind}"), account=one.name)


def _line(talk: Talk, one: Account) -> None:
    owed = one.kind == "loan"
    talk.say(
        "balance.owed" if owed else "balance.line",
        account=_name(talk, one),
        last4=one.last4,
        balance=money(abs(one.balance) if owed else one.balance, one.currency),
    )
    if not owed and one.available != one.balance:
        talk.say(
            "balance.held",
            available=money(one.available, one.currency),
            held=money(one.balance - one.available, one.currency),
        )
