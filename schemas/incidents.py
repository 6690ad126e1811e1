"""Incidents as they leave Groundswell; one incident is one key, every later word a revision."""

from typing import Literal

import msgspec

from schemas.causes import Evidence, NearChange, PastIncident, Rca, RisenTemplate, Unaffected
from schemas.errors import NotOurs
from schemas.handling import Acknowledgement, Opinions, Remark, Silencing
from schemas.times import Timestamp

Severity = Literal["critical", "error", "warning", "info"]
RANK: dict[Severity, int] = {"info": 0, "warning": 1, "error": 2, "critical": 3}
Status = Literal["open", "acknowledged", "resolved", "suppressed"]
Stage = Literal["opened", "updated", "acknowledged", "resolved"]


class Onset(msgspec.Struct, frozen=True):
    """When it began: the best estimate and the earliest plausible time."""

    estimate: Timestamp
    earliest: Timestamp


class Scale(msgspec.Struct, frozen=True):
    """What the last `window_minutes` brought of what is up, and its score in nats."""

    window_minutes: int
    count: int
    expected: float
    score: float


class Threshold(msgspec.Struct, frozen=True):
    """The score (nats) from which an incident opens, and what that costs.

    `false_per_week`: false incidents per product and week; null where nobody has measured it.
    """

    score: float
    false_per_week: float | None


class Observed(msgspec.Struct, frozen=True):
    """What was counted against what was expected, over `window_minutes`.

    `score` is in units of the threshold. `scales` are those of the leading slice; a time scale on
    which nothing was up is left out. Revisions of earlier versions have neither these nor a
    `threshold`.
    """

    count: int
    expected: float
    window_minutes: int
    lift: float
    distinct_authors: int
    detector: str
    score: float
    baseline: str
    scales: tuple[Scale, ...] = ()
    threshold: Threshold | None = None


class SliceCandidate(msgspec.Struct, frozen=True):
    """One ranked answer to «for whom»."""

    attributes: dict[str, str]
    share: float
    lift: float


class Slice(msgspec.Struct, frozen=True):
    """For whom: the attribute values that hold the excess, or an abstention with its reason.

    `share` is the share of the excess inside the slice, `lift` that share over the slice's share
    of all events of the product.
    """

    attributes: dict[str, str]
    share: float
    lift: float
    abstained: bool
    candidates: tuple[SliceCandidate, ...]
    reason: str


class Impact(msgspec.Struct, frozen=True):
    """Distinct people who reported it, with an interval, and how that was counted."""

    users: int
    low: int
    high: int
    basis: str


class Course(msgspec.Struct, frozen=True):
    """Reports per minute and what was expected, oldest first; `start` begins the first minute."""

    start: Timestamp
    observed: tuple[int, ...]
    expected: tuple[float, ...]


class Related(msgspec.Struct, frozen=True):
    """Another incident that may be part of the same trouble, and what the two share."""

    incident_id: str
    product: str
    title: str
    shares: tuple[Literal["time", "slice", "terms", "change"], ...]


class Grouping(msgspec.Struct, frozen=True):
    """Why these texts stand together; `distance` is 1 - cosine of the last one that joined."""

    cluster_id: str
    terms: tuple[str, ...]
    reason: str
    distance: float


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of an incident; drop a revision not higher than one already seen.

    `change_reason`: why this revision was published. `related` names what `related_incident_ids`
    has in short, `head_incident_id` the one of them, or this one, that is likely the cause of all.
    What has a default was not in revisions of earlier versions.
    """

    incident_id: str
    incident_key: str
    revision: int
    status: Status
    severity: Severity
    title: str
    product: str
    service: str | None
    opened_at: Timestamp
    detected_at: Timestamp
    updated_at: Timestamp
    resolved_at: Timestamp | None
    onset: Onset
    observed: Observed
    slice: Slice
    impact: Impact
    channels: dict[str, int]
    evidence: tuple[Evidence, ...]
    changes: tuple[NearChange, ...]
    rca: Rca
    grouping: Grouping
    related_incident_ids: tuple[str, ...]
    previous_incident_id: str | None
    labels: dict[str, str]
    change_reason: str = ""
    severity_reason: str = ""
    course: Course | None = None
    risen: tuple[RisenTemplate, ...] = ()
    past: tuple[PastIncident, ...] = ()
    unaffected: tuple[Unaffected, ...] = ()
    related: tuple[Related, ...] = ()
    head_incident_id: str | None = None
    acknowledgement: Acknowledgement | None = None
    silence: Silencing | None = None
    notes: tuple[Remark, ...] = ()
    opinions: Opinions | None = None

    @property
    def event_id(self) -> str:
        """`ce_id`: the identity of this revision."""
        return f"{self.incident_id}:{self.revision}"


encode_incident = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Incident).decode


def decode_incident(value: bytes) -> Incident:
    """Decode one incident revision. Raises NotOurs."""
    try:
        return _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None


def cloudevents_headers(incident: Incident, stage: Stage) -> list[tuple[str, bytes]]:
    """Kafka headers of CloudEvents 1.0 in binary mode."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": incident.event_id,
        "ce_source": f"/groundswell/{incident.product}",
        "ce_type": f"dev.groundswell.incident.{stage}",
        "ce_time": incident.updated_at,
        "ce_subject": incident.incident_id,
        "ce_partitionkey": incident.incident_key,
        "content-type": "application/json",
    }
    return [(name, value.encode()) for name, value in headers.items()]
