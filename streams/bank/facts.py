"""What a customer of the embedded bank may read."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from agents.assistant.bank import Found
from agents.assistant.errors import BankRefused
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
from streams.bank.people import day_of

_DAY_MS = 86_400_000
_MINE = "tenant = ? AND customer = ?"


class Facts:
    """Of one customer, through one connection. Every statement asks whose it is."""

    def __init__(self, db: sqlite3.Connection, tenant: str, customer: str, now_ms: int) -> None:
        self._db = db
        self._whose = (tenant, customer)
        self._now_ms = now_ms

    def of(self, call: ReadCall) -> Found:
        """Raises BankRefused, sqlite3.Error."""
        match call:
            case ReadProfile():
                return self._profile()
            case ListAccounts():
                return self._accounts()
            case ListTransactions():
                return self._transactions(call)
            case ListCards():
                return self._cards()
            case ReadLimits():
                return self.limits(call.card)
            case ReadOrder():
                return self._order(call)

    def check_is_known(self) -> None:
        """Raises BankRefused for who is no customer."""
        self._one("SELECT 1 FROM customers WHERE " + _MINE)

    def check_is_theirs(self, table: str, found: str) -> None:
        """Whether the customer has a row of that id. Raises BankRefused."""
        self._one(f"SELECT 1 FROM {table} WHERE {_MINE} AND id = ?", found)

    def _all(self, statement: str, *values: object) -> Iterable[Any]:
        return self._db.execute(statement, (*self._whose, *values))

    def _one(self, statement: str, *values: object) -> Any:
        row = self._db.execute(statement, (*self._whose, *values)).fetchone()
        if row is None:
            raise BankRefused("not_found")
        return row

    def _profile(self) -> Profile:
        row = self._one("SELECT name, phone, tier, lang FROM customers WHERE " + _MINE)
        name, phone, tier, lang = row
        return Profile(_masked(name), f"{phone[:3]}****{phone[-4:]}", tier, lang)

    def _accounts(self) -> tuple[Account, ...]:
        self.check_is_known()
        rows = self._all(
            "SELECT id, kind, name, last4, balance, available, currency FROM accounts"
            f" WHERE {_MINE} ORDER BY id"
        )
        return tuple(Account(*row) for row in rows)

    def _transactions(self, call: ListTransactions) -> tuple[Transaction, ...]:
        if call.account:
            self.check_is_theirs("accounts", call.account)
        else:
            self.check_is_known()
        rows = self._all(
            "SELECT id, account, at_ms, amount, counterparty, kind, status, reason, currency"
            f" FROM transactions WHERE {_MINE} AND at_ms > ? AND (? = '' OR account = ?)"
            " AND (? = '' OR instr(lower(counterparty), lower(?)))"
            " ORDER BY at_ms DESC, id DESC LIMIT ?",
            self._now_ms - call.days * _DAY_MS,
            call.account,
            call.account,
            call.contains,
            call.contains,
            call.most,
        )
        return tuple(
            Transaction(found, account, format_ms(at_ms), *rest)
            for found, account, at_ms, *rest in rows
        )

    def _cards(self) -> tuple[Card, ...]:
        self.check_is_known()
        bound: dict[str, list[str]] = {}
        for card, service in self._all(
            f"SELECT card, service FROM bindings WHERE {_MINE} ORDER BY card, service"
        ):
            bound.setdefault(card, []).append(service)
        rows = self._all(
            "SELECT id, kind, name, last4, status, account, due_on, due_amount, due_minimum,"
            f" currency FROM cards WHERE {_MINE} ORDER BY id"
        )
        return tuple(
            Card(found, kind, name, last4, status, account, tuple(bound.get(found, ())), *due)
            for found, kind, name, last4, status, account, *due in rows
        )

    def limits(self, card: str) -> tuple[Limit, ...]:
        """Of a card, as they are now. Raises BankRefused, sqlite3.Error."""
        self.check_is_theirs("cards", card)
        today = day_of(self._now_ms).isoformat()
        rows = self._all(
            "SELECT kind, per_day, usual, until_ms, used, used_on, most, currency FROM limits"
            f" WHERE {_MINE} AND card = ? ORDER BY kind DESC",
            card,
        )
        found = []
        for kind, per_day, usual, until_ms, used, used_on, most, currency in rows:
            runs = until_ms is not None and until_ms > self._now_ms
            found.append(
                Limit(
                    card,
                    kind,
                    per_day if runs else usual,
                    used if used_on == today else 0,
                    most,
                    format_ms(until_ms) if runs else None,
                    currency,
                )
            )
        return tuple(found)

    def _order(self, call: ReadOrder) -> Order:
        row = self._one(
            f"SELECT id, kind, status, detail, expected_on FROM orders WHERE {_MINE} AND id = ?",
            call.order,
        )
        return Order(*row)


def _masked(name: str) -> str:
    """Enough to know oneself by: `陈*` or `John S*`."""
    first, space, rest = name.partition(" ")
    return f"{first} {rest[:1]}*" if space else f"{name[:1]}*"
