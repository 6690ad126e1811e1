from itertools import combinations, product

import numpy as np
import pytest

from windows.cuboids import Cuboids, Key
from windows.slice_evidence import Forecasts
from windows.slice_search import Scored, companions, ranked

VALUES = ("a", "b", "c")


def world(*raised: dict[int, str]) -> Cuboids:
    """27 leaves of 10 expected events; those raised have 60 more."""
    leaves = list(product(VALUES, repeat=3))
    expected = dict.fromkeys(leaves, 10.0)
    observed = {
        leaf: 10.0 + 60.0 * any(all(leaf[n] == v for n, v in cause.items()) for cause in raised)
        for leaf in leaves
    }
    squares = dict.fromkeys(leaves, 100.0)
    return Cuboids(3, (observed, expected, expected, squares))


EVIDENCE = Forecasts(1, 10.0, 0.0)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_leads_with_the_slice_that_was_raised(size: int) -> None:
    for axes in combinations(range(3), size):
        cause = dict.fromkeys(axes, "b")
        first = ranked(world(cause), EVIDENCE)[0]
        assert dict(first.key) == cause
        assert first.explained == pytest.approx(1.0)


def test_scores_are_those_of_the_formula() -> None:
    cuboids = world({0: "b", 1: "c"})
    for one in ranked(cuboids, EVIDENCE):
        axes = tuple(axis for axis, _ in one.key)
        cuboid = cuboids.cuboid(axes)
        keys = [cuboids.key(axes, codes) for codes in cuboid.codes]
        measure = EVIDENCE.measure(cuboid)
        place = keys.index(one.key)
        p, q, n = (float(part[place]) for part in measure)
        divergence = p * np.log(p / q) + ((1 - p) * np.log((1 - p) / (1 - q)) if p < 1 else 0.0)
        names = {1: 3 * 3, 2: 3 * 9, 3: 1 * 27}[len(axes)]
        assert one.score == pytest.approx(n * divergence - np.log(names))
        assert p > q


def test_an_attribute_of_one_value_is_in_no_slice() -> None:
    leaves: dict[tuple[str, ...], float] = {("all", "a"): 50.0, ("all", "b"): 10.0}
    expected: dict[tuple[str, ...], float] = {("all", "a"): 10.0, ("all", "b"): 10.0}
    cuboids = Cuboids(2, (leaves, expected, expected, dict.fromkeys(leaves, 100.0)))
    assert {axis for one in ranked(cuboids, EVIDENCE) for axis, _ in one.key} == {1}


def test_companions_break_alike() -> None:
    cuboids = world({0: "a"}, {0: "c"})
    first = ranked(cuboids, EVIDENCE)[0]
    found = companions(cuboids, EVIDENCE, first)
    assert {first.key, *(one.key for one in found)} == {((0, "a"),), ((0, "c"),)}
    # Each has half of the rise and a third of the expected events.
    assert found[0].share == pytest.approx(0.5)
    assert found[0].expected == pytest.approx(1 / 3, abs=0.01)


def test_one_cause_has_no_companions() -> None:
    cuboids = world({0: "a"})
    key: Key = ((0, "a"),)
    assert companions(cuboids, EVIDENCE, Scored(key, 1.0, 0.33, 30.0)) == []
