"""PagerDuty, Events API v2: one alert an incident, opened, acknowledged and resolved by us."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from schemas.incidents import Incident
from sinks.alerts import annotations_of
from sinks.cluster import Secret
from sinks.http import HttpOptions, HttpSink, check_url
from sinks.plain import clean, plain

MAX_EVENT = 512_000
_SUMMARY = 1024
_DEDUP_KEY = 255
_SOURCE = 200
_ACTIONS = {
    "open": "trigger",
    "acknowledged": "acknowledge",
    "resolved": "resolve",
    "suppressed": "resolve",
}


class PagerDutyOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "pagerduty"`."""

    routing_key: Annotated[
        Secret, Meta(description="integration key of the service, 32 characters")
    ]
    url: Annotated[
        str, Meta(description="the endpoint; https://events.eu.pagerduty.com/v2/enqueue in the EU")
    ] = "https://events.pagerduty.com/v2/enqueue"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url("url", self.url)
        if len(self.routing_key.reveal()) != 32:
            raise ValueError("routing_key: an integration key has 32 characters")


class PagerDutySink(HttpSink):
    """An event a revision; whoever reads it finds the facts under custom_details."""

    Options: ClassVar[type[PagerDutyOptions]] = PagerDutyOptions
    per_minute = 100

    def __init__(self, name: str, options: PagerDutyOptions) -> None:  # noqa: ARG002
        super().__init__(options)
        self._options = options

    def wants(self, before: Incident | None, now: Incident) -> bool:
        """Only a trigger carries facts: any other event says nothing when it comes again."""
        action = _ACTIONS[now.status]
        return before is None or action == "trigger" or action != _ACTIONS[before.status]

    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
        for incident in incidents:
            await self.post(self._options.url, self._body(incident))

    def _body(self, incident: Incident) -> bytes:
        event = event_of(incident, self._options)
        body = msgspec.json.encode(event)
        if len(body) > MAX_EVENT and "payload" in event:
            event["payload"]["custom_details"] = {"omitted": f"more than {MAX_EVENT} bytes"}
            body = msgspec.json.encode(event)
        return body


def event_of(incident: Incident, options: PagerDutyOptions) -> dict[str, Any]:
    """The event that makes the alert what the incident is now."""
    action = _ACTIONS[incident.status]
    event: dict[str, Any] = {
        "routing_key": options.routing_key.reveal(),
        "event_action": action,
        "dedup_key": f"groundswell/{incident.product}/{incident.incident_key}"[-_DEDUP_KEY:],
    }
    if action == "trigger":
        event["payload"] = _payload(incident)
        event["client"] = "Groundswell"
        if link := options.link(incident):
            event["client_url"] = options.console_url
            event["links"] = [{"href": link, "text": "Incident in the Groundswell console"}]
    return event


def _payload(incident: Incident) -> dict[str, Any]:
    service = incident.service or incident.product
    details: dict[str, Any] = dict(annotations_of(incident))
    details["labels"] = {clean(k, 64): clean(v, 200) for k, v in incident.labels.items()}
    details["evidence"] = [
        {"id": item.id, "channel": item.channel, "time": item.time, "text": plain(item.text, 500)}
        for item in incident.evidence
    ]
    return {
        "summary": plain(incident.title, _SUMMARY),
        "source": clean(service, _SOURCE) or "groundswell",
        "severity": incident.severity,
        "timestamp": incident.onset.estimate,
        "component": clean(service, _SOURCE),
        "group": clean(incident.product, _SOURCE),
        "class": incident.rca.category,
        "custom_details": details,
    }
