"""The contract of a bank behind HTTP, for both sides; docs/assistant-bank.md tells it to people.

What a path names in braces is a field of the call; the others are the query of a GET, or the JSON
body of a POST.
"""

from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import msgspec

from agents.assistant.errors import BankRefused
from schemas.tools import (
    Account,
    Call,
    CallBack,
    Card,
    FreezeCard,
    Limit,
    ListAccounts,
    ListCards,
    ListTransactions,
    OpenTicket,
    Order,
    Profile,
    RaiseLimit,
    ReadLimits,
    ReadOrder,
    ReadProfile,
    Receipt,
    Transaction,
    UnbindCard,
)
from streams.bank.calls import name_of

TENANT = "Groundswell-Tenant"
CUSTOMER = "Groundswell-Customer"
"""Both are UTF-8, percent-encoded."""
DEADLINE = "Groundswell-Deadline-Ms"
KEY = "Idempotency-Key"
MOST_ASKED = 16_384
MOST_ANSWERED = 262_144
"""Bytes of a body."""

STATUS = {
    "not_found": 404,
    "not_allowed": 403,
    "over_limit": 422,
    "invalid": 422,
    "wrong_state": 409,
    "key_reused": 409,
}
"""Of a refusal, by its code."""


class Route(NamedTuple):
    """`answer`: the type of the body of a 200."""

    method: str
    path: str
    call: Any
    answer: Any


ROUTES = {
    "profile": Route("GET", "/v1/profile", ReadProfile, Profile),
    "accounts": Route("GET", "/v1/accounts", ListAccounts, tuple[Account, ...]),
    "transactions": Route("GET", "/v1/transactions", ListTransactions, tuple[Transaction, ...]),
    "cards": Route("GET", "/v1/cards", ListCards, tuple[Card, ...]),
    "limits": Route("GET", "/v1/cards/{card}/limits", ReadLimits, tuple[Limit, ...]),
    "order": Route("GET", "/v1/orders/{order}", ReadOrder, Order),
    "unbind_card": Route("POST", "/v1/cards/{card}/unbind", UnbindCard, Receipt),
    "freeze_card": Route("POST", "/v1/cards/{card}/freeze", FreezeCard, Receipt),
    "raise_limit": Route("POST", "/v1/cards/{card}/limits", RaiseLimit, Receipt),
    "open_ticket": Route("POST", "/v1/tickets", OpenTicket, Receipt),
    "call_back": Route("POST", "/v1/call-backs", CallBack, Receipt),
}


class Refused(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of a refusal; also of trouble, with a code that is none of `STATUS`."""

    code: str
    detail: str = ""


class Asked(NamedTuple):
    """A request; `query` of a GET, `body` of a POST."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes | None


def asked(call: Call) -> Asked:
    """How a call travels. Raises BankRefused for an id that would name another path."""
    route = ROUTES[name_of(call)]
    fields: dict[str, Any] = msgspec.to_builtins(call)
    del fields["tool"]
    path = route.path
    for name in [name for name in fields if f"{{{name}}}" in path]:
        found = str(fields.pop(name))
        if not found.strip("."):
            raise BankRefused("not_found")
        path = path.replace(f"{{{name}}}", quote(found, safe=""))
    if route.method == "GET":
        return Asked("GET", path, {name: str(value) for name, value in fields.items()}, None)
    return Asked("POST", path, {}, msgspec.json.encode(fields))


def header(text: str) -> str:
    """A name as it may stand in a header. Raises BankRefused for what is no text."""
    try:
        return quote(text, safe="")
    except UnicodeError:
        raise BankRefused("not_found") from None


def named(text: str) -> str:
    """The name in a header. Raises UnicodeError."""
    return unquote(text, errors="strict")
