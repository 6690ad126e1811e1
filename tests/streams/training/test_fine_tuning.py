"""Fine-tuning, in a process of its own: `tests/support/small_encoder.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from agents.models.tensors import INT8, tensors
from streams.encoders import default_folder, fetch_encoders
from tests.support.fitted_small import Told
from tests.support.leaks import assert_room_for_a_mark

pytestmark = pytest.mark.slow
LAYERS, WIDTH, STEPS = 2, 32, 8 * 20


def of_its_own(*words: str | Path) -> bytes:
    command = [sys.executable, "-m", "tests.support.small_encoder", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def told() -> Told:
    return msgspec.json.decode(of_its_own(), type=Told)


def test_it_learns_what_the_context_says_and_the_first_weights_do_not(told: Told) -> None:
    fitted, before = told.right
    assert fitted > 0.9
    assert before < 0.6
    assert told.steps == [(step, STEPS) for step in range(1, 1 + STEPS)]


def test_the_same_seed_fits_the_same(told: Told) -> None:
    assert told.again


def test_the_graph_in_int8_says_what_was_fitted(told: Told) -> None:
    said, exact = np.asarray(told.said), np.asarray(told.exact)
    assert np.abs(said - exact).mean() < 0.05
    assert ((said > 0.5) == (exact > 0.5)).mean() > 0.95
    assert np.allclose(said[:, :2].sum(axis=1), 1)
    assert np.allclose(said[:, 2:].sum(axis=1), 1)
    assert told.same_bytes


def test_it_is_in_int8_and_has_room_for_a_mark(told: Told) -> None:
    assert_room_for_a_mark(told.content)
    large = [one for one in tensors(told.content) if one.size >= WIDTH * WIDTH]
    assert {one.name for one in large if one.kind != INT8} == {"positions"}
    assert len(large) == 1 + 6 * LAYERS


def test_a_published_encoders_weights_can_be_read() -> None:
    fetch_encoders(default_folder(), lambda _: None)
    words, positions, *inner = msgspec.json.decode(of_its_own(default_folder() / "zh"))
    assert words == [5, 512]
    assert positions == [144, 512]
    assert inner == [[512, 2048]] * 4
