from dataclasses import replace
from typing import Any

import pytest

from agents.incidents.changes import near_changes
from agents.incidents.facts import Facts
from agents.incidents.rules import IncidentRules
from schemas.changes import Change
from schemas.times import MINUTE_MS
from tests.agents.incidents.made import NO_SLICE, OUTBREAK

ONSET = OUTBREAK.onset_minute
RULES = IncidentRules()
NAMES = ("app_version", "os")
ANYWHERE = {"slice": NO_SLICE}


def change(name: str, before: int, **different: Any) -> Change:
    made = Change(name, (ONSET - before) * MINUTE_MS, f"deploy {name}", "wallet")
    return Change(**{**{f: getattr(made, f) for f in made.__struct_fields__}, **different})


def facts(*changes: Change, **different: Any) -> Facts:
    return replace(OUTBREAK, changes=changes, names=NAMES, **different)


def ranked(*changes: Change) -> list[str]:
    found = [near.id for near in near_changes(facts(*changes), RULES).near]
    assert [near.id for near in near_changes(facts(*changes[::-1]), RULES).near] == found
    return found


def claimed(*changes: Change, **different: Any) -> str | None:
    cause = near_changes(facts(*changes, **different), RULES).cause
    return cause.id if cause else None


def test_what_is_said_of_a_change() -> None:
    (near,) = near_changes(facts(change("a", 4)), RULES).near
    assert (near.id, near.summary, near.minutes_before_onset) == ("a", "deploy a", 4)
    assert near.time == "2025-02-19T21:12:00.000Z"
    assert near.fits == ()


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


def test_what_fits_is_named() -> None:
    same = change("a", 4, service="checkout", attributes={"app_version": "7.2.0", "build": "9"})
    assert near_changes(facts(same), RULES).near[0].fits == ("app_version", "service")


@pytest.mark.parametrize(
    ("summary", "named"),
    [
        ("checkout 7.2.0 is out", True),
        ("rolled out v7.2.0", True),
        ("release/7.2.0", True),
        ("7.2.0.", True),
        ("checkout 17.2.0", False),
        ("checkout 7.2.01", False),
        ("checkout 7.2.0.1", False),
        ("checkout 1.7.2.0", False),
        ("checkout 7x2x0", False),
    ],
)
def test_a_summary_may_name_the_slice(summary: str, named: bool) -> None:
    (near,) = near_changes(facts(change("a", 4, summary=summary)), RULES).near
    assert near.fits == (("app_version",) if named else ())


def test_what_other_readers_got_comes_after_what_all_got() -> None:
    other = change("other", 3, attributes={"os": "ios"})
    assert ranked(change("all", 8), other) == ["all", "other"]


@pytest.mark.parametrize(
    ("attributes", "before", "convincing"),
    [
        ({"app_version": "7.2.0"}, 0, True),
        ({"app_version": "7.2.0", "os": "ios"}, 30, True),
        ({"app_version": "7.2.0"}, 31, False),
        ({"app_version": "7.2.0"}, -1, False),
        ({"app_version": "7.1.0"}, 4, False),
        ({"os": "ios"}, 4, False),
    ],
)
def test_a_targeted_change_is_claimed_if_it_shares_the_slice(
    attributes: dict[str, str], before: int, convincing: bool
) -> None:
    told = change("a", before, service="checkout", attributes=attributes)
    assert claimed(told) == ("a" if convincing else None)


@pytest.mark.parametrize(
    ("service", "before", "different", "convincing"),
    [
        ("checkout", 15, {}, True),
        ("checkout", 16, {}, False),
        ("search", 1, {}, False),
        ("checkout", 30, ANYWHERE, True),
        ("checkout", 31, ANYWHERE, False),
        ("search", 1, ANYWHERE, False),
        ("", 15, ANYWHERE, True),
        ("search", 15, {**ANYWHERE, "services": {"": 40}}, True),
        ("search", 16, {**ANYWHERE, "services": {"": 40}}, False),
        ("search", 5, {**ANYWHERE, "services": {"": 36, "checkout": 4}}, True),
        ("search", 5, {**ANYWHERE, "services": {"": 30, "checkout": 10}}, False),
        ("search", 5, {"services": {"": 40}}, False),
    ],
)
def test_a_change_for_all_is_claimed_by_its_service_and_time(
    service: str, before: int, different: dict[str, Any], convincing: bool
) -> None:
    told = change("a", before, service=service)
    assert claimed(told, **different) == ("a" if convincing else None)


def test_what_is_no_attribute_of_events_limits_a_change_to_nobody() -> None:
    details = {"product": "wallet", "service": "checkout", "build": "77"}
    told = change("a", 4, service="checkout", attributes=details)
    assert claimed(told, **ANYWHERE) == "a"


def test_the_best_of_several_is_claimed_and_the_others_are_counted() -> None:
    near, far = (change(f"c{n}", n, service="checkout") for n in (3, 12))
    other = change("other", 1, service="search")
    found = near_changes(facts(far, near, other, **ANYWHERE), RULES)
    assert found.cause == found.near[0]
    assert (found.near[0].id, found.rivals) == ("c3", 1)


def test_nothing_near_is_nothing_claimed() -> None:
    assert near_changes(facts(), RULES) == ((), None, 0)
