import numpy as np
import pytest

from agents.reviews.rises import MIN_DAYS, rises

_DAYS = 28


def test_what_doubled_is_named_with_its_figures() -> None:
    steady, doubled = [100, 104, 96, 100] * 7 + [100], [50, 52, 48, 50] * 7 + [120]
    (found,) = rises([steady, doubled], [10_000] * 29)
    assert (found.row, found.reviews) == (1, 120)
    assert (found.expected, found.rate, found.usual) == (50.0, 12.0, 5.0)
    assert found.lift == pytest.approx(121 / 51)
    # 120 ln(120 / p) + 1400 ln(50 / p), p = 1520 / 29.
    p = 1520 / 29
    assert found.score == pytest.approx(120 * np.log(120 / p) + 1400 * np.log(50 / p))


def test_more_reviews_are_no_rise() -> None:
    totals = [1000] * 28 + [4000]
    assert rises([[20] * 28 + [80]], totals) == []
    (found,) = rises([[20] * 28 + [200]], totals)
    assert (found.expected, found.usual) == (80.0, 20.0)


def test_what_was_never_there_is_named_with_a_lift_that_has_an_end() -> None:
    (found,) = rises([[0] * 28 + [9]], [1000] * 29)
    assert (found.expected, found.lift) == (0.0, 10.0)


@pytest.mark.parametrize("today", [0, 1, 4])
def test_a_few_are_none(today: int) -> None:
    assert rises([[0] * 28 + [today]], [1000] * 29) == []


def test_a_fall_is_no_rise() -> None:
    assert rises([[100] * 28 + [10]], [1000] * 29) == []


def test_what_jumps_about_has_to_jump_higher() -> None:
    calm, wild = [50] * 28 + [110], [5, 95] * 14 + [110]
    assert [one.row for one in rises([calm, wild], [10_000] * 29)] == [0]
    assert [one.row for one in rises([[*wild[:-1], 900]], [10_000] * 29)] == [0]


def test_nights_without_reviews_are_not_counted() -> None:
    counts, totals = [20] * 28 + [60], [1000] * 29
    holes = [0 if n % 2 else 20 for n in range(28)] + [60]
    known = [0 if n % 2 else 1000 for n in range(28)] + [1000]
    (found,), (same,) = rises([holes], known), rises([counts], totals)
    assert (found.expected, found.usual) == (same.expected, same.usual) == (20.0, 20.0)


@pytest.mark.parametrize("days", [0, 1, MIN_DAYS - 1])
def test_a_few_nights_are_nothing_to_compare_with(days: int) -> None:
    assert rises([[1] * days + [500]], [1000] * (days + 1)) == []
    assert rises([[1] * MIN_DAYS + [500]], [1000] * (MIN_DAYS + 1)) != []


@pytest.mark.parametrize("counts", [[], [[]], [[5]], [[0] * 29], [[0] * 28 + [7]]])
def test_empty_days_raise_nothing(counts: list[list[int]]) -> None:
    assert rises(counts, [0] * len(counts[0]) if counts else []) == []


def test_each_row_may_have_totals_of_its_own() -> None:
    counts = [[10] * 28 + [40], [10] * 28 + [40]]
    totals = [[1000] * 28 + [4000], [1000] * 29]
    assert [one.row for one in rises(counts, totals)] == [1]


def test_the_most_surprising_come_first_equal_ones_in_their_order() -> None:
    counts = [[10] * 28 + [n] for n in (40, 90, 40)]
    assert [one.row for one in rises(counts, [1000] * 29)] == [1, 0, 2]


def test_in_a_simulation_few_are_named_that_did_not_rise() -> None:
    """300 things, rates that vary by 15 % a day and 20 % a weekday; seed 7."""
    random = np.random.default_rng(7)
    wrong = right = large = 0
    for _ in range(40):
        rate = 10 ** random.uniform(-4, -1.2, 300)
        weekday = np.tile(random.uniform(0.8, 1.2, (300, 7)), (1, 5))[:, : _DAYS + 1]
        totals = (50_000 * random.uniform(0.8, 1.2, _DAYS + 1)).astype(np.int64)
        varied = random.gamma(1 / 0.15**2, 0.15**2, (300, _DAYS + 1))
        counts = random.poisson(rate[:, None] * weekday * varied * totals)
        wrong += len(rises(counts, totals))
        counts[:50, -1] *= 3
        named = {one.row for one in rises(counts, totals)}
        right += len(named & set(range(50)))
        large += 50
    assert wrong / 40 <= 0.25
    assert right / large >= 0.85
