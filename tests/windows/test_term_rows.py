import math

import numpy as np
import pytest

from windows.term_rows import LIMIT, UNKNOWN, TermRows


def test_rows_take_and_cosines() -> None:
    table = TermRows()
    rows = table.read([["a", "b"], [], ["b", "c"]])
    assert rows.ids.tolist() == [1, 2, 3, 2, 4]
    assert rows.starts.tolist() == [0, 2, 3, 5]
    assert rows.take(np.array([2, 0])).ids.tolist() == [2, 4, 1, 2]
    assert rows.spread(np.array([7, 8, 9])).tolist() == [7, 7, 8, 9, 9]
    a, b = table.weights[1], table.weights[2]
    query = np.zeros((len(table), 1), np.float32)
    query[[1, 2]] = 1.0
    cosines = rows.cosines(query, np.array([math.sqrt(a + b)], np.float32))[:, 0]
    assert cosines == pytest.approx([1.0, 0.0, b / (a + b)])


def test_rare_terms_weigh_more_in_whole_eighths() -> None:
    table = TermRows()
    table.read([["common", f"rare{i}"] for i in range(20)])
    common, rare = table.weights[1], table.weights[2]
    assert rare > 2 * common
    assert rare == pytest.approx(math.log(1 + 20 / 2), abs=1 / 16)
    assert np.all(table.weights[1:] * 8 == np.rint(table.weights[1:] * 8))


def test_weights_hold_until_the_texts_have_grown_by_a_quarter() -> None:
    table = TermRows()
    table.read([["a"]] * 8)
    before = table.weights[1]
    table.read([["b"]])
    assert (table.reweighed, table.weights[1]) == (False, before)
    table.read([["b"]])
    assert table.reweighed
    assert table.weights[1] > before


def test_a_term_must_be_seen_twice_once_half_of_the_numbers_are_taken() -> None:
    table = TermRows()
    table.read([[f"t{i}" for i in range(LIMIT // 2)]])
    assert table.read([["new"]]).ids.tolist() == [UNKNOWN]
    assert table.read([["new", "newer"]]).ids.tolist() == [LIMIT // 2 + 1, UNKNOWN]


def test_forgets_the_rare_half_when_full() -> None:
    table = TermRows()
    crowd = [f"t{i}" for i in range(LIMIT)]
    table.read([crowd])
    table.read([crowd])
    assert table.full
    table.read([crowd[-1000:]] * 2)
    kept = table.forget()
    assert not table.full
    assert len(kept) == len(table) == LIMIT // 2 + 1
    assert kept[0] == UNKNOWN
    assert table.words()[1:3] == ["t0", "t1"]
    # The last term came when all numbers were taken; the others of the last thousand were frequent.
    assert table.words()[-2:] == [f"t{LIMIT - 3}", f"t{LIMIT - 2}"]
    assert table.read([["t0", f"t{LIMIT - 2}"]]).ids.tolist() == [1, LIMIT // 2]
