"""PagerDuty's change events (Events API v2, `/v2/change/enqueue`)."""

from typing import Any

import msgspec

from schemas.changes import ChangeMessage, ChangePayload, Link
from sinks.cluster import Secret
from streams.changes.errors import BadForm
from streams.changes.form import Reported, Request, digest, parse

ACCEPTED = {"status": "success", "message": "Change event processed"}
"""The answer to a good event, as PagerDuty's senders read it."""


class _Key(msgspec.Struct):
    routing_key: str


class _Event(msgspec.Struct):
    payload: ChangePayload
    links: list[Link] = []


def is_genuine(request: Request, secret: Secret) -> bool:
    """The routing key of the body is ours."""
    try:
        key = parse(request.body, _Key).routing_key
    except BadForm:
        return False
    return secret.is_known_to(key)


def read(request: Request) -> Reported:
    """The event as it is, but for its key. Raises BadForm.

    One with a timestamp has the same id when it comes again.
    """
    event = parse(request.body, _Event)
    details: dict[str, Any] = event.payload.custom_details or {}
    said = msgspec.json.encode(event.payload, order="deterministic")
    name = f"pagerduty-{digest(said)}" if event.payload.timestamp else None
    message = ChangeMessage(payload=event.payload, links=event.links, id=name)
    return Reported(
        message,
        repository=_text(details.get("repository") or details.get("repo")),
        environment=_text(details.get("environment")),
        version=_text(details.get("version") or details.get("app_version")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def refused(reason: str) -> dict[str, object]:
    """The answer to a bad one."""
    return {
        "status": "invalid event",
        "message": "Event object is invalid",
        "errors": [reason],
    }
