from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.values import Values

DAY = 1440


def heard(limit: int, *ids: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    counts = np.zeros(limit, np.float32)
    for number in ids:
        counts[number] += 1
    return counts


def test_a_value_is_an_attribute_and_its_value_and_nothing_is_none() -> None:
    values = Values(8)
    first = values.ids(["os", "region"], ["ios", "CN"])
    assert first == [0, 1]
    assert values.ids(["os", "region"], ["ios", ""]) == [0]
    assert values.ids(["region", "os"], ["ios", "CN"]) == [2, 3]
    assert [values.name(n) for n in first] == [("os", "ios"), ("region", "CN")]


def test_a_free_id_has_no_name() -> None:
    with pytest.raises(KeyError, match="0"):
        Values(8).name(0)


def test_a_full_table_knows_what_it_knows() -> None:
    values = Values(2)
    assert values.ids(["a", "b", "c"], ["1", "2", "3"]) == [0, 1]
    assert values.ids(["c", "b"], ["3", "2"]) == [1]


def test_hostile_values_stay_bounded_and_pass() -> None:
    values = Values(16)
    values.ids(["os"], ["ios"])
    for minute in range(3 * 60):
        found = values.ids(["os"] * 1000, [f"x{minute}-{n}" for n in range(1000)])
        assert all(0 <= number < 16 for number in found)
        assert len(values.state()["ids"]) <= 16
        freed = values.tick(heard(16, 0, *found))
        assert 0 not in freed
        if minute % 60 == 59:
            assert freed.tolist() == list(range(1, 16))
    assert values.ids(["os"], ["ios"]) == [0]
    assert values.ids(["os"], ["android"]) != []


busy_minutes = st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=8)


@settings(max_examples=30, deadline=None)
@given(busy_minutes)
def test_what_is_freed_weighs_less_than_one_event(busy: list[list[int]]) -> None:
    values = Values(6)
    values.ids(["n"] * 6, list("abcdef"))
    used = set(range(6))
    history: list[list[int]] = []
    for group in busy:
        for minute in range(120):
            # One busy minute every two hours.
            history.append(group if minute == 0 else [])
            freed = values.tick(heard(6, *history[-1])).tolist()
            if len(history) % 60:
                assert freed == []
                continue
            weights = {
                n: sum(
                    ids.count(n) * 0.5 ** (ago / DAY) for ago, ids in enumerate(reversed(history))
                )
                for n in used
            }
            gone = sorted(n for n in used if weights[n] < 1 - 1e-9)
            assert freed == gone
            used -= set(gone)


def test_a_reused_id_inherits_no_weight() -> None:
    values = Values(1)
    values.ids(["v"], ["old"])
    values.tick(np.full(1, 1.9, np.float32))
    minutes = 1
    while not values.tick(np.zeros(1, np.float32)).size:
        minutes += 1
    assert 0 < minutes - DAY * np.log2(1.9) < 60
    assert values.ids(["v"], ["new"]) == [0]
    for _ in range(59):
        assert not values.tick(np.zeros(1, np.float32)).size
    assert values.tick(np.full(1, 0.5, np.float32)).tolist() == [0]


def test_a_restored_copy_goes_on_the_same() -> None:
    def days(values: Values, first: int, end: int) -> Iterator[object]:
        for minute in range(first, end):
            found = values.ids(["v", "w"], [str(minute // 50), str(minute % 7)])
            yield found, values.tick(heard(12, *found)).tolist()

    one, two = Values(12), Values(12)
    list(days(one, 0, 500))
    two.restore(one.state())
    assert list(days(two, 500, 1000)) == list(days(one, 500, 1000))
