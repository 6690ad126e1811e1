from dataclasses import replace
from typing import Any

import pytest

from agents.incidents.changes import near_changes
from agents.incidents.facts import Facts
from agents.incidents.rules import IncidentRules
from schemas.changes import Change
from schemas.times import MINUTE_MS
from tests.agents.incidents.made import OUTBREAK

ONSET = OUTBREAK.onset_minute
RULES = IncidentRules()


def change(name: str, before: int, **different: Any) -> Change:
    made = Change(name, (ONSET - before) * MINUTE_MS, f"deploy {name}", "wallet")
    return Change(**{**{f: getattr(made, f) for f in made.__struct_fields__}, **different})


def facts(*changes: Change) -> Facts:
    return replace(OUTBREAK, changes=changes)


def ranked(*changes: Change) -> list[str]:
    found = [near.id for near in near_changes(facts(*changes), RULES)]
    assert [near.id for near in near_changes(facts(*changes[::-1]), RULES)] == found
    return found


def test_what_is_said_of_a_change() -> None:
    (near,) = near_changes(facts(change("a", 4)), RULES)
    assert (near.id, near.summary, near.minutes_before_onset) == ("a", "deploy a", 4)
    assert near.time == "2025-02-19T21:12:00.000Z"


@pytest.mark.parametrize(
    ("before", "near"), [(120, True), (121, False), (0, True), (-5, True), (-6, False)]
)
def test_how_far_from_the_onset_a_change_is_near(before: int, near: bool) -> None:
    assert ranked(change("a", before)) == (["a"] if near else [])


def test_the_nearest_comes_first() -> None:
    assert ranked(change("far", 60), change("near", 5), change("nearer", 1)) == [
        "nearer",
        "near",
        "far",
    ]


def test_a_shared_attribute_beats_closeness() -> None:
    same = change("same", 90, attributes={"app_version": "7.2.0"})
    other = change("other", 1, attributes={"app_version": "7.1.0"})
    assert ranked(change("near", 1), same, other) == ["same", "near", "other"]


def test_the_service_of_the_reports_beats_closeness() -> None:
    same = change("same", 40, service="checkout")
    assert ranked(change("near", 1, service="search"), same) == ["same", "near"]


def test_another_product_is_ignored_and_one_for_all_is_not() -> None:
    ours, every = change("ours", 10), change("every", 10, product="")
    assert ranked(change("theirs", 1, product="video"), every, ours) == ["ours", "every"]


def test_ties_go_to_the_lowest_id_and_the_list_is_short() -> None:
    same = [change(f"c{n}", 10) for n in range(9)]
    assert ranked(*same) == ["c0", "c1", "c2", "c3", "c4"]
