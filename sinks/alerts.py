"""An incident in the words of Prometheus: labels that route it, annotations that explain it."""

import re
from collections.abc import Mapping
from hashlib import blake2b

from agents.incidents.words import where
from schemas.incidents import Incident, Severity
from sinks.plain import clean, plain

ALERTNAME = "GroundswellIncident"
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
_LABEL = 200
_LINE = 300
_EVIDENCE = 5


def labels_of(incident: Incident, severity: Severity, more: Mapping[str, str]) -> dict[str, str]:
    """What identifies and routes the alert: the same from its opening to its end.

    `more` are labels of whoever runs it; the names of ours win.
    """
    ours = {
        "alertname": ALERTNAME,
        "incident_key": incident.incident_key,
        "product": clean(incident.product, _LABEL),
        "service": clean(incident.service or "", _LABEL),
        "severity": severity,
    }
    labels = dict(more)
    for name, value in sorted(incident.labels.items()):
        if name not in ours:
            labels[_label_name(name, ours | labels)] = clean(value, _LABEL)
    return {name: value for name, value in (labels | ours).items() if value}


def _label_name(name: str, taken: Mapping[str, str]) -> str:
    """The name with `_` for what no label name may have, told apart from those that are taken."""
    fit = _NO_NAME.sub("_", name)
    fit = f"_{fit}" if fit[:1].isdigit() else fit
    if fit in taken or not fit.strip("_"):
        fit = f"attribute_{blake2b(name.encode(), digest_size=4).hexdigest()}"
    return fit


def annotations_of(incident: Incident) -> dict[str, str]:
    """What may change from one revision to the next; every value is text, none is empty."""
    observed, place, rca = incident.observed, incident.slice, incident.rca
    first = rca.hypotheses[0] if rca.hypotheses else None
    acknowledged = incident.acknowledgement
    said = {
        "summary": plain(incident.title, 1024),
        "description": _description(incident),
        "status": incident.status,
        "incident_id": incident.incident_id,
        "revision": str(incident.revision),
        "change_reason": plain(incident.change_reason, _LINE),
        "severity_reason": plain(incident.severity_reason, _LINE),
        "observed": str(observed.count),
        "expected": f"{observed.expected:g}",
        "lift": f"{observed.lift:g}",
        "score": f"{observed.score:g}",
        "window_minutes": str(observed.window_minutes),
        "distinct_authors": str(observed.distinct_authors),
        "users": f"{incident.impact.users} ({incident.impact.low}-{incident.impact.high})",
        "slice": plain(where(place.attributes), _LINE),
        "slice_share": "" if place.abstained else f"{place.share:.0%}",
        "channels": ", ".join(f"{plain(k, 64)} {n}" for k, n in incident.channels.items()),
        "onset": incident.onset.estimate,
        "opened_at": incident.opened_at,
        "detected_at": incident.detected_at,
        "resolved_at": incident.resolved_at or "",
        "cause": plain(first.cause, _LINE) if first else "",
        "cause_zh": plain(first.cause_zh, _LINE) if first else "",
        "cause_confidence": first.confidence if first else "",
        "rca_status": rca.status,
        "next_steps": "\n".join(plain(step, _LINE) for step in rca.next_steps),
        "changes": "\n".join(
            f"{change.time} {plain(change.summary, _LINE)}" for change in incident.changes
        ),
        "acknowledged_by": plain(acknowledged.by, 64) if acknowledged else "",
        "acknowledged_until": acknowledged.until if acknowledged else "",
        "related_incident_ids": ", ".join(incident.related_incident_ids),
        "head_incident_id": incident.head_incident_id or "",
        "previous_incident_id": incident.previous_incident_id or "",
    }
    return {name: text for name, text in said.items() if text}


def _description(incident: Incident) -> str:
    observed = incident.observed
    lines = [
        f"{observed.count} reports in {observed.window_minutes} min, {observed.expected:g} expected"
        f" ({observed.lift:g} times), {observed.distinct_authors} people."
    ]
    for item in incident.evidence[:_EVIDENCE]:
        lines.append(f"[{plain(item.channel, 64)}] {plain(item.text, _LINE)}")
    return "\n".join(lines)
