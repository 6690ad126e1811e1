import pytest

from agents.assistant.wording.purse import MOST_TENANTS, Purse
from agents.assistant.wording.settings import WordingSettings
from agents.llm.errors import BudgetSpent
from agents.llm.settings import Limits, ModelSettings
from schemas.commands import Cost

T0 = 1_763_630_000_000
_DAY = 24 * 3_600_000


def purse(**other: Limits) -> Purse:
    tenant = other.pop("per_tenant", Limits())
    session = other.pop("per_session", Limits())
    model = ModelSettings("http://a/v1", "m", price_in=1.0, price_out=2.0, **other)  # type: ignore[arg-type]
    return Purse(WordingSettings(model, session, tenant))


def test_what_is_held_back_counts_until_it_is_settled() -> None:
    one = purse(per_tenant=Limits(tokens=1_000), per_hour=Limits(), per_day=Limits())
    held = one.reserve("a", Cost(), 500, 300, T0)
    with pytest.raises(BudgetSpent, match="the tokens of this tenant are spent: 1000"):
        one.reserve("a", Cost(), 500, 300, T0)
    one.settle(held, one.cost(100, 50))
    assert one.today("a", T0) == Cost(1, 100, 50, 0.2)
    again = one.reserve("a", Cost(), 500, 300, T0)
    one.settle(again, Cost())
    assert one.today("a", T0).calls == 1


def test_an_hour_a_day_and_a_session() -> None:
    one = purse(per_hour=Limits(calls=1), per_day=Limits(money=5.0))
    one.reserve("a", Cost(), 1_000, 1_000, T0)
    with pytest.raises(BudgetSpent, match="this hour"):
        one.reserve("b", Cost(), 0, 0, T0)
    with pytest.raises(BudgetSpent, match="the money of this day"):
        one.reserve("b", Cost(), 1_000, 1_000, T0 + 3_600_000)
    one.reserve("b", Cost(), 1_000, 1_000, T0 + _DAY)
    assert one.today("a", T0 + _DAY) == Cost()
    with pytest.raises(BudgetSpent, match="this session"):
        purse(per_session=Limits(calls=1)).reserve("a", Cost(1), 0, 0, T0)


def test_what_was_spent_before_the_start_counts_on_its_day() -> None:
    one = purse(per_tenant=Limits(calls=3), per_day=Limits(calls=4))
    one.book("a", Cost(9), T0 - _DAY)
    one.book("a", Cost(2), T0)
    one.book("b", Cost(1), T0)
    one.book("a", Cost(9), T0 - _DAY)
    assert (one.today("a", T0), one.today("b", T0)) == (Cost(2), Cost(1))
    one.reserve("a", Cost(), 0, 0, T0)
    with pytest.raises(BudgetSpent, match="this tenant"):
        one.reserve("a", Cost(), 0, 0, T0)
    with pytest.raises(BudgetSpent, match="this day"):
        one.reserve("b", Cost(), 0, 0, T0)
    one.reserve("a", Cost(), 0, 0, T0 + _DAY)


def test_a_call_that_ends_on_the_next_day_does_not_touch_it() -> None:
    one = purse()
    held = one.reserve("a", Cost(), 500, 300, T0)
    one.reserve("a", Cost(), 1, 1, T0 + _DAY)
    one.settle(held, Cost())
    assert one.today("a", T0 + _DAY).tokens_in == 1


def test_tenants_without_end_share_a_purse() -> None:
    one = purse(per_tenant=Limits(calls=2), per_day=Limits(), per_hour=Limits())
    for n in range(MOST_TENANTS + 1):
        one.reserve(f"t{n}", Cost(), 0, 0, T0)
    # The first entry is that of all tenants together: two of those above share a purse already.
    with pytest.raises(BudgetSpent):
        one.reserve("more", Cost(), 0, 0, T0)
