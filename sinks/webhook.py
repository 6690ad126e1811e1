"""Any receiver of JSON, signed so that it can tell us from others."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from schemas.incidents import Incident
from sinks.alerts import annotations_of, labels_of
from sinks.cluster import Secret
from sinks.http import HttpOptions, HttpSink, check_url

SIGNATURE = "X-Groundswell-Signature"
_NOT_YET = "0001-01-01T00:00:00Z"
_encode = msgspec.json.Encoder(order="deterministic").encode


class WebhookOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "webhook"`."""

    url: Annotated[Secret, Meta(description="where to post; it may hold a key, so it is not shown")]
    secret: Annotated[
        Secret, Meta(description="what signatures are made with, 16 characters at least")
    ]
    form: Annotated[
        Literal["incident", "alertmanager"],
        Meta(description="incident: as on the topic; alertmanager: its webhook, version 4"),
    ] = "incident"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url("url", self.url.reveal())
        if len(self.secret.reveal()) < 16:
            raise ValueError("secret: write 16 characters at least")


class WebhookSink(HttpSink):
    """One incident a call; of what is beyond its rate many."""

    Options: ClassVar[type[WebhookOptions]] = WebhookOptions
    batch = 100
    per_minute = 600
    groups = True
    shows_pages = True

    def __init__(self, name: str, options: WebhookOptions) -> None:
        super().__init__(options)
        self._name = name
        self._options = options

    def wants(self, before: Incident | None, now: Incident) -> bool:
        """All, but nothing of an incident that was silenced before it could be told."""
        return before is not None or now.status != "suppressed"

    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:
        body = _encode(self._payload(incidents))
        headers = {
            SIGNATURE: sign(self._options.secret, now_ms // 1000, body),
            "Idempotency-Key": _idempotency_key(incidents),
        }
        await self.post(self._options.url.reveal(), body, headers)

    def _payload(self, incidents: Sequence[Incident]) -> dict[str, Any]:
        if self._options.form == "alertmanager":
            return alertmanager_form(self._name, incidents, self._options)
        return {"version": "1", "incidents": incidents}


def sign(secret: Secret, seconds: int, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`."""
    word = secret.reveal().encode()
    digest = hmac.new(word, b"%d.%b" % (seconds, body), hashlib.sha256)
    return f"t={seconds},v1={digest.hexdigest()}"


def _idempotency_key(incidents: Sequence[Incident]) -> str:
    """`ce_id` of the revision; of several a hash, as a header has no room for them."""
    names = [incident.event_id for incident in incidents]
    if len(names) == 1:
        return names[0]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def alertmanager_form(
    name: str, incidents: Sequence[Incident], options: HttpOptions
) -> dict[str, Any]:
    """What those parse who take Alertmanager's webhook; the fingerprint is the incident's key."""
    alerts = [_alert(incident, options.link(incident)) for incident in incidents]
    firing = any(alert["status"] == "firing" for alert in alerts)
    labels = _common([alert["labels"] for alert in alerts])
    return {
        "version": "4",
        "groupKey": f"groundswell/{name}",
        "truncatedAlerts": 0,
        "status": "firing" if firing else "resolved",
        "receiver": name,
        "groupLabels": {"alertname": labels["alertname"]},
        "commonLabels": labels,
        "commonAnnotations": _common([alert["annotations"] for alert in alerts]),
        "externalURL": options.console_url,
        "alerts": alerts,
    }


def _alert(incident: Incident, link: str) -> dict[str, Any]:
    firing = incident.status in ("open", "acknowledged")
    return {
        "status": "firing" if firing else "resolved",
        "labels": labels_of(incident, incident.severity, {}),
        "annotations": annotations_of(incident),
        "startsAt": incident.onset.estimate,
        "endsAt": _NOT_YET if firing else incident.resolved_at or incident.updated_at,
        "generatorURL": link,
        "fingerprint": incident.incident_key,
    }


def _common(tables: Sequence[dict[str, str]]) -> dict[str, str]:
    first, *others = (set(table.items()) for table in tables)
    return dict(sorted(first.intersection(*others)))
