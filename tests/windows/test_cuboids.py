import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.cuboids import Cuboids, counted, shares

LEAVES = [(("7.2", "ios"), 4), (("7.2", "web"), 2), (("7.1", "ios"), 3), (("7.2", ""), 5)]
LEAF = st.tuples(st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["", "x", "y"]))


def sums(cuboids: Cuboids, axes: tuple[int, ...]) -> dict[object, list[float]]:
    cuboid = cuboids.cuboid(axes)
    keys = [cuboids.key(axes, codes) for codes in cuboid.codes]
    return dict(zip(keys, cuboid.inside.tolist(), strict=True))


def test_counts_add_up_per_leaf() -> None:
    assert counted(1, [(("b",), 1), (("a",), 2), (("b",), 3)]) == {("a",): 2.0, ("b",): 4.0}


def test_a_slice_holds_its_events_of_every_kind() -> None:
    cuboids = Cuboids(2, (counted(2, LEAVES), {("7.2", "ios"): 1.0, ("8.0", "ios"): 9.0}))
    assert sums(cuboids, (0,)) == {
        ((0, "7.1"),): [3.0, 0.0],
        ((0, "7.2"),): [11.0, 1.0],
        ((0, "8.0"),): [0.0, 9.0],
    }
    assert sums(cuboids, (0, 1))[(0, "7.2"), (1, "ios")] == [4.0, 1.0]


def test_a_missing_value_belongs_to_no_slice() -> None:
    cuboids = Cuboids(2, (counted(2, LEAVES),))
    assert sums(cuboids, (1,)) == {((1, "ios"),): [7.0], ((1, "web"),): [2.0]}
    assert cuboids.cuboid((1,)).whole.tolist() == [9.0]
    assert cuboids.cuboid((0,)).whole.tolist() == [14.0]


def test_without_a_slice_its_events_are_gone() -> None:
    cuboids = Cuboids(2, (counted(2, LEAVES),))
    left = cuboids.without(((0, "7.2"), (1, "ios")))
    assert left.cuboid((0,)).whole.tolist() == [10.0]
    assert ((0, "7.2"), (1, "ios")) not in sums(left, (0, 1))
    assert cuboids.cuboid((0,)).whole.tolist() == [14.0]


def test_nothing_has_no_slices() -> None:
    assert len(Cuboids(2, ({}, {})).cuboid((0, 1)).codes) == 0


def test_shares_are_never_nothing_or_all() -> None:
    assert shares(np.array([0.0, 9.0]), 9.0).tolist() == [0.05, 0.95]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LEAF, st.integers(1, 9))), st.sampled_from([(0,), (1,), (0, 1)]))
def test_sums_are_those_of_a_loop(
    leaves: list[tuple[tuple[str, ...], int]], axes: tuple[int, ...]
) -> None:
    slow: dict[object, list[float]] = {}
    for values, count in leaves:
        if all(values[axis] for axis in axes):
            total = slow.setdefault(tuple((axis, values[axis]) for axis in axes), [0.0])
            total[0] += count
    assert sums(Cuboids(2, (counted(2, leaves),)), axes) == slow
