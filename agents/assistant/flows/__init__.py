"""Purposes of people, one a file: each looks at what is known and says, asks or proposes.

A flow is run from its beginning in every turn, over what has become known: so a correction is just
another value.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from agents.assistant.flows import (
    balance,
    callback,
    dispute,
    fees,
    human,
    limit,
    limits,
    lost,
    order,
    phone,
    repayment,
    ticket,
    transactions,
    transfer,
    unbind,
)
from agents.assistant.talk import Talk
from schemas.tools import Receipt

Run: TypeAlias = Callable[[Talk], Awaitable[None]]

FLOWS: dict[str, Run] = {
    "balance": balance.run,
    "callback": callback.run,
    "dispute": dispute.run,
    "fees": fees.run,
    "human": human.run,
    "limit": limit.run,
    "limits": limits.run,
    "lost": lost.run,
    "order": order.run,
    "phone": phone.run,
    "repayment": repayment.run,
    "ticket": ticket.run,
    "transactions": transactions.run,
    "transfer": transfer.run,
    "unbind": unbind.run,
}
AFTER: dict[str, Callable[[Talk, Receipt], Awaitable[None]]] = {
    "callback": callback.after,
    "dispute": dispute.after,
    "human": human.after,
    "lost": lost.after,
    "ticket": ticket.after,
}
"""What follows when a write of the flow has had its effect."""
SKIP: dict[str, Run] = {"dispute": dispute.skip}
"""Flows that go on when a proposal is declined."""
FREE_TEXT = {("ticket", "text")}
"""Steps at which the whole message is the answer."""
