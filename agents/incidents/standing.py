"""An incident as its owner keeps it: what is frozen at the opening, and its last revision."""

from hashlib import blake2b

import msgspec

from agents.incidents.facts import Facts
from agents.incidents.words import where
from schemas.incidents import Impact, Incident, Observed, Severity, Slice


class Height(msgspec.Struct, frozen=True):
    """What was counted when most was in excess, from whom and through which channels."""

    observed: Observed
    impact: Impact
    channels: dict[str, int]


class Standing(msgspec.Struct):
    """What is frozen at the opening of an incident, and what its revisions carry forward.

    `last`: the revision published last; None once a resolved incident is only known by its name.
    `by_hand`: a person resolved it. Minutes are epoch minutes.
    """

    incident_id: str
    incident_key: str
    cluster_id: str
    opened_minute: int
    onset_minute: int
    earliest_minute: int
    slice: Slice
    labels: dict[str, str]
    severity: Severity
    previous: str | None
    related: tuple[str, ...]
    severity_reason: str = ""
    quiet: int = 0
    published_minute: int = 0
    resolved_minute: int = 0
    by_hand: bool = False
    last: Incident | None = None
    height: Height | None = None


def new_standing(facts: Facts, previous: str | None, related: tuple[str, ...]) -> Standing:
    """Open: identity, slice and routing labels are fixed from here on."""
    place = facts.slice
    identity = f"{facts.product}\n{facts.cluster_id}\n{where(place.attributes)}"
    key = blake2b(identity.encode(), digest_size=8).hexdigest()
    labels = {**place.attributes, "product": facts.product}
    if service := _service(facts):
        labels["service"] = service
    return Standing(
        incident_id=f"{key}-{facts.minute}",
        incident_key=key,
        cluster_id=facts.cluster_id,
        opened_minute=facts.minute,
        onset_minute=facts.onset_minute,
        earliest_minute=facts.earliest_minute,
        slice=place,
        labels=labels,
        severity="info",
        previous=previous,
        related=related,
    )


def _service(facts: Facts) -> str | None:
    """The service that most of the reports name, if most name the same."""
    named = {name: count for name, count in facts.services.items() if name}
    if not named:
        return None
    best = min(named, key=lambda name: (-named[name], name))
    return best if named[best] * 2 > sum(facts.services.values()) else None
