"""What is said of the cause of an incident, and the facts that it may cite.

Everything that a hypothesis may name has an id that is unique within the incident: texts `e1`...,
log templates `t1`..., the slice `s1`, changes and past incidents their own.
"""

from typing import Literal

import msgspec

from schemas.times import Timestamp

SLICE_ID = "s1"
"""What cites the slice of the incident."""

RcaStatus = Literal["pending", "ok", "degraded", "skipped_budget", "abstained", "failed"]
Confidence = Literal["low", "medium", "high"]


class Evidence(msgspec.Struct, frozen=True):
    """A redacted text; `source` is topic-partition@offset."""

    id: str
    channel: str
    time: Timestamp
    text: str
    source: str


class NearChange(msgspec.Struct, frozen=True):
    """A change shortly before the onset (negative minutes: shortly after the estimate).

    `fits`: which attributes, or the service, it shares with the incident.
    """

    id: str
    summary: str
    time: Timestamp
    minutes_before_onset: int
    fits: tuple[str, ...] = ()


class RisenTemplate(msgspec.Struct, frozen=True):
    """Log lines of one template that rose before the onset (`lead_minutes` > 0) or with it."""

    id: str
    template: str
    count: int
    expected: float
    lead_minutes: int


class PastIncident(msgspec.Struct, frozen=True):
    """An incident of the same product that was like this one, and what ended it.

    `similarity` from 0 to 1; `resolution` is what people said of it, empty if nobody did.
    """

    id: str
    title: str
    opened_at: Timestamp
    resolved_at: Timestamp
    similarity: float
    resolution: str


class Unaffected(msgspec.Struct, frozen=True):
    """What the problem does not concern: a value of an attribute with its share of the excess and
    the share that it usually has.
    """

    attribute: str
    value: str
    share: float
    usual_share: float


class Hypothesis(msgspec.Struct, frozen=True):
    """A possible cause; `evidence_ids` name facts of the same incident.

    `cause_zh`: the same in Chinese, empty where only one language is at hand.
    """

    cause: str
    category: str
    confidence: Confidence
    evidence_ids: tuple[str, ...]
    cause_zh: str = ""


class Rca(msgspec.Struct, frozen=True):
    """What is said of the cause, who said it, and why if nothing could be said."""

    status: RcaStatus
    source: Literal["rules", "model"]
    hypotheses: tuple[Hypothesis, ...]
    next_steps: tuple[str, ...]
    reason: str | None
    next_steps_zh: tuple[str, ...] = ()
    category: str = "other"
