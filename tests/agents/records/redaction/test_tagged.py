"""What the model is less sure of is told apart from what it takes for a name."""

from __future__ import annotations

import numpy as np

from agents.records.pack import Pack
from agents.records.redaction.candidates import Candidates
from agents.records.redaction.removal import Place
from agents.records.redaction.tagged import PERHAPS, Tagged, likely

TABLES = Pack.load().redaction
TEXT = "叫淑芬和建军来，晚晴也到"
MADE = Candidates(
    np.asarray([1, 4, 8, 9]), np.asarray([3, 6, 10, 11]), np.zeros((4, 1), np.int64)
)  # fmt: skip
TAGGED = Tagged(TEXT, MADE, np.asarray([0.9, 0.1, 0.3, PERHAPS / 2]), 0.5, TABLES)


def test_of_those_that_overlap_the_most_probable_is_taken() -> None:
    starts, ends = np.asarray([0, 1, 3, 6, 6]), np.asarray([2, 3, 5, 8, 9])
    made = Candidates(starts, ends, np.zeros((5, 1), np.int64))
    probable = np.asarray([0.6, 0.9, 0.7, 0.3, 0.2])
    assert likely(made, probable, 0.25) == [(1, 3), (3, 5), (6, 8)]
    assert likely(made, probable, 0.95) == []


def test_only_what_is_known_is_taken() -> None:
    assert set(TAGGED.names()) == {Place(1, 3, "name")}


def test_what_is_less_probable_is_perhaps_one() -> None:
    taken = list(TAGGED.names())
    assert list(TAGGED.perhaps(taken)) == [Place(4, 6, "name"), Place(8, 10, "name")]
    assert list(TAGGED.perhaps([*taken, Place(5, 9, "ward")])) == []
