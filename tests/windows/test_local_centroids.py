import numpy as np
import pytest

from windows.local_centroids import Centroids
from windows.term_rows import LIMIT, Rows, TermRows

TEXTS = [["a", "b"], ["b", "c"], ["b", "c", "d"], ["e"]]


def learnt(slots: list[int], room: int = 20) -> tuple[Centroids, TermRows, Rows]:
    table = TermRows()
    rows = table.read(TEXTS)
    centroids = Centroids(room)
    centroids.grow(len(table), max(slots) + 1)
    centroids.learn(rows, np.array(slots), table.weights)
    return centroids, table, rows


def words(centroids: Centroids, table: TermRows) -> list[dict[str, float]]:
    found = centroids.heaviest(9, table.weights)
    return [
        {table.words()[row]: n for row, n in zip(rows.tolist(), counts.tolist(), strict=True)}
        for rows, counts in found
    ]


def test_counts_terms_of_texts() -> None:
    centroids, table, _ = learnt([0, 1, 1, 2])
    assert words(centroids, table) == [{"a": 1, "b": 1}, {"b": 2, "c": 2, "d": 1}, {"e": 1}]
    assert centroids.learnt.tolist() == [1, 2, 1]


def test_heaviest_terms_come_first_and_the_rest_is_cut() -> None:
    centroids, table, _ = learnt([0, 0, 0, 1])
    heaviest = centroids.heaviest(2, table.weights)
    assert [[table.words()[row] for row in rows] for rows, _ in heaviest] == [["b", "c"], ["e"]]
    assert heaviest[0][1].tolist() == [3.0, 2.0]


def test_similarities_are_cosines() -> None:
    centroids, table, rows = learnt([0, 1, 2, 3])
    between, asked = centroids.similarities(table.weights), centroids.cosines(rows)
    above = np.triu_indices(4, 1)
    assert between[above] == pytest.approx(asked[above])
    assert np.diag(asked) == pytest.approx(1.0)
    assert between[0, 3] == 0.0


def test_regrouped_is_as_if_learnt_so() -> None:
    centroids, table, rows = learnt([0, 1, 2, 3])
    centroids.regroup(np.array([0, 1, 1, -1]), table.weights)
    assert words(centroids, table) == [{"a": 1, "b": 1}, {"b": 2, "c": 2, "d": 1}]
    assert centroids.learnt.tolist() == [1, 2]
    other, _, _ = learnt([0, 1, 1, 2])
    assert centroids.cosines(rows).tolist() == other.cosines(rows)[:, :2].tolist()
    centroids.grow(len(table), 3)
    centroids.learn(rows.take(np.array([3])), np.array([2]), table.weights)
    assert centroids.cosines(rows).tolist() == other.cosines(rows).tolist()


def test_everything_may_be_dropped() -> None:
    centroids, table, _ = learnt([0, 1, 2, 3])
    centroids.regroup(np.full(4, -1), table.weights)
    assert len(centroids) == 0
    assert centroids.heaviest(9, table.weights) == []


def test_forgotten_terms_count_no_more() -> None:
    centroids, table, rows = learnt([0, 1, 1, 2])
    centroids.forget(np.array([0, 2, 3]), table.weights[[0, 2, 3]])
    found = [r.tolist() for r, _ in centroids.heaviest(9, table.weights[[0, 2, 3]])]
    assert found == [[1], [2, 1], []]
    assert centroids.cosines(rows)[:, 2].tolist() == [0.0] * 4


def test_growing_changes_nothing() -> None:
    centroids, table, _ = learnt([0, 1, 1, 2], room=300)
    before = words(centroids, table)
    centroids.grow(LIMIT, 300)
    assert words(centroids, table) == before + [{}] * 297


def test_new_weights_are_those_of_a_new_table() -> None:
    centroids, table, rows = learnt([0, 0, 1, 1])
    table.read([["a"], ["c"]] * 8)
    centroids.measure(table.weights)
    again = Centroids(20)
    again.grow(len(table), 2)
    again.learn(rows, np.array([0, 0, 1, 1]), table.weights)
    assert centroids.cosines(rows).tolist() == again.cosines(rows).tolist()
