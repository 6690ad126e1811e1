"""What a message means, as far as one can tell without the conversation."""

from datetime import date
from typing import Literal, NamedTuple, Protocol

from schemas.tools import LimitKind
from schemas.turns import Lang

Act = Literal[
    "", "affirm", "deny", "cancel", "correct", "repeat", "restart", "greet", "thanks", "bye"
]
"""`repeat`: "what did you mean?"; `correct`: "no, I meant ..." (slots hold what was meant)."""
Window = Literal["now", "morning", "afternoon", "evening"]


class Slots(NamedTuple):
    """What a message names; None or empty if it does not. `amount` in minor units (fen).

    `ordinal`: the second one is 2, the last one -1. `since`, `until`: days, both included.
    `service`: a payment service in lower case, such as `wechat`. `reference`: of an order, a
    ticket, a transaction or a card, as it stands in the text.
    """

    amount: int | None = None
    last4: str = ""
    card_kind: Literal["", "debit", "credit"] = ""
    limit_kind: LimitKind | Literal[""] = ""
    ordinal: int | None = None
    since: date | None = None
    until: date | None = None
    days: int | None = None
    merchant: str = ""
    service: str = ""
    reference: str = ""
    window: Window | Literal[""] = ""


class Reading(NamedTuple):
    """`intent` is a name of intents.toml, empty if none is meant; `others`: the next likely ones.

    `known`: False if the message is out of scope. `sure`: the intent may be acted upon without
    asking back. `upset`: the person is angry or in need.
    """

    lang: Lang
    intent: str
    confidence: float
    others: tuple[tuple[str, float], ...] = ()
    act: Act = ""
    slots: Slots = Slots()
    known: bool = True
    sure: bool = True
    upset: bool = False


class Understanding(Protocol):
    """Reads messages, each alone."""

    def read(self, text: str, today: date, lang: Lang | Literal[""] = "") -> Reading:
        """`lang`: of the session so far, which decides for a text of digits only."""
