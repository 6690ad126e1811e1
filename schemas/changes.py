"""Deploys, flags and configuration changes, in PagerDuty's change-event form or the bare one."""

from datetime import datetime
from typing import Any

import msgspec

from schemas.errors import Reason, Refusal
from schemas.events import MAX_NAME, AttributeValue, AwareTime, check_text, refusal_of
from schemas.times import EARLIEST_MS, LATEST_MS, MINUTE_MS

MAX_CHANGE_BYTES = 65_536
MAX_AHEAD_DAYS = 7
"""A planned change may be told so long before; it is kept until then."""


class Link(msgspec.Struct):
    """A link of a change event."""

    href: str
    text: str = ""


class ChangePayload(msgspec.Struct):
    """`payload` of PagerDuty's change event."""

    summary: str
    timestamp: AwareTime | None = None
    source: str | None = None
    custom_details: dict[str, Any] | None = None


class ChangeMessage(msgspec.Struct):
    """One message on `changes`: `payload` (PagerDuty) or `summary` (bare) must be there."""

    payload: ChangePayload | None = None
    links: list[Link] = []
    summary: str | None = None
    time: AwareTime | int | float | None = None
    id: str | None = None
    product: str | None = None
    service: str | None = None
    attributes: dict[str, AttributeValue] | None = None


class Change(msgspec.Struct, frozen=True):
    """A change in one form. `product` empty: it may concern every product."""

    id: str
    time_ms: int
    summary: str
    product: str = ""
    service: str = ""
    attributes: dict[str, str] = {}


_decode = msgspec.json.Decoder(ChangeMessage).decode


def decode_change(value: bytes | None, source: str, record_ms: int) -> Change:
    """Decode one message of the `changes` topic.

    `source` (topic-partition@offset) names the change if it brings no id. Raises Refusal.
    """
    if value is None or len(value) > MAX_CHANGE_BYTES:
        size = 0 if value is None else len(value)
        reason = Reason.MESSAGE_TOO_LARGE if size else Reason.EMPTY_TEXT
        raise Refusal(reason, f"{size} bytes")
    try:
        message = _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal_of(value, error) from None
    payload = message.payload
    summary = payload.summary if payload else message.summary
    if summary is None:
        raise Refusal(Reason.WRONG_TYPE, "a change needs payload.summary or summary")
    details = (payload.custom_details if payload else None) or {}
    moment = payload.timestamp if payload else message.time
    service = message.service or details.get("service") or (payload.source if payload else "")
    attributes = message.attributes or {
        name: value for name, value in details.items() if isinstance(value, str | int | float)
    }
    return Change(
        id=message.id or source,
        time_ms=_ms(moment, record_ms),
        summary=check_text(summary)[:1024],
        product=str(message.product or details.get("product") or "")[:MAX_NAME],
        service=str(service or "")[:MAX_NAME],
        attributes={k: str(v)[:MAX_NAME] for k, v in attributes.items() if v is not None},
    )


def _ms(moment: datetime | int | float | None, record_ms: int) -> int:
    if moment is None:
        return record_ms
    ms = round(moment.timestamp() * 1000) if isinstance(moment, datetime) else round(moment)
    if not EARLIEST_MS <= ms <= LATEST_MS:
        raise Refusal(Reason.TIME_OUT_OF_RANGE, f"{moment} is not within 2000 and 2100")
    if ms - record_ms > MAX_AHEAD_DAYS * 24 * 60 * MINUTE_MS:
        raise Refusal(Reason.FUTURE, f"it is dated more than {MAX_AHEAD_DAYS} days ahead")
    return ms
