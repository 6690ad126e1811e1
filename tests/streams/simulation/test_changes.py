import json

from schemas.changes import decode_change
from streams.simulation import Scenario
from streams.simulation.changes import plan_changes
from streams.simulation.plans import plan_incidents
from streams.simulation.world import make_world

WORLD = make_world(Scenario(seed=5, hours=48, rate=100))
PLANS = plan_incidents(WORLD)
CHANGES = plan_changes(WORLD, PLANS)
CAUSES = [change for change in CHANGES if change.plan is not None]


def onset_ms(plan: int) -> int:
    return (WORLD.scenario.first_minute + PLANS[plan].onset) * 60_000


def test_causes_come_shortly_before_their_onset_and_concern_its_product_and_slice() -> None:
    assert len(CAUSES) == sum(plan.change_lead_ms is not None for plan in PLANS)
    for change in CAUSES:
        assert change.plan is not None
        plan = PLANS[change.plan]
        assert 60_000 <= onset_ms(change.plan) - change.time_ms <= 600_000
        assert change.product == WORLD.products[plan.product].name
        assert change.service == WORLD.themes[plan.theme].service
        assert change.attributes == (plan.slice or {})


def test_no_other_change_of_the_product_is_nearer_to_the_onset() -> None:
    assert len(CHANGES) > len(CAUSES)
    for cause in CAUSES:
        assert cause.plan is not None
        between = [
            change
            for change in CHANGES
            if change.product == cause.product
            and cause.time_ms <= change.time_ms <= onset_ms(cause.plan)
        ]
        assert between == [cause]


def test_they_are_in_order_and_their_summaries_are_unique() -> None:
    times = [change.time_ms for change in CHANGES]
    assert times == sorted(times)
    assert len({change.summary for change in CHANGES}) == len(CHANGES)
    assert len({change.id for change in CHANGES}) == len(CHANGES)


def test_both_forms_keep_the_contract() -> None:
    change = next(c for c in CHANGES if c.attributes)
    for bare in (True, False):
        line = change.line(bare)
        assert ("payload" in json.loads(line)) is not bare
        decoded = decode_change(line, "changes-0@0", change.time_ms)
        assert decoded.id == change.id
        assert decoded.time_ms == change.time_ms
        assert decoded.summary == change.summary
        assert decoded.product == change.product
        assert decoded.service == change.service
        assert change.attributes.items() <= decoded.attributes.items()
