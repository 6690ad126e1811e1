from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
import pytest

from agents.models.card import read
from agents.models.encoded import EncodedIntents, pooled
from agents.models.encoder import Encoder
from agents.models.errors import BadModel
from tests.support.encoders import toy

DATA = files("agents.models") / "data"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_another_encoder_than_that_of_the_card_is_refused(tmp_path: Path, lang: str) -> None:
    card = read(DATA / f"intents-{lang}-encoded.json")
    with pytest.raises(BadModel, match="made with another encoder"):
        EncodedIntents(card, DATA, Encoder(toy(tmp_path, {"?": (1.0, 0.0)})))


def test_vectors_of_another_size_are_refused(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, {"?": (1.0, 0.0)}))
    card = read(DATA / "intents-en-encoded.json")
    with pytest.raises(BadModel, match="fails"):
        EncodedIntents(msgspec.structs.replace(card, encoder=encoder.sha256), DATA, encoder)


def test_a_model_of_something_else_is_refused(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, {"?": (1.0, 0.0)}))
    with pytest.raises(BadModel, match="reads vectors"):
        EncodedIntents(read(DATA / "intents-en.json"), DATA, encoder)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_readers_know_the_same_labels(lang: str) -> None:
    first, second = (read(DATA / f"intents-{lang}{end}.json") for end in ("", "-encoded"))
    assert first.labels == second.labels
    assert all(weight > 0 for weight in second.weights)


def test_a_pool_is_between_both_and_a_certain_one_wins() -> None:
    first, second = np.asarray([[0.7, 0.2, 0.1]]), np.asarray([[0.1, 0.8, 0.1]])
    both = pooled(first, second, (0.5, 0.5))
    assert both.sum() == pytest.approx(1)
    assert 0.1 < both[0, 0] < 0.7
    assert both[0].argmax() == 1
    assert np.allclose(pooled(first, second, (1.0, 0.0)), first, atol=1e-4)
    certain = np.asarray([[0.0, 0.0, 1.0]])
    assert pooled(certain, second, (0.5, 0.5))[0].argmax() == 2
