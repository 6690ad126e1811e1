"""The rule analyst: hypotheses and next steps from the facts, without any model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.incidents.categories import Category
from agents.incidents.changes import Ranked
from agents.incidents.guesses import (
    Guess,
    of_change,
    of_leading_log,
    of_log,
    of_past,
    of_slice,
    of_surge,
)
from schemas.causes import (
    SLICE_ID,
    Evidence,
    Hypothesis,
    PastIncident,
    Rca,
    RisenTemplate,
    Unaffected,
)
from schemas.incidents import Slice

MOST = 3
MOST_STEPS = 5
_TEXTS = 3
"""Texts that a hypothesis cites, at most."""


@dataclass(frozen=True)
class Case:
    """The facts of an incident that an analyst is given; `place` is its slice."""

    kind: Category
    evidence: Sequence[Evidence]
    place: Slice
    changes: Ranked
    risen: tuple[RisenTemplate, ...] = ()
    unaffected: tuple[Unaffected, ...] = ()
    past: tuple[PastIncident, ...] = ()
    surge: bool = False


def analyse(case: Case) -> Rca:
    """Up to three hypotheses, the best first, and what to do; `degraded`: no model was asked.

    Every hypothesis cites what it rests on, the slice if there is one, and texts.
    """
    guesses = list(_guesses(case))[:MOST]
    shared = () if case.place.abstained else (SLICE_ID,)
    texts = tuple(item.id for item in case.evidence[:_TEXTS])
    hypotheses = tuple(
        Hypothesis(
            guess.cause, guess.category, guess.confidence, (*guess.ids, *shared, *texts), guess.zh
        )
        for guess in guesses
        if guess.ids or shared or texts
    )
    first = [guess.step for guess in guesses if guess.step]
    steps = [*first, *zip(case.kind.steps, case.kind.steps_zh, strict=True)][:MOST_STEPS]
    return Rca(
        "degraded",
        "rules",
        hypotheses,
        tuple(step for step, _ in steps),
        "rules only: no language model asked" if hypotheses else _why_nothing(case),
        tuple(step for _, step in steps),
        case.kind.name,
    )


def _guesses(case: Case) -> Iterator[Guess]:
    """In order of how much they explain."""
    if case.changes.cause:
        yield of_change(case.changes.cause, case.changes.rivals)
    if (past := of_past(case.past)) is not None:
        yield past
    if (leading := of_leading_log(case.risen)) is not None:
        yield leading
    if not case.place.abstained and not case.changes.cause:
        yield of_slice(case.place, case.kind, case.unaffected)
    if leading is None and case.risen:
        yield of_log(case.risen[0])
    if case.surge:
        yield of_surge()


def _why_nothing(case: Case) -> str:
    changes = "none of the changes near it fits" if case.changes.near else "no change was near"
    return (
        f"rules only, and they found nothing: {changes}, no slice explains it,"
        " no log template rose, and no past incident is like it"
    )
