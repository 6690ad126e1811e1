from itertools import combinations

from streams.simulation import Scenario
from streams.simulation.plans import DURATIONS, SIZES, plan_incidents
from streams.simulation.themes import Kind
from streams.simulation.world import make_world

SCENARIO = Scenario(seed=5, hours=48, rate=100)
WORLD = make_world(SCENARIO)
PLANS = plan_incidents(WORLD)


def test_sizes_durations_slices_and_changes_are_mixed_as_promised() -> None:
    assert len(PLANS) > 50
    assert {plan.size for plan in PLANS} == set(SIZES)
    assert {plan.duration for plan in PLANS} == set(DURATIONS)
    sliced = sum(plan.slice is not None for plan in PLANS) / len(PLANS)
    changed = sum(plan.change_lead_ms is not None for plan in PLANS) / len(PLANS)
    assert 0.6 < sliced < 0.8
    assert 0.65 < changed < 0.85
    new = sum(WORLD.themes[plan.theme].rhythm.rate == 0 for plan in PLANS)
    assert 0 < new < len(PLANS) / 2


def test_incidents_lie_in_the_run_apart_from_each_other_and_from_surges() -> None:
    for plan in PLANS:
        assert plan.onset >= SCENARIO.quiet_until
        assert plan.end < SCENARIO.minutes
        assert WORLD.themes[plan.theme].kind is Kind.PROBLEM
        for surge in WORLD.surges:
            if surge.product == plan.product:
                assert plan.end <= surge.start or surge.end <= plan.onset
    for one, two in combinations(PLANS, 2):
        if one.product == two.product:
            assert abs(one.onset - two.onset) >= 20
        if one.theme == two.theme:
            assert one.end <= two.onset or two.end <= one.onset


def test_more_incidents_than_there_is_room_for_are_left_out() -> None:
    crowded = Scenario(seed=5, hours=1, products=1, rate=100, incidents=50)
    assert 1 <= len(plan_incidents(make_world(crowded))) < 50
