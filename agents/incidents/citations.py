"""What a hypothesis about an incident may cite, and what is left of one that others wrote."""

import re

import msgspec

from agents.incidents.plain import plain
from schemas.causes import SLICE_ID, Confidence, Hypothesis, Rca
from schemas.incidents import Incident

_CAUSE, _STEP = 300, 200
"""Characters."""
_HYPOTHESES, _STEPS = 3, 5
_CATEGORY = re.compile(r"[a-z][a-z_-]{0,31}")
_STRONG = frozenset(("change", "template", "past"))
"""Without one of them nothing is more than medium sure."""


def citable(incident: Incident) -> frozenset[str]:
    """The ids that a hypothesis about this incident may cite."""
    return frozenset(_kinds(incident))


def _kinds(incident: Incident) -> dict[str, str]:
    kinds = {item.id: "text" for item in incident.evidence}
    kinds |= {change.id: "change" for change in incident.changes}
    kinds |= {template.id: "template" for template in incident.risen}
    kinds |= {past.id: "past" for past in incident.past}
    if not incident.slice.abstained:
        kinds[SLICE_ID] = "slice"
    return kinds


def verified(incident: Incident, said: Rca) -> Rca:
    """What a model said as the incident may show it.

    Hypotheses that cite nothing, or anything that the incident does not have, are dropped;
    confidence is capped by what is cited. If none is left those of the rules stay, with the status
    and the reason of the answer.
    """
    kinds = _kinds(incident)
    kept = [_plain(one, kinds) for one in said.hypotheses if _cites(one, kinds)]
    kept = [one for one in kept if one.cause][:_HYPOTHESES]
    reason = plain(said.reason, _CAUSE) if said.reason else None
    if said.status == "ok" and kept:
        steps, steps_zh = _steps(said.next_steps), _steps(said.next_steps_zh)
        if not steps:
            # Both languages are of one author, or readers would be told different things.
            steps, steps_zh = incident.rca.next_steps, incident.rca.next_steps_zh
        category = incident.rca.category
        return Rca("ok", "model", tuple(kept), steps, reason, steps_zh, category)
    if said.status == "ok":
        reason = f"no hypothesis of the model cites what the incident has{_more(reason)}"
    if incident.rca.source == "model":
        return msgspec.structs.replace(incident.rca, reason=f"asked again{_more(reason)}")
    status = "abstained" if said.status == "ok" else said.status
    return msgspec.structs.replace(incident.rca, status=status, reason=reason)


def _more(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def _cites(hypothesis: Hypothesis, kinds: dict[str, str]) -> bool:
    return bool(hypothesis.evidence_ids) and kinds.keys() >= set(hypothesis.evidence_ids)


def _plain(hypothesis: Hypothesis, kinds: dict[str, str]) -> Hypothesis:
    cited = tuple(dict.fromkeys(hypothesis.evidence_ids))
    category = hypothesis.category if _CATEGORY.fullmatch(hypothesis.category) else "other"
    return Hypothesis(
        plain(hypothesis.cause, _CAUSE),
        category,
        _capped(hypothesis.confidence, {kinds[one] for one in cited}),
        cited,
        plain(hypothesis.cause_zh, _CAUSE),
    )


def _capped(confidence: Confidence, kinds: set[str]) -> Confidence:
    if confidence == "high" and (len(kinds) < 2 or not kinds & _STRONG):
        return "medium"
    return confidence


def _steps(steps: tuple[str, ...]) -> tuple[str, ...]:
    words = (plain(step, _STEP) for step in steps)
    return tuple(step for step in words if step)[:_STEPS]
