"""The incident contract, filled from the facts of a minute and what stands since the opening."""

from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from agents.incidents.analyst import Case, analyse
from agents.incidents.categories import category_of
from agents.incidents.changes import near_changes
from agents.incidents.clues import Clues
from agents.incidents.evidence import longer, pick_evidence
from agents.incidents.facts import Facts
from agents.incidents.past import Likeness, Past
from agents.incidents.risen import known_as
from agents.incidents.rules import IncidentRules
from agents.incidents.standing import Height, Standing
from agents.incidents.words import phrase, title, where
from schemas.causes import Evidence
from schemas.incidents import (
    RANK,
    Grouping,
    Impact,
    Incident,
    Observed,
    Onset,
    Severity,
)
from schemas.times import MINUTE_MS, Timestamp, format_ms
from windows.titles import title as headline

DETECTOR = "nb-subset-scan/1"
_SEVERITIES: tuple[tuple[Severity, int, float], ...] = (
    ("critical", 100, 5.0),
    ("error", 30, 3.0),
)
"""Least distinct authors and least lift; below them it is a warning."""


def compose(standing: Standing, facts: Facts, rules: IncidentRules, past: Past) -> Incident:
    """The next revision as the facts tell it; severity only rises while an incident is open.

    Counts are those at its height: of the minute in which most was in excess.
    """
    # What stands is told of, though nobody has asked for whom in this minute.
    facts = replace(facts, slice=standing.slice)
    people, last = facts.people, standing.last
    if escalates(standing, facts):
        standing.severity = severity_of(facts)
        standing.severity_reason = f"{people.value} people, {facts.lift:.1f} times the usual"
    picked = pick_evidence(facts.voices, rules.evidence)
    evidence = longer(last.evidence if last else (), picked, rules.evidence)
    case = _case(standing, facts, rules, evidence, past)
    resolved = standing.resolved_minute > 0
    height = highest(standing, facts)
    observed = _as_now(height.observed, facts)
    return Incident(
        incident_id=standing.incident_id,
        incident_key=standing.incident_key,
        revision=last.revision + 1 if last else 1,
        status="resolved" if resolved else "open",
        severity=standing.severity,
        title=title(
            facts.product,
            _words(facts, [item.text for item in evidence]),
            observed.count,
            observed.window_minutes,
            where(standing.slice.attributes),
        ),
        product=facts.product,
        service=standing.labels.get("service"),
        opened_at=end_of(standing.opened_minute),
        detected_at=end_of(standing.opened_minute),
        updated_at=end_of(facts.minute),
        resolved_at=end_of(facts.minute) if resolved else None,
        onset=Onset(_start_of(standing.onset_minute), _start_of(standing.earliest_minute)),
        observed=observed,
        slice=standing.slice,
        impact=height.impact,
        channels=height.channels,
        evidence=evidence,
        changes=case.changes.near,
        rca=analyse(case),
        grouping=_grouping(facts),
        related_incident_ids=standing.related,
        previous_incident_id=standing.previous,
        labels=standing.labels,
        severity_reason=standing.severity_reason,
        course=facts.course,
        risen=case.risen,
        past=case.past,
        unaffected=case.unaffected,
    )


def _case(
    standing: Standing,
    facts: Facts,
    rules: IncidentRules,
    evidence: Sequence[Evidence],
    past: Past,
) -> Case:
    """What the analyst is given."""
    last = standing.last
    if last is None or facts.minute - standing.opened_minute <= rules.slice_minutes:
        clues = facts.look(standing.slice)
        clues = clues._replace(risen=known_as(last.risen if last else (), clues.risen))
    else:
        # Later nothing new is learned of the time around the onset, and what is cited stays.
        clues = Clues(last.risen, last.unaffected)
    kind = category_of(facts.terms, [item.text for item in evidence])
    service = standing.labels.get("service", "")
    likeness = Likeness(
        facts.cluster_id, facts.terms, standing.slice.attributes, kind.name, service
    )
    return Case(
        kind=kind,
        evidence=evidence,
        place=standing.slice,
        changes=near_changes(facts, rules),
        risen=clues.risen,
        unaffected=clues.unaffected,
        past=past.like(likeness, standing.incident_id),
        surge=facts.surge,
    )


def _words(facts: Facts, texts: Sequence[str]) -> str:
    said = [facts.template] if facts.template else texts
    words = headline(facts.terms, said) or " ".join(phrase(facts.terms))
    return f"many times the usual feedback, most of it: {words}" if facts.surge else words


def _start_of(minute: int) -> Timestamp:
    return format_ms(minute * MINUTE_MS)


def end_of(minute: int) -> Timestamp:
    """When an epoch minute ends."""
    return format_ms((minute + 1) * MINUTE_MS)


def escalates(standing: Standing, facts: Facts) -> bool:
    """The facts are more severe than what stands."""
    return RANK[severity_of(facts)] > RANK[standing.severity]


def severity_of(facts: Facts) -> Severity:
    """By how many people, and how many times the usual."""
    people = facts.people.value
    for severity, least_people, least_lift in _SEVERITIES:
        if people >= least_people and facts.lift >= least_lift:
            return severity
    return "warning"


def excess_of(observed: Observed) -> float:
    """Reports beyond the expected ones that a revision has told."""
    return observed.count - observed.expected


def highest(standing: Standing, facts: Facts) -> Height:
    """The height of an incident so far, which it keeps."""
    observed, people = _observed(facts), facts.people
    height = standing.height
    if height is None or excess_of(observed) > excess_of(height.observed):
        basis = "distinct authors; a report without one counts as its own"
        impact = Impact(people.value, people.low, people.high, basis)
        height = Height(observed, impact, dict(sorted(facts.channels.items())))
        standing.height = height
    return height


def _as_now(observed: Observed, facts: Facts) -> Observed:
    """The counts of the height, and how much it is up now."""
    return structs.replace(
        observed,
        score=round(facts.score, 2),
        scales=facts.scales,
        threshold=facts.threshold,
    )


def _observed(facts: Facts) -> Observed:
    return Observed(
        count=round(facts.count),
        expected=round(facts.expected, 2),
        window_minutes=facts.window,
        lift=round(facts.lift, 1),
        distinct_authors=facts.people.value,
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
