from dataclasses import replace

import msgspec
import pytest

from agents.llm.budget import Budget, estimate
from agents.llm.errors import BudgetSpent
from agents.llm.settings import Limits, ModelSettings
from schemas.commands import Cost

_FREE = ModelSettings(
    "http://h/v1", "m", per_incident=Limits(), per_hour=Limits(), per_day=Limits()
)
_HOUR = 3_600_000


def test_nothing_limits_what_has_no_limit() -> None:
    budget = Budget(_FREE)
    for n in range(1_000):
        budget.reserve("a", 10**6, 10**6, n)


def test_without_a_limit_the_thousandth_call_costs_as_much_as_the_first() -> None:
    budget = Budget(_FREE)
    # All that came before added up for each one would take half an hour.
    for n in range(100_000):
        budget.reserve("a", 500, 100, n)


@pytest.mark.parametrize(
    ("limits", "fits", "message"),
    [
        (Limits(calls=2), 2, "the calls of this incident are spent: 2"),
        (Limits(tokens=399), 2, "the tokens of this incident are spent: 399"),
        (Limits(money=0.9), 3, "the money of this incident are spent: 0.9"),
    ],
)
def test_each_limit_of_an_incident(limits: Limits, fits: int, message: str) -> None:
    budget = Budget(replace(_FREE, per_incident=limits, price_in=1.0, price_out=4.0))
    for _ in range(fits):
        budget.reserve("a", 100, 50, 0)
    with pytest.raises(BudgetSpent) as error:
        budget.reserve("a", 100, 50, 0)
    assert str(error.value) == message
    budget.reserve("another", 100, 50, 0)


def test_an_hour_and_a_day_pass() -> None:
    budget = Budget(replace(_FREE, per_hour=Limits(calls=1), per_day=Limits(calls=2)))
    budget.reserve("a", 1, 1, 0)
    with pytest.raises(BudgetSpent, match="this hour"):
        budget.reserve("b", 1, 1, _HOUR - 1)
    budget.reserve("b", 1, 1, _HOUR)
    with pytest.raises(BudgetSpent, match="this day"):
        budget.reserve("c", 1, 1, 2 * _HOUR)
    budget.reserve("c", 1, 1, 24 * _HOUR)


def test_what_was_held_back_and_not_used_is_there_again() -> None:
    budget = Budget(replace(_FREE, per_hour=Limits(tokens=1_000)))
    call = budget.reserve("a", 500, 400, 0)
    with pytest.raises(BudgetSpent):
        budget.reserve("b", 500, 400, 0)
    budget.settle(call, 80, 20)
    other = budget.reserve("b", 500, 400, 0)
    budget.release(other)
    budget.reserve("c", 500, 400, 0)


def test_a_refused_call_is_not_counted() -> None:
    budget = Budget(replace(_FREE, per_hour=Limits(tokens=100)))
    with pytest.raises(BudgetSpent):
        budget.reserve("a", 500, 400, 0)
    budget.reserve("a", 50, 50, 0)


def test_settling_gives_the_price() -> None:
    budget = Budget(replace(_FREE, price_in=2.0, price_out=8.0))
    call = budget.reserve("a", 1_000, 1_000, 0)
    assert call.cost.money == 10.0
    budget.settle(call, 500, 250)
    assert call.cost.money == 3.0


def test_estimates_are_rather_too_high() -> None:
    """One token for two letters or digits, three for two Chinese characters."""
    assert estimate(["a" * 100]) == 58
    assert estimate(["支" * 100]) == 158
    assert estimate(["\ud800"]) == 8


def test_what_was_spent_before_the_start_counts() -> None:
    limits = replace(_FREE, per_incident=Limits(calls=3), per_day=Limits(money=9.0), price_in=1.0)
    budget = Budget(limits)
    budget.book("a", Cost(2, 900, 100, 2.0), 0)
    budget.book("a", Cost(1, 900, 100, 7.0), _HOUR)
    with pytest.raises(BudgetSpent, match="the calls of this incident are spent: 3"):
        budget.reserve("a", 0, 0, _HOUR)
    with pytest.raises(BudgetSpent, match="the money of this day are spent: 9"):
        budget.reserve("b", 1, 0, 24 * _HOUR - 1)
    budget.reserve("b", 2_000, 0, 24 * _HOUR)


def test_a_price_without_bound_is_one_that_can_be_said() -> None:
    cost = Budget(replace(_FREE, price_in=1e300)).reserve("a", 10**9, 1, 0).cost
    assert msgspec.json.decode(msgspec.json.encode(cost), type=Cost) == cost
