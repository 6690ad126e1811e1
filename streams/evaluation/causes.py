"""What the rule analyst says of simulated incidents: the slice, the change, and nothing made up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from agents.incidents.citations import citable
from schemas.causes import SLICE_ID, Hypothesis
from schemas.incidents import Incident
from streams.evaluation.rehearsal import rehearse
from streams.evaluation.row import Row
from streams.evaluation.side_by_side import side_by_side
from streams.evaluation.stream import QUICK, QUICK_SEEDS, SETTLED
from streams.simulation import simulate
from streams.simulation.matching import Reported, match, reported_incidents
from streams.simulation.scenario import Scenario
from streams.simulation.scoring import Share, is_slice
from streams.simulation.truth import InjectedIncident, Truth

TASK = "causes"
SEEDS = tuple(range(920, 930))
"""Chose no parameter."""


class Causes(NamedTuple):
    """Of one simulation, about detectable incidents that were found, by what was said of them
    within ten minutes.

    `slice_cited`: the slice is right and the first hypothesis cites it, of those that have one;
    `change_claimed`: the first change that a hypothesis cites is the right one, of those that have
    one; `none_invented`: no hypothesis cites a change, of those that have none; `category`: it is
    that of the theme. `uncited`: hypotheses that cite nothing or what is not there, of all in all
    revisions; `false_claims`: incidents that fit nothing and blame a change.
    """

    slice_cited: Share
    change_claimed: Share
    none_invented: Share
    uncited: Share
    category: Share
    explained: Share
    false_claims: Share


def evaluate(
    seeds: Sequence[int] | None = None,
    *,
    quick: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Figures beside their goals. `quick` is a smaller scenario. Raises BadScenario, Stopped."""
    seeds = tuple(seeds or (QUICK_SEEDS if quick else SEEDS))
    scenario = QUICK if quick else SETTLED
    jobs = [replace(scenario, seed=seed) for seed in seeds]
    judged = list(side_by_side(TASK, judge, jobs, report))
    data = (
        f"{scenario.history_days} d of history, {scenario.hours:g} h scored,"
        f" {scenario.products} products, seeds {', '.join(map(str, seeds))}"
    )
    return _rows(data, judged)


def judge(scenario: Scenario) -> Causes:
    """Simulate, run and score one scenario."""
    simulation = simulate(scenario)
    return score(rehearse(simulation).revisions, simulation.truth)


def score(revisions: Sequence[Incident], truth: Truth) -> Causes:
    """Score all revisions of all incidents of a run."""
    matches = match(reported_incidents(revisions), truth)
    hits = [(truth.incidents[n], r) for n, r in sorted(matches.found.items())]
    hits = [(injected, reported) for injected, reported in hits if injected.detectable]
    said = [(one, h) for one in revisions for h in one.rca.hypotheses]
    return Causes(
        _share(_cites_slice(t, r) for t, r in hits if t.slice is not None),
        _share(_claims(t, r) for t, r in hits if t.change is not None),
        _share(not _blamed(r.judged) for t, r in hits if t.change is None),
        _share(not _is_cited(one, hypothesis) for one, hypothesis in said),
        _share(r.judged.rca.category == t.category for t, r in hits),
        _share(bool(r.judged.rca.hypotheses) for _, r in hits),
        _share(bool(_blamed(r.judged)) for r in matches.rest),
    )


def _share(right: Iterable[bool]) -> Share:
    each = list(right)
    return Share(sum(each), len(each))


def _cites_slice(injected: InjectedIncident, reported: Reported) -> bool:
    first = reported.judged.rca.hypotheses[:1]
    return is_slice(injected, reported, 1) and any(SLICE_ID in one.evidence_ids for one in first)


def _claims(injected: InjectedIncident, reported: Reported) -> bool:
    blamed = _blamed(reported.judged)
    return bool(injected.change and blamed and blamed[0] == injected.change.summary)


def _blamed(incident: Incident) -> list[str]:
    """Summaries of the changes that hypotheses cite, in their order."""
    changes = {change.id: change.summary for change in incident.changes}
    cited = (name for one in incident.rca.hypotheses for name in one.evidence_ids)
    return [changes[name] for name in cited if name in changes]


def _is_cited(incident: Incident, hypothesis: Hypothesis) -> bool:
    return bool(hypothesis.evidence_ids) and citable(incident) >= set(hypothesis.evidence_ids)


def _rows(data: str, judged: Sequence[Causes]) -> list[Row]:
    def row(
        measure: str, shares: Iterable[Share], goal: float | None = None, higher: bool = True
    ) -> Row:
        parts = list(shares)
        right, of = sum(part.right for part in parts), sum(part.of for part in parts)
        value = right / of if of else float("nan")
        return Row(TASK, data, measure, value, goal, higher, "", f"{right} of {of}")

    return [
        row("right slice, cited in the first hypothesis", (c.slice_cited for c in judged), 0.90),
        row("right change claimed", (c.change_claimed for c in judged), 0.90),
        row("none claimed where there is none", (c.none_invented for c in judged), 0.95),
        row("hypotheses without valid evidence", (c.uncited for c in judged), 0.0, False),
        row("category right", (c.category for c in judged)),
        row("incidents with a hypothesis", (c.explained for c in judged)),
        row("false incidents that blame a change", (c.false_claims for c in judged), None, False),
    ]
