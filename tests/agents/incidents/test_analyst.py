from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.incidents.analyst import Case, analyse
from agents.incidents.categories import categories
from agents.incidents.changes import Ranked
from schemas.causes import (
    SLICE_ID,
    Evidence,
    NearChange,
    PastIncident,
    RisenTemplate,
    Unaffected,
)
from tests.agents.incidents.made import NO_SLICE, VERSION

TIME = "2026-11-20T09:14:03.000Z"
EVIDENCE = tuple(
    Evidence(f"e{n}", "app", TIME, "付不了款", f"feedback.app-0@{n}") for n in range(1, 6)
)
NEAR = NearChange("c1", "Deploy checkout 7.2.0", TIME, 4, ("app_version",))
CAUSE = Ranked((NEAR,), NEAR)
LEADING = RisenTemplate("t1", "pool <*> exhausted", 40, 1.5, 6)
WITH_IT = RisenTemplate("t2", "payment refused", 20, 0.5, 0)
PAST = PastIncident("p1", "wallet: 付不了款", TIME, TIME, 0.9, "rolled back")
BARE = Case(categories()["payment"], EVIDENCE, NO_SLICE, Ranked(()))


def causes(case: Case) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.category, one.evidence_ids) for one in analyse(case).hypotheses]


def test_a_change_that_may_be_the_cause_comes_first_and_cites_the_slice() -> None:
    rca = analyse(replace(BARE, place=VERSION, changes=CAUSE))
    assert [(h.category, h.confidence) for h in rca.hypotheses] == [("release", "high")]
    assert rca.hypotheses[0].evidence_ids == ("c1", SLICE_ID, "e1", "e2", "e3")
    assert rca.next_steps[0] == "Review or roll back: Deploy checkout 7.2.0"
    assert (rca.status, rca.source, rca.category) == ("degraded", "rules", "payment")
    assert rca.reason == "rules only: no language model asked"


def test_a_change_that_is_only_near_is_not_claimed() -> None:
    assert causes(replace(BARE, changes=Ranked((NEAR,)))) == []
    (only,) = causes(replace(BARE, place=VERSION, changes=Ranked((NEAR,))))
    assert only == ("payment", (SLICE_ID, "e1", "e2", "e3"))


def test_what_explains_most_comes_first_and_three_are_enough() -> None:
    case = replace(BARE, place=VERSION, risen=(LEADING,), past=(PAST,), surge=True)
    assert [kind for kind, _ in causes(case)] == ["recurrence", "dependency", "payment"]
    case = replace(case, changes=CAUSE)
    assert [kind for kind, _ in causes(case)] == ["release", "recurrence", "dependency"]


def test_a_line_that_rose_with_it_comes_after_the_slice() -> None:
    case = replace(BARE, place=VERSION, risen=(WITH_IT,))
    assert [ids[0] for _, ids in causes(case)] == [SLICE_ID, "t2"]
    case = replace(case, risen=(WITH_IT, LEADING))
    assert [ids[0] for _, ids in causes(case)] == ["t1", SLICE_ID]


def test_a_surge_is_something_outside() -> None:
    (only,) = causes(replace(BARE, surge=True))
    assert only == ("external", ("e1", "e2", "e3"))


def test_who_is_spared_is_said_of_the_slice() -> None:
    spared = (Unaffected("app_version", "7.1.0", 0.0, 0.4),)
    (guess,) = analyse(replace(BARE, place=VERSION, unaffected=spared)).hypotheses
    assert "and not app_version=7.1.0" in guess.cause
    assert "不涉及 app_version=7.1.0" in guess.cause_zh


@pytest.mark.parametrize(
    ("changes", "said"),
    [(Ranked(()), "no change was near"), (Ranked((NEAR,)), "none of the changes near it fits")],
)
def test_with_nothing_it_says_why_and_still_gives_steps(changes: Ranked, said: str) -> None:
    rca = analyse(replace(BARE, changes=changes))
    assert (rca.hypotheses, rca.status) == ((), "degraded")
    assert rca.reason is not None
    assert said in rca.reason
    assert rca.next_steps == categories()["payment"].steps
    assert rca.next_steps_zh == categories()["payment"].steps_zh


def test_what_cites_nothing_is_not_said() -> None:
    rca = analyse(replace(BARE, evidence=(), surge=True))
    assert rca.hypotheses == ()
    assert rca.reason != "rules only: no language model asked"


@given(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(list(categories().values())),
            "evidence": st.sampled_from([(), EVIDENCE[:1], EVIDENCE]),
            "place": st.sampled_from([NO_SLICE, VERSION]),
            "changes": st.sampled_from(
                [Ranked(()), Ranked((NEAR,)), CAUSE, Ranked((NEAR,), NEAR, 2)]
            ),
            "risen": st.sampled_from([(), (WITH_IT,), (LEADING,), (WITH_IT, LEADING)]),
            "unaffected": st.sampled_from([(), (Unaffected("os", "ios", 0.0, 0.5),)]),
            "past": st.sampled_from([(), (PAST,)]),
            "surge": st.booleans(),
        }
    )
)
def test_whatever_the_facts_every_hypothesis_cites_what_is_there(facts: dict[str, Any]) -> None:
    case = Case(**facts)
    rca = analyse(case)
    known = {item.id for item in case.evidence} | {change.id for change in case.changes.near}
    known |= {line.id for line in case.risen} | {past.id for past in case.past}
    if not case.place.abstained:
        known.add(SLICE_ID)
        assert SLICE_ID in rca.hypotheses[0].evidence_ids
    for one in rca.hypotheses:
        assert one.evidence_ids
        assert known.issuperset(one.evidence_ids)
        assert one.cause
        assert one.cause_zh
    assert len(rca.hypotheses) <= 3
    assert 1 <= len(rca.next_steps) == len(rca.next_steps_zh) <= 5
    assert rca.reason
    assert analyse(case) == rca
