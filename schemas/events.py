"""Feedback and log events as producers write them, and the decoder that refuses what is not one."""

import re
from datetime import datetime
from typing import Annotated

import msgspec

from schemas.errors import Reason, Refusal
from schemas.times import EARLIEST_MS, LATEST_MS

MAX_MESSAGE_BYTES = 1_048_576
MAX_TEXT = 32_768
"""Characters; a longer text is refused."""
CUT_TEXT = 2_000
"""Characters; a longer text is cut here and marked with an ellipsis."""
MAX_NAME = 128
"""Characters of a product, service, channel or attribute value that are kept."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

AwareTime = Annotated[datetime, msgspec.Meta(tz=True)]
AttributeValue = str | int | float | bool | None


class Event(msgspec.Struct, gc=False):
    """One message on a `feedback.*` or `logs.*` topic; only `text` is required.

    `time` is RFC 3339 with an offset, or epoch milliseconds; missing, the record's timestamp
    counts. `channel` missing: the topic gives it. `product` missing: a setting. `id` missing:
    topic-partition-offset, and the event cannot be a duplicate. Of the attributes only the
    configured ones are read, at most 16.
    """

    text: str
    id: str | None = None
    time: AwareTime | int | float | None = None
    channel: str | None = None
    product: str | None = None
    author: str | None = None
    lang: str | None = None
    service: str | None = None
    rating: float | None = None
    level: str | None = None
    attributes: dict[str, AttributeValue] | None = None


_decode = msgspec.json.Decoder(Event).decode


def decode_event(value: bytes | None) -> Event:
    """Decode one message.

    Raises Refusal, and nothing else, for any bytes that are no acceptable event.
    """
    if value is None:
        raise Refusal(Reason.EMPTY_TEXT, "the message has no value")
    if len(value) > MAX_MESSAGE_BYTES:
        raise Refusal(Reason.MESSAGE_TOO_LARGE, f"{len(value)} bytes > {MAX_MESSAGE_BYTES}")
    try:
        return _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal_of(value, error) from None


def refusal_of(value: bytes, error: Exception) -> Refusal:
    """The reason why msgspec would not decode `value`."""
    try:
        value.decode()
    except UnicodeDecodeError as bad:
        return Refusal(Reason.INVALID_UTF8, f"byte {bad.start}")
    if isinstance(error, msgspec.ValidationError):
        return Refusal(Reason.WRONG_TYPE, str(error))
    return Refusal(Reason.NOT_JSON, str(error))


def check_text(text: str) -> str:
    """The text as it may go on: not empty, not over-long, no control characters, cut and marked.

    Raises Refusal.
    """
    if len(text) > MAX_TEXT:
        raise Refusal(Reason.TEXT_TOO_LONG, f"{len(text)} characters > {MAX_TEXT}")
    if not text or text.isspace():
        raise Refusal(Reason.EMPTY_TEXT)
    if (found := _CONTROL.search(text)) is not None:
        raise Refusal(
            Reason.CONTROL_CHARACTERS, f"U+{ord(found.group()):04X} at character {found.start()}"
        )
    return text if len(text) <= CUT_TEXT else text[: CUT_TEXT - 1] + "…"


def event_time_ms(event: Event, record_ms: int, max_ahead_ms: int) -> int:
    """Event time in epoch milliseconds; the record's own timestamp where the event has none.

    Raises Refusal if the time is out of range, or dated more than `max_ahead_ms` after the
    record's timestamp: such a record would drag the watermark along.
    """
    time = event.time
    if time is None:
        return record_ms
    if isinstance(time, datetime):
        ms = round(time.timestamp() * 1000)
    else:
        ms = int(time) if EARLIEST_MS <= time <= LATEST_MS else 0
    if not EARLIEST_MS <= ms <= LATEST_MS:
        raise Refusal(Reason.TIME_OUT_OF_RANGE, f"{time} is not within 2000 and 2100")
    if ms - record_ms > max_ahead_ms:
        raise Refusal(Reason.FUTURE, f"{ms - record_ms} ms ahead of its record")
    return ms
