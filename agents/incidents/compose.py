"""The incident contract, filled from the facts of a minute and what stands since the opening."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from agents.incidents.analyst import analyse
from agents.incidents.changes import near_changes
from agents.incidents.evidence import pick_evidence
from agents.incidents.facts import Facts
from agents.incidents.rules import IncidentRules
from agents.incidents.words import phrase, title, where
from schemas.incidents import (
    Grouping,
    Impact,
    Incident,
    Observed,
    Onset,
    Severity,
    Slice,
)
from schemas.times import MINUTE_MS, format_ms
from windows.titles import title as headline

DETECTOR = "nb-subset-scan/1"
_SEVERITIES: tuple[tuple[Severity, int, float], ...] = (
    ("critical", 100, 5.0),
    ("error", 30, 3.0),
)
"""Least distinct authors and least lift; below them it is a warning."""
_RANK = {"info": 0, "warning": 1, "error": 2, "critical": 3}


class Standing(msgspec.Struct):
    """What is frozen at the opening of an incident, and what its revisions carry forward."""

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
    revision: int = 0
    quiet: int = 0
    published_minute: int = 0
    published_count: float = 0.0
    resolved_minute: int = 0


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


def compose(standing: Standing, facts: Facts, rules: IncidentRules) -> Incident:
    """The next revision; severity only rises while an incident is open."""
    people = facts.people
    if escalates(standing, facts):
        standing.severity = _severity(facts)
    evidence = pick_evidence(facts.voices, rules.evidence)
    changes = near_changes(facts, rules)
    resolved = standing.resolved_minute > 0
    return Incident(
        incident_id=standing.incident_id,
        incident_key=standing.incident_key,
        revision=standing.revision,
        status="resolved" if resolved else "open",
        severity=standing.severity,
        title=title(
            facts.product,
            _words(facts, [item.text for item in evidence]),
            round(facts.count),
            facts.window,
            where(standing.slice.attributes),
        ),
        product=facts.product,
        service=standing.labels.get("service"),
        opened_at=_end_of(standing.opened_minute),
        detected_at=_end_of(standing.opened_minute),
        updated_at=_end_of(facts.minute),
        resolved_at=_end_of(facts.minute) if resolved else None,
        onset=Onset(_start_of(standing.onset_minute), _start_of(standing.earliest_minute)),
        observed=_observed(facts, people.value),
        slice=standing.slice,
        impact=Impact(
            people.value,
            people.low,
            people.high,
            "distinct authors; a report without one counts as its own",
        ),
        channels=dict(sorted(facts.channels.items())),
        evidence=evidence,
        changes=changes,
        rca=analyse(facts.terms, evidence, changes, standing.slice),
        grouping=_grouping(facts),
        related_incident_ids=standing.related,
        previous_incident_id=standing.previous,
        labels=standing.labels,
    )


def _words(facts: Facts, texts: Sequence[str]) -> str:
    said = [facts.template] if facts.template else texts
    words = headline(facts.terms, said) or " ".join(phrase(facts.terms))
    return f"many times the usual feedback, most of it: {words}" if facts.surge else words


def _start_of(minute: int) -> str:
    return format_ms(minute * MINUTE_MS)


def _end_of(minute: int) -> str:
    return format_ms((minute + 1) * MINUTE_MS)


def _service(facts: Facts) -> str | None:
    """The service that most of the reports name, if most name the same."""
    named = {name: count for name, count in facts.services.items() if name}
    if not named:
        return None
    best = min(named, key=lambda name: (-named[name], name))
    return best if named[best] * 2 > sum(facts.services.values()) else None


def escalates(standing: Standing, facts: Facts) -> bool:
    """The facts are more severe than what stands."""
    return _RANK[_severity(facts)] > _RANK[standing.severity]


def _severity(facts: Facts) -> Severity:
    people = facts.people.value
    for severity, least_people, least_lift in _SEVERITIES:
        if people >= least_people and facts.lift >= least_lift:
            return severity
    return "warning"


def _observed(facts: Facts, authors: int) -> Observed:
    return Observed(
        count=round(facts.count),
        expected=round(facts.expected, 2),
        window_minutes=facts.window,
        lift=round(facts.lift, 1),
        distinct_authors=authors,
        detector=DETECTOR,
        score=round(facts.score, 2),
        baseline="level x hour of week of the product x own rhythm of day and weekend",
        scales=facts.scales,
        threshold=facts.threshold,
    )


def _grouping(facts: Facts) -> Grouping:
    words = phrase(facts.terms, most=6)
    reason = f"texts share the terms {', '.join(words)}" if words else "texts are the same"
    return Grouping(facts.cluster_id, facts.terms, reason, round(facts.distance, 3))
