"""What the assistant may ask of a bank, and what a bank answers; money in minor units (fen).

No call names a customer: whose accounts are meant is decided below the assistant, by who is
logged in.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from schemas.times import Timestamp

MOST_MINOR = 10**13
"""The largest amount, in minor units."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Amount = Annotated[int, msgspec.Meta(ge=-MOST_MINOR, le=MOST_MINOR)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
LimitKind = Literal["transfer", "purchase", "cash"]
TicketTopic = Literal["complaint", "dispute", "transfer", "card", "phone_change", "handover"]


class _Read(msgspec.Struct, tag_field="tool", frozen=True, kw_only=True, omit_defaults=True):
    """It changes nothing and may be repeated."""


class ReadProfile(_Read, tag="profile", frozen=True):
    """Who the customer is, masked."""


class ListAccounts(_Read, tag="accounts", frozen=True):
    """All accounts with their balances."""


class ListTransactions(_Read, tag="transactions", frozen=True):
    """The newest first; `account`: all of them if empty. `contains`: in the counterparty's name."""

    account: Id | Literal[""] = ""
    days: Annotated[int, msgspec.Meta(ge=1, le=730)] = 30
    contains: Line = ""
    most: Annotated[int, msgspec.Meta(ge=1, le=50)] = 10


class ListCards(_Read, tag="cards", frozen=True):
    """All cards, with what is due on credit cards."""


class ReadLimits(_Read, tag="limits", frozen=True):
    """The limits of a card."""

    card: Id


class ReadOrder(_Read, tag="order", frozen=True):
    """An order of the customer, such as a card on its way or a fund being bought."""

    order: Id


ReadCall: TypeAlias = (
    ReadProfile | ListAccounts | ListTransactions | ListCards | ReadLimits | ReadOrder
)


class _Write(msgspec.Struct, tag_field="tool", frozen=True, kw_only=True, omit_defaults=True):
    """It has one effect, however often it comes with the same key."""


class UnbindCard(_Write, tag="unbind_card", frozen=True):
    """A card is no longer bound to a payment service, such as `wechat`."""

    card: Id
    service: Id


class FreezeCard(_Write, tag="freeze_card", frozen=True):
    """Nobody can pay with the card any more; `lost` orders a new one too."""

    card: Id
    reason: Literal["lost", "stolen", "temporary"]


class RaiseLimit(_Write, tag="raise_limit", frozen=True):
    """A higher limit for some days; `amount`: the new limit a day."""

    card: Id
    kind: LimitKind
    amount: Annotated[int, msgspec.Meta(ge=1, le=MOST_MINOR)]
    days: Annotated[int, msgspec.Meta(ge=1, le=90)]


class OpenTicket(_Write, tag="open_ticket", frozen=True):
    """People of the bank look into it; `about`: a transaction, a card or an order."""

    topic: TicketTopic
    text: Annotated[str, msgspec.Meta(max_length=1000)]
    about: Id | Literal[""] = ""


class CallBack(_Write, tag="call_back", frozen=True):
    """Somebody calls the customer's number on file."""

    window: Literal["now", "morning", "afternoon", "evening"]
    topic: Line = ""


WriteCall: TypeAlias = UnbindCard | FreezeCard | RaiseLimit | OpenTicket | CallBack
Call: TypeAlias = ReadCall | WriteCall


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """`name` and `phone` are masked, as `陈*` and `138****1234`."""

    name: Line
    phone: Line
    tier: Line
    lang: Literal["zh", "en"] = "zh"


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """`last4` of its number; `available` is less than `balance` by what is held."""

    id: Id
    kind: Literal["current", "savings", "deposit", "loan"]
    name: Line
    last4: Line
    balance: Amount
    available: Amount
    currency: Line = "CNY"


class Transaction(msgspec.Struct, frozen=True, omit_defaults=True):
    """`amount` is negative for what leaves; `reason`: a code, why it failed or waits."""

    id: Id
    account: Id
    at: Timestamp
    amount: Amount
    counterparty: Line
    kind: Literal["transfer", "purchase", "cash", "fee", "salary", "refund", "repayment"]
    status: Literal["booked", "pending", "failed", "reversed"]
    reason: Line = ""
    currency: Line = "CNY"


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """`bound`: payment services; `due_*`: of a credit card's last bill, `due_on` YYYY-MM-DD."""

    id: Id
    kind: Literal["debit", "credit"]
    name: Line
    last4: Line
    status: Literal["active", "frozen", "lost", "expired", "inactive"]
    account: Id | Literal[""] = ""
    bound: tuple[Line, ...] = ()
    due_on: Line = ""
    due_amount: Amount = 0
    due_minimum: Amount = 0
    currency: Line = "CNY"


class Limit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day; `most`: what the customer may raise it to without a branch; `until` if temporary."""

    card: Id
    kind: LimitKind
    per_day: Amount
    used_today: Amount
    most: Amount
    until: Timestamp | None = None
    currency: Line = "CNY"


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """`expected_on`: YYYY-MM-DD."""

    id: Id
    kind: Literal["card", "fund", "loan", "transfer"]
    status: Literal["received", "in_progress", "shipped", "done", "rejected"]
    detail: Line = ""
    expected_on: Line = ""


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """A write has had its effect; `reference` is what a person may quote; `repeated`: earlier."""

    key: Line
    tool: Line
    reference: Id
    at: Timestamp
    repeated: bool = False
    detail: Line = ""
