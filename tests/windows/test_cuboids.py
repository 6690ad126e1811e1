import pytest

from windows.cuboids import Cuboids, counted

LEAVES = [(("7.2", "ios"), 3), (("7.1", "ios"), 5), (("7.2", ""), 2), (("7.2", "ios"), 1)]


def test_equal_leaves_are_added_and_sorted() -> None:
    assert list(counted(2, LEAVES).items()) == [
        (("7.1", "ios"), 5.0),
        (("7.2", ""), 2.0),
        (("7.2", "ios"), 4.0),
    ]
    with pytest.raises(ValueError, match="needs 3 values"):
        counted(3, LEAVES)


def test_a_missing_value_is_in_no_slice_and_in_no_whole() -> None:
    cuboids = Cuboids(counted(2, LEAVES), [(0,), (1,), (0, 1)])
    version, system, both = ((0, "7.2"),), ((1, "ios"),), ((0, "7.2"), (1, "ios"))
    assert [cuboids.inside(key) for key in (version, system, both)] == [6.0, 9.0, 4.0]
    assert [cuboids.whole(key) for key in (version, system, both)] == [11.0, 9.0, 9.0]
    assert ((1, ""),) not in cuboids.slices()
    assert cuboids.share(both) == 4.5 / 10


def test_values_not_worth_a_slice_still_count_in_the_whole() -> None:
    cuboids = Cuboids(counted(2, LEAVES), [(0,), (0, 1)], {0: ["7.2"], 1: ["ios"]})
    assert set(cuboids.slices()) == {((0, "7.2"),), ((0, "7.2"), (1, "ios"))}
    assert cuboids.whole(((0, "7.2"), (1, "ios"))) == 9.0


def test_a_slice_never_seen_has_a_small_share_and_an_unknown_cuboid_half() -> None:
    cuboids = Cuboids(counted(2, LEAVES), [(1,)])
    assert cuboids.share(((1, "web"),)) == 0.5 / 10
    assert cuboids.share(((0, "7.2"),)) == 0.5
