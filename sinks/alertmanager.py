"""Alertmanager, API v2: it forgets what is not said again, and ends what is not."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from schemas.incidents import RANK, Incident, Severity
from schemas.times import format_ms, parse_ms
from sinks.alerts import annotations_of, labels_of
from sinks.cluster import Secret
from sinks.errors import Rejected, Unreachable
from sinks.http import HttpOptions, HttpSink, check_url

_RESOLVED_FOR_MS = 5 * 60_000
_OUTLASTS = 3
"""An alert ends by itself after so many reminders that did not come."""

LabelName = Annotated[str, Meta(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
Alert = dict[str, Any]
Identity = tuple[tuple[str, str], ...]


class AlertmanagerOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "alertmanager"`."""

    urls: Annotated[
        tuple[str, ...],
        Meta(min_length=1, description='every Alertmanager of the cluster, ["http://HOST:9093"]'),
    ]
    resend_seconds: Annotated[
        float, Meta(ge=1, le=3600, description="how often firing alerts are said again")
    ] = 60.0
    labels: Annotated[
        dict[LabelName, str], Meta(description="labels of yours for each alert, to route by")
    ] = msgspec.field(default_factory=dict)
    token: Annotated[Secret, Meta(description="bearer token, if one is asked")] = Secret()

    def __post_init__(self) -> None:
        super().__post_init__()
        for url in self.urls:
            check_url("urls", url)


class _Ended(NamedTuple):
    alert: Alert
    until_ms: int


class AlertmanagerSink(HttpSink):
    """Posts to all Alertmanagers of a cluster; it is told when one of them has taken it."""

    Options: ClassVar[type[AlertmanagerOptions]] = AlertmanagerOptions
    batch = 100

    def __init__(self, name: str, options: AlertmanagerOptions) -> None:  # noqa: ARG002
        super().__init__(options)
        self._options = options
        self.remind_seconds = options.resend_seconds
        self._severities: dict[str, Severity] = {}
        self._ended: dict[Identity, _Ended] = {}

    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:
        """Fire or resolve; where the severity has changed, the former alert ends in the same."""
        for incident in incidents:
            for severity in self._former(incident):
                self._end(incident, severity, now_ms)
            if _fires(incident):
                self._ended.pop(_identity(self._labels(incident, incident.severity)), None)
            else:
                self._end(incident, incident.severity, now_ms)
        keys = {incident.incident_key for incident in incidents}
        ended = [a for a, _ in self._ended.values() if a["labels"]["incident_key"] in keys]
        await self._post([*self._firing(incidents, now_ms), *ended])
        for incident in incidents:
            if incident.status == "resolved":
                self._severities.pop(incident.incident_id, None)
            else:
                self._severities[incident.incident_id] = incident.severity

    async def remind(self, unresolved: Sequence[Incident], now_ms: int) -> None:
        """Say again what fires, and for five minutes what does not any more.

        What is refused holds up no other, for what is not said again ends.
        """
        for incident in unresolved:
            self._severities.setdefault(incident.incident_id, incident.severity)
        self._ended = {at: one for at, one in self._ended.items() if one.until_ms > now_ms}
        ended = [alert for alert, _ in self._ended.values()]
        alerts = [*self._firing(unresolved, now_ms), *ended]
        refused = None
        for start in range(0, len(alerts), self.batch):
            try:
                await self._post(alerts[start : start + self.batch])
            except Rejected as error:
                refused = error
        if refused:
            raise refused

    def _former(self, incident: Incident) -> Iterable[Severity]:
        """Severities under which it may still fire."""
        known = self._severities.get(incident.incident_id)
        if known is not None:
            return () if known == incident.severity else (known,)
        if incident.revision == 1:
            return ()
        # Told before a restart of ours, and severity only rises. A resolved alert that never
        # fired is told to nobody.
        rank = RANK[incident.severity]
        return [severity for severity in RANK if RANK[severity] < rank]

    def _labels(self, incident: Incident, severity: Severity) -> dict[str, str]:
        return labels_of(incident, severity, self._options.labels)

    def _firing(self, incidents: Iterable[Incident], now_ms: int) -> list[Alert]:
        ends = now_ms + round(_OUTLASTS * self.remind_seconds * 1000)
        return [
            self._alert(incident, incident.severity, now_ms, ends)
            for incident in incidents
            if _fires(incident)
        ]

    def _end(self, incident: Incident, severity: Severity, now_ms: int) -> None:
        alert = self._alert(incident, severity, now_ms, now_ms)
        self._ended.setdefault(_identity(alert["labels"]), _Ended(alert, now_ms + _RESOLVED_FOR_MS))

    def _alert(self, incident: Incident, severity: Severity, now_ms: int, ends_ms: int) -> Alert:
        # Event time may run ahead of ours; an alert that ends before it starts is refused.
        starts = min(parse_ms(incident.onset.estimate), now_ms)
        alert: Alert = {
            "labels": self._labels(incident, severity),
            "annotations": annotations_of(incident),
            "startsAt": format_ms(starts),
            "endsAt": format_ms(ends_ms),
        }
        if link := self._options.link(incident):
            alert["generatorURL"] = link
        return alert

    async def _post(self, alerts: Sequence[Alert]) -> None:
        """Raises what the last Alertmanager said if none took it; the reminder mends the rest."""
        if not alerts:
            return
        token = self._options.token.reveal()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = msgspec.json.encode(alerts)
        taken, refused, away = False, None, None
        for url in self._options.urls:
            try:
                await self.post(f"{url.rstrip('/')}/api/v2/alerts", body, headers)
                taken = True
            except Rejected as error:
                refused = error
            except Unreachable as error:
                away = error
        if trouble := None if taken else refused or away:
            raise trouble


def _fires(incident: Incident) -> bool:
    return incident.status in ("open", "acknowledged")


def _identity(labels: dict[str, str]) -> Identity:
    return tuple(sorted(labels.items()))
