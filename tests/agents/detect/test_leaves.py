import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect import leaves as module
from agents.detect.leaves import LeafPool
from windows.tally import OTHER


def test_equal_leaves_have_one_number() -> None:
    pool = LeafPool()
    assert [pool["app", "ios"], pool["web", "ios"], pool["app", "ios"]] == [0, 1, 0]
    assert pool.leaf(1) == ("web", "ios")


def test_numbers_of_forgotten_leaves_are_given_again() -> None:
    pool = LeafPool()
    for value in "abcd":
        assert pool[(value,)] == "abcd".index(value)
    pool.keep(iter([False, True, False, True]))
    with pytest.raises(KeyError):
        pool.leaf(2)
    assert [pool[(value,)] for value in "xdyz"] == [0, 3, 2, 4]


def test_beyond_the_limit_leaves_are_lumped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 2)
    pool = LeafPool()
    assert [pool["a", "x"], pool["b", "x"], pool["c", "x"], pool["d", "x"]] == [0, 1, 2, 2]
    assert pool.full
    assert pool.leaf(2) == (OTHER, OTHER)
    assert pool["a", "x"] == 0
    pool.keep(iter([True, False, False]))
    assert pool["c", "x"] == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("ab中", max_size=2), max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.lists(st.text("ab中", max_size=2), max_size=8),
)
def test_a_restored_pool_numbers_alike(first: list[str], used: list[bool], then: list[str]) -> None:
    pool, restored = LeafPool(), LeafPool()
    for value in first:
        pool[(value,)]
    pool.keep(iter(used))
    restored.restore([leaf if leaf is None else list(leaf) for leaf in pool.state()])
    assert [restored[(value,)] for value in then] == [pool[(value,)] for value in then]
    assert restored.state() == pool.state()
