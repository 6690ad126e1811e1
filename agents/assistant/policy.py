"""What a write needs before it is done, and how long a proposal of one waits."""

import hashlib

import msgspec

from agents.assistant.reading import Reading, Slots
from schemas.sessions import Pending
from schemas.tools import RaiseLimit, UnbindCard, WriteCall
from schemas.turns import Turn

CONFIRM_WITHIN_MS = 5 * 60_000
STRONG_FOR_MS = 5 * 60_000
_AHEAD_MS = 60_000
"""How far the gateway's clock may be before ours."""
_LONGEST_YES = 24
MOST_UNSETTLED = 3

_encode = msgspec.json.Encoder(order="deterministic").encode


def needs_strong(call: WriteCall) -> bool:
    """Whether a second factor is asked for: where somebody with the phone could do harm.

    Freezing, tickets and call-backs are the safe direction.
    """
    return isinstance(call, UnbindCard | RaiseLimit)


def is_strong(turn: Turn, now_ms: int) -> bool:
    """Whether the person has proved who they are a moment ago."""
    return -_AHEAD_MS <= now_ms - turn.strong_ms <= STRONG_FOR_MS


def key_of(turn: Turn, call: WriteCall, now_ms: int) -> str:
    """The idempotency key of a write that is proposed in this turn.

    The time is in it because clients choose the names of turns and may use one again.
    """
    parts = (turn.tenant, turn.user, turn.session, turn.turn, str(now_ms), _encode(call).decode())
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def expired(pending: Pending, now_ms: int) -> bool:
    """Whether it has waited too long; what was sent already must be cleared up, however old."""
    return not pending.begun and now_ms > pending.until_ms


def is_yes(reading: Reading, said: str) -> bool:
    """Whether the whole message is a yes. Understanding says so; what names anything is none."""
    return reading.act == "affirm" and len(said) <= _LONGEST_YES and reading.slots == Slots()
