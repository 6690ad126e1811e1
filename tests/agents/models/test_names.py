from pathlib import Path

import msgspec
import numpy as np
import pytest

from agents.models.card import Card, model_bytes, read
from agents.models.errors import BadModel
from agents.models.names import CARD, Names
from agents.records.pack import BUNDLED
from tests.support.leaks import assert_room_for_a_mark


@pytest.fixture(scope="module")
def card() -> Card:
    return read(BUNDLED / CARD)


def test_each_row_is_judged_by_itself(card: Card) -> None:
    slots = np.random.default_rng(7).integers(0, 1 << card.slot_bits, (20, 70))
    names = Names(BUNDLED)
    found = names.probabilities(slots)
    assert ((found >= 0) & (found <= 1)).all()
    assert np.allclose(found, [names.probabilities(row[None])[0] for row in slots], atol=1e-6)
    assert names.probabilities(slots[:0]).shape == (0,)


def test_the_file_leaves_room_for_a_fingerprint(card: Card) -> None:
    assert_room_for_a_mark(model_bytes(card, BUNDLED))


def test_the_file_is_less_than_a_megabyte(card: Card) -> None:
    assert len(model_bytes(card, BUNDLED)) < 1_000_000


def test_the_card_says_where_it_comes_from_and_how_good_it_is(card: Card) -> None:
    assert all(len(one.sha256) == 64 and one.licence and one.rows for one in card.trained_on)
    assert card.made
    assert card.limits
    assert {one.measure for one in card.figures} == {"recall of names", "removed needlessly"}


def test_a_card_of_another_task_is_refused(tmp_path: Path, card: Card) -> None:
    other = msgspec.structs.replace(card, task="lines")
    (tmp_path / CARD).write_bytes(msgspec.json.encode(other))
    with pytest.raises(BadModel, match="not of names"):
        Names(tmp_path)


def test_another_model_is_refused(tmp_path: Path, card: Card) -> None:
    (tmp_path / CARD).write_bytes(msgspec.json.encode(card))
    (tmp_path / card.file).write_bytes((BUNDLED / "lines.onnx").read_bytes())
    with pytest.raises(BadModel, match="reads"):
        Names(tmp_path)
