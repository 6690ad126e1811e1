from math import isnan

from streams.evaluation.campaigns import Night, Tally, evaluate, judge
from streams.reviews.simulation import Day


def test_a_small_night_is_judged_well() -> None:
    rows = evaluate((2,), quick=True)
    assert [row.goal for row in rows[:6]] == [0.95, 0.9] * 3
    assert rows[0].value >= 0.95
    assert rows[1].value >= 0.85
    assert "exact copies 0." in rows[0].alternative


def test_without_campaigns_nobody_is_suspected() -> None:
    judged = judge(Night(Day(3, 5_000, fake_share=0.0, odd_share=0.05)))
    assert judged.campaigns == Tally()
    assert judged.reviews.wrong <= 2
    assert isnan(judged.reviews.recall)


def test_without_ages_less_is_found_and_nothing_invented() -> None:
    blind, seeing = judge(Night(Day(2, 4_000), ages=False)), judge(Night(Day(2, 4_000)))
    assert blind.reviews.recall <= seeing.reviews.recall
    assert blind.reviews.precision > 0.95
