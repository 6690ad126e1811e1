from dataclasses import replace

import msgspec
import pytest

from schemas.causes import Hypothesis, Rca
from schemas.incidents import Incident
from streams.evaluation import causes
from streams.evaluation.causes import Causes, score
from streams.evaluation.stream import SETTLED
from streams.simulation import BadScenario, Scenario
from streams.simulation.scoring import Share
from tests.streams.simulation.reports import OTHER_TERMS, injected, reported, truth

REGION = {"region": "CN-31"}
NONE = Share(0, 0)
TINY = Scenario(seed=12, hours=0.5, products=1, rate=40.0, incidents=1)


def explained(incident: Incident, *cited: tuple[str, ...], category: str = "payment") -> Incident:
    """With one hypothesis for each group of ids."""
    said = tuple(Hypothesis("cause", "release", "low", ids) for ids in cited)
    rca = Rca("degraded", "rules", said, ("step",), "reason", ("步骤",), category)
    return msgspec.structs.replace(incident, rca=rca)


def judged(incident: Incident, *, change: str | None = None, sliced: bool = True) -> Causes:
    one = injected(100, attributes=REGION if sliced else None, change=change)
    return score([incident], truth(one))


@pytest.mark.parametrize(
    ("named", "cited", "right"),
    [
        (REGION, (("s1", "e0"),), 1),
        (REGION, (("e0",), ("s1",)), 0),
        (REGION, (), 0),
        ({"region": "CN-44"}, (("s1",),), 0),
    ],
)
def test_the_slice_is_right_and_cited_first(
    named: dict[str, str], cited: tuple[tuple[str, ...], ...], right: int
) -> None:
    found = judged(explained(reported(102, attributes=named), *cited))
    assert found.slice_cited == Share(right, 1)
    assert judged(explained(reported(102), ("e0",)), sliced=False).slice_cited == NONE


@pytest.mark.parametrize(
    ("cited", "right"),
    [
        ((("c0",),), 1),
        ((("e0",), ("c0",)), 1),
        ((("c1",), ("c0",)), 0),
        ((("e0",),), 0),
        ((), 0),
    ],
)
def test_the_first_change_that_is_blamed_is_the_right_one(
    cited: tuple[tuple[str, ...], ...], right: int
) -> None:
    incident = explained(reported(102, changes=("Deploy 1", "Deploy 2")), *cited)
    found = judged(incident, change="Deploy 1")
    assert (found.change_claimed, found.none_invented) == (Share(right, 1), NONE)


@pytest.mark.parametrize(("cited", "right"), [((("e0",),), 1), ((), 1), ((("e0",), ("c0",)), 0)])
def test_where_there_is_no_change_none_is_blamed(
    cited: tuple[tuple[str, ...], ...], right: int
) -> None:
    found = judged(explained(reported(102, changes=("Deploy 1",)), *cited))
    assert (found.none_invented, found.change_claimed) == (Share(right, 1), NONE)


def test_what_cites_nothing_or_what_is_not_there_is_counted_in_every_revision() -> None:
    first = explained(reported(102), ("e0",), (), ("e7",), ("s1",))
    second = explained(reported(102, revision=2, attributes=REGION), ("s1",), ("t1", "e0"))
    assert score([first, second], truth(injected(100))).uncited == Share(4, 6)


def test_category_and_hypotheses_are_counted_of_what_was_found() -> None:
    right = explained(reported(102), ("e0",))
    wrong = explained(reported(302, name="i2", texts=("闪退",)), category="login")
    some = truth(injected(100), injected(300, number=1, terms=OTHER_TERMS))
    found = score([right, wrong], some)
    assert (found.category, found.explained) == (Share(1, 2), Share(1, 2))


def test_incidents_that_are_none_may_blame_a_change_too() -> None:
    false = [
        explained(reported(500, name="a", changes=("Deploy 1",)), ("c0",)),
        explained(reported(700, name="b", changes=("Deploy 1",)), ("e0",)),
    ]
    assert score(false, truth(injected(100))).false_claims == Share(1, 2)


def test_what_was_too_small_to_find_is_not_judged() -> None:
    small = injected(100, attributes=REGION, detectable=False)
    found = score([explained(reported(102, attributes=REGION), ("s1",))], truth(small))
    assert (found.slice_cited, found.explained) == (NONE, NONE)


def test_a_simulation_is_judged_and_repeats() -> None:
    found = causes.judge(TINY)
    assert found == causes.judge(TINY)
    assert found.uncited.right == 0


def test_figures_are_sums_over_seeds_beside_their_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Scenario] = []

    def judge(scenario: Scenario) -> Causes:
        asked.append(scenario)
        n = len(asked)
        return Causes(Share(n, 2), Share(1, 1), Share(0, 0), Share(0, 9), *[Share(1, 2)] * 3)

    monkeypatch.setattr(causes, "judge", judge)
    monkeypatch.setattr("streams.evaluation.side_by_side.cpu_count", lambda: 1)
    rows = causes.evaluate((4, 5))
    assert asked == [replace(SETTLED, seed=seed) for seed in (4, 5)]
    assert [(row.value, row.goal, row.counted) for row in rows[:2]] == [
        (0.75, 0.9, "3 of 4"),
        (1.0, 0.9, "2 of 2"),
    ]
    assert (rows[2].goal, rows[2].counted) == (0.95, "0 of 0")
    assert (rows[3].value, rows[3].goal, rows[3].higher_is_better) == (0.0, 0.0, False)
    assert all(row.goal is None for row in rows[4:])
    assert "seeds 4, 5" in rows[0].data


def test_an_impossible_seed_is_named() -> None:
    with pytest.raises(BadScenario, match="seed"):
        causes.evaluate((2**32,))
