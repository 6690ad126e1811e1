"""State on the compacted topics: what a worker needs to go on where another one stopped."""

import msgspec

from schemas.errors import NotOurs
from schemas.signals import Counters


class IntakeHead(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where intake stands on one input partition; written once when a minute closes.

    Every record before `next_offset` is accounted for. A worker reads again from `resume_offset`,
    the first record of the oldest open minute, and counts of what lies before `next_offset` only
    what belongs to open minutes. `planned_close`, if not 0, is a minute to be closed for idleness
    exactly at `next_offset`: the decision is durable before anything is written because of it.
    """

    topic: str
    partition: int
    sequence: int
    next_offset: int
    resume_offset: int
    seen_ms: int
    closed_through: int
    counters: Counters
    planned_close: int = 0


class Snapshot(msgspec.Struct, frozen=True):
    """The manifest of a detect snapshot: `chunks` bodies under keys of this `slot`.

    It is written after its bodies and counts only if all of them are there and their joined
    bytes hash to `digest`; the two slots take turns, so one of them is always whole.
    """

    partition: int
    number: int
    slot: int
    next_offset: int
    chunks: int
    digest: str


_decode_head = msgspec.json.Decoder(IntakeHead).decode
_decode_snapshot = msgspec.json.Decoder(Snapshot).decode


def decode_head(value: bytes) -> IntakeHead:
    """Decode the state of one input partition. Raises NotOurs."""
    try:
        return _decode_head(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None


def decode_snapshot(value: bytes) -> Snapshot:
    """Decode a snapshot's manifest. Raises NotOurs."""
    try:
        return _decode_snapshot(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None
