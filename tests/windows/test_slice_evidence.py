import math

import pytest

from windows.cuboids import Cuboids
from windows.slice_evidence import Forecasts, Measure, Mixes


def measured(evidence: Mixes | Forecasts, *columns: dict[tuple[str, ...], float]) -> Measure:
    return evidence.measure(Cuboids(1, columns).cuboid((0,)))


def test_mixes_take_the_normal_events_out_of_the_excess() -> None:
    usual: dict[tuple[str, ...], float] = {("a",): 19.5, ("b",): 79.5}
    # Half of the 40 events are normal, .2 of them in a: the excess of 20 has 26 - 4 in a.
    found = measured(Mixes(0.5), {("a",): 26.0, ("b",): 14.0}, usual, usual)
    assert found.expected.tolist() == pytest.approx([0.2, 0.8])
    assert found.share.tolist() == pytest.approx([1.0, -0.1])
    assert found.events[0] == pytest.approx(1 / (1 / 20 + 0.03 + 1 / 100))


def test_mixes_expect_what_either_mix_expects() -> None:
    found = measured(
        Mixes(1.0), {("a",): 5.0, ("b",): 5.0}, {("a",): 1, ("b",): 9}, {("a",): 9, ("b",): 1}
    )
    assert found.expected.tolist() == pytest.approx([9.5 / 11, 9.5 / 11])


def columns(
    observed: list[float], expected: list[float], exposure: list[float]
) -> list[dict[tuple[str, ...], float]]:
    squares = [value**2 for value in expected]
    return [
        {(name,): value for name, value in zip("ab", column, strict=True)}
        for column in (observed, expected, exposure, squares)
    ]


def test_forecasts_measure_a_rise_against_expectation_and_exposure() -> None:
    found = measured(Forecasts(1, 10.0, 0.01), *columns([70, 100], [20, 80], [300, 700]))
    mix = 300.5 / 1001
    assert found.expected[0] == pytest.approx(mix)
    assert found.share.tolist() == pytest.approx([50 / 70, 20 / 70])
    inside, outside = 20 * 1.1 + 0.01 * 400, 80 * 1.1 + 0.01 * 6400
    variance = ((1 - mix) / mix * inside + mix / (1 - mix) * outside) / 70**2
    assert found.events[0] == pytest.approx(1 / (1 / 70 + variance + 0.03 + 1 / 1001))


def test_forecasts_measure_a_fall() -> None:
    found = measured(Forecasts(-1, 1.0, 0.0), *columns([5, 75], [40, 80], [40, 80]))
    assert found.share.tolist() == pytest.approx([35 / 40, 5 / 40])


def test_what_falls_elsewhere_makes_no_share_larger_than_all() -> None:
    found = measured(Forecasts(1, 1.0, 0.0), *columns([60, 10], [20, 40], [20, 40]))
    assert found.share[0] == 1.0
    assert found.share[1] < 0
    assert all(map(math.isfinite, found.events))
