"""What a customer of the embedded bank may do: one effect for one key."""

import base64
import sqlite3
from hashlib import sha256

import msgspec

from agents.assistant.errors import BankRefused
from schemas.times import format_ms
from schemas.tools import (
    CallBack,
    FreezeCard,
    OpenTicket,
    RaiseLimit,
    Receipt,
    UnbindCard,
    WriteCall,
)
from streams.bank.calls import name_of
from streams.bank.facts import Facts
from streams.bank.people import day_of

MOST_TICKETS = 5
"""A day and customer."""
MOST_CALL_BACKS = 3
_DAY_MS = 86_400_000
_MINE = "tenant = ? AND customer = ?"
_PREFIX = {
    "unbind_card": "UB",
    "freeze_card": "FZ",
    "raise_limit": "RL",
    "open_ticket": "TK",
    "call_back": "CB",
}
_MAY_BECOME = {"frozen": ("active",), "lost": ("active", "frozen", "inactive")}
_ABOUT = ("transactions", "cards", "orders", "accounts")
_receipt = msgspec.json.Decoder(Receipt).decode


def write(
    db: sqlite3.Connection,
    whose: tuple[str, str],
    call: WriteCall,
    canonical: bytes,
    key: str,
    now_ms: int,
) -> Receipt:
    """The effect and its receipt, both durable on return, or neither.

    Raises BankRefused, sqlite3.Error.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        receipt = _repeated(db, whose, canonical, key)
        if receipt is None:
            effects = Effects(db, whose, now_ms, reference_of(whose[0], call, key))
            detail = effects.of(call)
            at = format_ms(now_ms)
            receipt = Receipt(key, name_of(call), effects.reference, at, detail=detail)
            tenant, customer = whose
            row = (tenant, key, customer, canonical, msgspec.json.encode(receipt), now_ms)
            db.execute("INSERT INTO writes VALUES (?, ?, ?, ?, ?, ?)", row)
        db.execute("COMMIT")
    except BaseException:
        # SQLite may have done so by itself.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return receipt


def reference_of(tenant: str, call: WriteCall, key: str) -> str:
    """What a person may quote: nobody guesses another one's, and the same key gives the same."""
    digest = sha256(f"{tenant}\0{key}".encode()).digest()
    return f"{_PREFIX[name_of(call)]}-{base64.b32encode(digest)[:10].decode()}"


def _repeated(
    db: sqlite3.Connection, whose: tuple[str, str], canonical: bytes, key: str
) -> Receipt | None:
    tenant, customer = whose
    row = db.execute(
        "SELECT customer, call, receipt FROM writes WHERE tenant = ? AND key = ?", (tenant, key)
    ).fetchone()
    if row is None:
        return None
    if row[:2] != (customer, canonical):
        raise BankRefused("key_reused")
    return msgspec.structs.replace(_receipt(row[2]), repeated=True)


class Effects:
    """Of one customer, within a transaction; `reference` names what is new."""

    def __init__(
        self, db: sqlite3.Connection, whose: tuple[str, str], now_ms: int, reference: str
    ) -> None:
        self.reference = reference
        self._db = db
        self._whose = whose
        self._now_ms = now_ms
        self._today = day_of(now_ms).isoformat()
        self._facts = Facts(db, *whose, now_ms)

    def of(self, call: WriteCall) -> str:
        """The receipt's detail. Raises BankRefused, sqlite3.Error."""
        self._facts.check_is_known()
        match call:
            case UnbindCard():
                return self._unbind(call)
            case FreezeCard():
                return self._freeze(call)
            case RaiseLimit():
                return self._raise(call)
            case OpenTicket():
                return self._ticket(call)
            case CallBack():
                return self._call_back(call)

    def _change(self, statement: str, *values: object) -> int:
        return self._db.execute(statement, values).rowcount

    def _status(self, card: str) -> str:
        row = self._db.execute(
            f"SELECT status FROM cards WHERE {_MINE} AND id = ?", (*self._whose, card)
        ).fetchone()
        if row is None:
            raise BankRefused("not_found")
        return str(row[0])

    def _unbind(self, call: UnbindCard) -> str:
        self._status(call.card)
        if not self._change(
            f"DELETE FROM bindings WHERE {_MINE} AND card = ? AND service = ?",
            *self._whose,
            call.card,
            call.service,
        ):
            raise BankRefused("wrong_state", "the card is not bound to it")
        return ""

    def _freeze(self, call: FreezeCard) -> str:
        """The id of the order of a new card, if there is one."""
        status = self._status(call.card)
        new = "frozen" if call.reason == "temporary" else "lost"
        if status not in _MAY_BECOME[new]:
            raise BankRefused("wrong_state", f"the card is {status}")
        self._change(
            f"UPDATE cards SET status = ? WHERE {_MINE} AND id = ?", new, *self._whose, call.card
        )
        if new == "frozen":
            return ""
        order = f"o-{self.reference}"
        expected = day_of(self._now_ms + 7 * _DAY_MS).isoformat()
        self._change(
            "INSERT INTO orders VALUES (?, ?, ?, 'card', 'received', ?, ?)",
            *self._whose,
            order,
            call.card,
            expected,
        )
        return order

    def _raise(self, call: RaiseLimit) -> str:
        """Until when."""
        status = self._status(call.card)
        if status != "active":
            raise BankRefused("wrong_state", f"the card is {status}")
        limits = self._facts.limits(call.card)
        limit = next((one for one in limits if one.kind == call.kind), None)
        if limit is None:
            raise BankRefused("not_found")
        if call.amount > limit.most:
            raise BankRefused("over_limit")
        if call.amount <= limit.per_day:
            raise BankRefused("wrong_state", "the limit is not lower now")
        until_ms = self._now_ms + call.days * _DAY_MS
        self._change(
            f"UPDATE limits SET per_day = ?, until_ms = ? WHERE {_MINE} AND card = ? AND kind = ?",
            call.amount,
            until_ms,
            *self._whose,
            call.card,
            call.kind,
        )
        return format_ms(until_ms)

    def _ticket(self, call: OpenTicket) -> str:
        if call.about and not self._has(call.about):
            raise BankRefused("not_found")
        self._check_room("tickets", MOST_TICKETS)
        self._change(
            "INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?)",
            *self._whose,
            self.reference,
            self._today,
            call.topic,
            call.text,
            call.about,
        )
        return ""

    def _call_back(self, call: CallBack) -> str:
        self._check_room("call_backs", MOST_CALL_BACKS)
        self._change(
            "INSERT INTO call_backs VALUES (?, ?, ?, ?, ?, ?)",
            *self._whose,
            self.reference,
            self._today,
            call.window,
            call.topic,
        )
        return call.window

    def _has(self, found: str) -> bool:
        """All four are asked, so that the time says nothing."""
        statement = " UNION ALL ".join(
            f"SELECT 1 FROM {table} WHERE {_MINE} AND id = ?" for table in _ABOUT
        )
        return bool(self._db.execute(statement, (*self._whose, found) * len(_ABOUT)).fetchall())

    def _check_room(self, table: str, most: int) -> None:
        count: int = self._db.execute(
            f"SELECT count(*) FROM {table} WHERE {_MINE} AND day = ?", (*self._whose, self._today)
        ).fetchone()[0]
        if count >= most:
            raise BankRefused("over_limit", f"{most} a day")
