"""What an incident is told, on `incidents.commands`: by people, and by those who look into it.

Only the owner of an incident publishes revisions of it; everybody else says here what is to change.
"""

from typing import Annotated, TypeAlias

import msgspec

from schemas.causes import Rca
from schemas.errors import Reason, Refusal
from schemas.events import MAX_NAME, refusal_of
from schemas.incidents import Related
from schemas.times import Timestamp

MAX_COMMAND_BYTES = 65_536
MAX_REMARK = 1_000
MAX_WHO = 64
LONGEST_SILENCE = 7 * 24 * 60
"""Minutes."""
MOST_COSTS = 10**12

Who = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_WHO)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Said = Annotated[str, msgspec.Meta(max_length=MAX_REMARK)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST_COSTS)]
Money = Annotated[float, msgspec.Meta(ge=0, le=MOST_COSTS)]


class Cost(msgspec.Struct, frozen=True, omit_defaults=True):
    """What asking a language model came to; `money` in the currency of the prices that are set."""

    calls: Count = 0
    tokens_in: Count = 0
    tokens_out: Count = 0
    money: Money = 0.0


class _Command(msgspec.Struct, tag_field="action", kw_only=True, omit_defaults=True, frozen=True):
    """`by` is whoever said it; `at` defaults to the record's timestamp."""

    incident_id: Name
    by: Who
    at: Timestamp | None = None


class Acknowledge(_Command, tag="ack", frozen=True):
    """Somebody is on it."""


class Resolve(_Command, tag="resolve", frozen=True):
    """It is over; `text` says what ended it, for those who meet the next one like it."""

    text: Said = ""


class Silence(_Command, tag="silence", frozen=True):
    """Say no more about this theme for a while; 0 minutes end a silence."""

    minutes: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_SILENCE)]


class Note(_Command, tag="note", frozen=True):
    """A remark for those who read it later."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_REMARK)]


class Feedback(_Command, tag="feedback", frozen=True):
    """Was it useful? It moves the theme's threshold."""

    useful: bool


class Explain(_Command, tag="explain", frozen=True):
    """What a language model says of the cause; the owner drops what cites nothing it knows.

    `place`: the attributes of the slice that was asked about; what cites another one is dropped.
    `cost` is for the one who asks, after a restart. Before each call it says so with an `rca` that
    is `pending` and what the call costs at most; the answer comes with what all its calls cost.
    """

    rca: Rca
    place: Annotated[dict[str, str], msgspec.Meta(max_length=20)] | None = None
    cost: Cost = Cost()


class Relate(_Command, tag="relate", frozen=True):
    """Incidents that may be part of the same trouble, and the likely head of them."""

    related: Annotated[tuple[Related, ...], msgspec.Meta(max_length=20)]
    head_incident_id: Name | None = None


Command: TypeAlias = Acknowledge | Resolve | Silence | Note | Feedback | Explain | Relate

encode_command = msgspec.json.Encoder(order="deterministic").encode
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def decode_command(value: bytes | None) -> Command:
    """Decode one message of `incidents.commands`. Raises Refusal."""
    if not value:
        raise Refusal(Reason.EMPTY_TEXT, "0 bytes")
    if len(value) > MAX_COMMAND_BYTES:
        raise Refusal(Reason.MESSAGE_TOO_LARGE, f"{len(value)} bytes")
    try:
        return _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal_of(value, error) from None
