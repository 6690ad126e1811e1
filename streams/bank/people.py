"""Customers as they are written into an embedded bank."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from schemas.times import MINUTE_MS, Timestamp, format_ms
from schemas.tools import Account, Card, Limit, LimitKind, Order, Transaction

ZONE = timezone(timedelta(hours=8))
"""Where the bank is: its days begin there."""

_LIMITS: dict[str, tuple[tuple[LimitKind, int, int], ...]] = {
    "debit": (
        ("transfer", 50_000_00, 200_000_00),
        ("purchase", 20_000_00, 100_000_00),
        ("cash", 20_000_00, 50_000_00),
    ),
    "credit": (("purchase", 30_000_00, 60_000_00), ("cash", 5_000_00, 10_000_00)),
}
"""Of a new card, by kind: a day, and what the customer may raise it to."""


def day_of(epoch_ms: int) -> date:
    """The bank's day of a moment."""
    return datetime.fromtimestamp(epoch_ms / 1000, ZONE).date()


class Calendar:
    """Moments relative to now."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self.today = day_of(now_ms)

    def minutes_ago(self, minutes: int) -> Timestamp:
        """So long before now."""
        return format_ms(self._now_ms - minutes * MINUTE_MS)

    def days_ago(self, days: int, clock: str) -> Timestamp:
        """At HH:MM of a day before today."""
        day = self.today - timedelta(days=days)
        there = datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=ZONE)
        return format_ms(round(there.astimezone(UTC).timestamp() * 1000))

    def day(self, ahead: int) -> str:
        """YYYY-MM-DD, so many days from today."""
        return (self.today + timedelta(days=ahead)).isoformat()


class Person:
    """A customer and what is theirs; amounts in fen. Ids hold the number of the customer."""

    def __init__(
        self, number: int, name: str, phone: str, tier: str, lang: Literal["zh", "en"] = "zh"
    ) -> None:
        self.id = f"c-{number:04}"
        self.name = name
        self.phone = phone
        self.tier = tier
        self.lang = lang
        self.accounts: list[Account] = []
        self.cards: list[Card] = []
        self.limits: list[Limit] = []
        self.transactions: list[Transaction] = []
        self.orders: list[Order] = []
        self.usual: dict[tuple[str, LimitKind], int] = {}
        """What a temporary limit falls back to."""
        self._number = f"{number:04}"

    def account(
        self,
        kind: Literal["current", "savings", "deposit", "loan"],
        name: str,
        last4: str,
        balance: int,
        held: int = 0,
    ) -> str:
        """A new account; its id."""
        account = f"a-{self._number}-{len(self.accounts) + 1}"
        self.accounts.append(Account(account, kind, name, last4, balance, balance - held))
        return account

    def card(
        self,
        kind: Literal["debit", "credit"],
        name: str,
        last4: str,
        account: str = "",
        bound: tuple[str, ...] = (),
        status: Literal["active", "frozen", "lost", "expired", "inactive"] = "active",
        due: tuple[str, int, int] = ("", 0, 0),
    ) -> str:
        """A new card with the usual limits; its id. `due`: day, amount, minimum."""
        card = f"k-{self._number}-{len(self.cards) + 1}"
        self.cards.append(Card(card, kind, name, last4, status, account, bound, *due))
        self.limits += [Limit(card, name, day, 0, most) for name, day, most in _LIMITS[kind]]
        return card

    def limit(
        self,
        card: str,
        kind: LimitKind,
        per_day: int,
        used: int,
        until: Timestamp | None = None,
    ) -> None:
        """Instead of the usual one; until then it is a temporary one."""
        place = next(n for n, old in enumerate(self.limits) if (old.card, old.kind) == (card, kind))
        if until is not None:
            self.usual[card, kind] = self.limits[place].per_day
        most = max(self.limits[place].most, per_day)
        self.limits[place] = Limit(card, kind, per_day, used, most, until)

    def moved(
        self,
        account: str,
        at: Timestamp,
        amount: int,
        counterparty: str,
        kind: Literal["transfer", "purchase", "cash", "fee", "salary", "refund", "repayment"],
        status: Literal["booked", "pending", "failed", "reversed"] = "booked",
        reason: str = "",
        currency: str = "CNY",
    ) -> str:
        """A transaction; its id."""
        found = f"t-{self._number}-{len(self.transactions) + 1:02}"
        self.transactions.append(
            Transaction(found, account, at, amount, counterparty, kind, status, reason, currency)
        )
        return found

    def order(
        self,
        kind: Literal["card", "fund", "loan", "transfer"],
        status: Literal["received", "in_progress", "shipped", "done", "rejected"],
        detail: str,
        expected_on: str = "",
    ) -> str:
        """An order; its id."""
        found = f"o-{self._number}-{len(self.orders) + 1}"
        self.orders.append(Order(found, kind, status, detail, expected_on))
        return found
