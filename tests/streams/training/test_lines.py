import tomllib
from pathlib import Path

import numpy as np
import pytest

from agents.models.card import Card, read
from agents.models.fingerprint import MOST
from agents.records.pack import BUNDLED
from streams.training import lines as training
from streams.training.lines_graph import STEP, spaced
from streams.training.lines_texts import KINDS, MOULDS, lines


def test_every_kind_has_moulds_and_every_slot_a_filling() -> None:
    told = lines(BUNDLED, each=2, seed=7)
    assert {one.kind for one in told} == set(KINDS)
    assert not [one.text for one in told if "{" in one.text or not one.text]
    assert len({one.family for one in told}) * 2 == len(told)


def test_the_same_seed_gives_the_same_lines_and_another_others() -> None:
    first = lines(BUNDLED, each=1, seed=7)
    assert lines(BUNDLED, each=1, seed=7) == first
    assert lines(BUNDLED, each=1, seed=8) != first


def test_no_mould_stands_twice() -> None:
    kinds = tomllib.loads(MOULDS.read_text("utf-8"))["kinds"]
    for moulds in kinds.values():
        assert len(set(moulds)) == len(moulds)


def test_steps_leave_room() -> None:
    values = np.linspace(-200, 200, 40_001) * STEP
    steps = spaced(values)
    assert not (np.abs(steps) == 1).any()
    assert np.abs(steps).max() == MOST
    inside = np.abs(values) < MOST * STEP
    assert np.abs(steps[inside] - values[inside] / STEP).max() <= 1.01


@pytest.mark.slow
def test_it_is_made_twice_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        card = training.make(tmp_path / name, today="2026-01-01")
        assert card.task == "lines"
    for file in ("lines.onnx", "lines.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    bundled: Card = read(BUNDLED / "lines.json")
    assert bundled.sha256 == read(tmp_path / "a" / "lines.json").sha256
