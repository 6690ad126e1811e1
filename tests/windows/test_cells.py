import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.cells import Cells, RecentCells, TrailingCells

LENGTHS = (2, 5, 9)
NONE = np.zeros(0, np.intp)

Minute = list[tuple[int, int, int]]
minutes = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(1, 9)), max_size=12),
    max_size=25,
)


def columns(minute: Minute) -> Cells:
    values, slots, counts = (np.array([cell[n] for cell in minute], np.intp) for n in range(3))
    return Cells(values, slots, counts.astype(np.float64))


def push(cells: TrailingCells, minute: Minute) -> None:
    cells.push(*columns(minute))


def summed(history: list[Minute], least: int = 1) -> list[tuple[int, int, float]]:
    sums: Counter[tuple[int, int]] = Counter()
    for minute in history:
        for value, slot, count in minute:
            sums[value, slot] += count
    return [(*key, float(count)) for key, count in sorted(sums.items()) if count >= least]


def rows(cells: Cells) -> list[tuple[int, int, float]]:
    return list(zip(*(column.tolist() for column in cells), strict=True))


def assert_sums(cells: TrailingCells, history: list[Minute]) -> None:
    for length in LENGTHS:
        recent = history[-length:]
        for least in (1, 5):
            assert rows(cells.at_least(length, least)) == summed(recent, least)
        for value in range(5):
            total = sum(count for minute in recent for v, _, count in minute if v == value)
            assert cells.of_value(value, length) == total


@settings(max_examples=60)
@given(minutes)
def test_sums_equal_a_count_of_every_window(history: list[Minute]) -> None:
    cells = TrailingCells(LENGTHS)
    for n, minute in enumerate(history):
        push(cells, minute)
        for ago in (0, 3, 8):
            assert rows(cells.ago(ago)) == (summed([history[n - ago]]) if n >= ago else [])
        assert_sums(cells, history[: n + 1])


def test_before_the_first_minute_there_is_nothing() -> None:
    assert_sums(TrailingCells(LENGTHS), [])


@settings(max_examples=40)
@given(minutes, st.integers(0, 1000))
def test_the_order_within_a_minute_does_not_matter(history: list[Minute], seed: int) -> None:
    rng = random.Random(seed)
    one, two = TrailingCells(LENGTHS), TrailingCells(LENGTHS)
    for minute in history:
        push(one, minute)
        push(two, rng.sample(minute, len(minute)))
    for length in LENGTHS:
        assert rows(one.at_least(length, 1)) == rows(two.at_least(length, 1))


@settings(max_examples=40)
@given(minutes, minutes, st.sets(st.integers(0, 5)), st.sets(st.integers(0, 3)))
def test_what_is_forgotten_was_never_there(
    before: list[Minute], after: list[Minute], slots: set[int], values: set[int]
) -> None:
    cells = TrailingCells(LENGTHS)
    for minute in before:
        push(cells, minute)
    cells.forget(np.array(sorted(slots), np.intp), np.array(sorted(values), np.intp))
    history = [
        [cell for cell in minute if cell[0] not in values and cell[1] not in slots]
        for minute in before
    ]
    assert_sums(cells, history)
    for minute in after:
        history.append(minute)
        push(cells, minute)
        assert rows(cells.ago(4)) == summed(history[-5:-4])
        assert_sums(cells, history)


@settings(max_examples=60)
@given(minutes, minutes, st.permutations(range(6)))
def test_merged_slots_were_always_one(
    before: list[Minute], after: list[Minute], order: list[int]
) -> None:
    into, gone = order[:2]
    cells = TrailingCells(LENGTHS)
    for minute in before:
        push(cells, minute)
    cells.merge(into, gone)
    history = [[(v, into if s == gone else s, n) for v, s, n in minute] for minute in before]
    assert_sums(cells, history)
    for minute in after:
        history.append(minute)
        push(cells, minute)
        assert rows(cells.ago(4)) == summed(history[-5:-4])
        assert_sums(cells, history)


@settings(max_examples=40)
@given(minutes, minutes)
def test_a_restored_copy_goes_on_the_same(before: list[Minute], after: list[Minute]) -> None:
    one, two = TrailingCells(LENGTHS), TrailingCells(LENGTHS)
    for minute in before:
        push(one, minute)
    two.restore(one.state())
    history = list(before)
    assert_sums(two, history)
    for minute in after:
        history.append(minute)
        push(one, minute)
        push(two, minute)
        assert rows(two.ago(4)) == rows(one.ago(4))
        assert_sums(two, history)


def test_a_state_is_a_copy() -> None:
    cells = TrailingCells(LENGTHS)
    push(cells, [(1, 2, 3)])
    state = cells.state()
    push(cells, [(1, 2, 3)])
    cells.forget(np.array([2], np.intp), NONE)
    again = TrailingCells(LENGTHS)
    again.restore(state)
    assert rows(again.at_least(2, 1)) == [(1, 2, 3.0)]


def test_large_ids_do_not_run_into_each_other() -> None:
    cells = TrailingCells(LENGTHS)
    far = (1 << 24) - 1
    push(cells, [(0, far, 1), (1, 0, 2), (127, far, 3)])
    assert rows(cells.at_least(2, 1)) == [(0, far, 1.0), (1, 0, 2.0), (127, far, 3.0)]
    assert [cells.of_value(value, 2) for value in (0, 1, 127)] == [1.0, 2.0, 3.0]


def test_only_the_longest_window_takes_room() -> None:
    cells = TrailingCells(LENGTHS)
    for minute in range(200):
        push(cells, [(minute % 4, minute, 1), (minute % 3, 7, 1)])
    assert len(cells.state()) == 9
    assert cells._keys.size <= 2 * 10


@pytest.mark.parametrize("minutes", [1, 4])
def test_recent_cells_give_back_the_minute_that_left(minutes: int) -> None:
    cells = RecentCells(minutes)
    for n in range(10):
        oldest = cells.push(*columns([(1, n, 2), (0, 3, 1), (1, n, 5)]))
        wanted = [(0, 3, 1.0), (1, n - minutes, 7.0)] if n >= minutes else []
        assert rows(oldest) == wanted
        keys, counts = cells.back(minutes - 1)
        assert keys.size == (2 if n >= minutes - 1 else 0)
        assert counts.sum() == (8 if n >= minutes - 1 else 0)
        assert cells.back(minutes)[0].size == 0
