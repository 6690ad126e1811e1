from pathlib import Path

import numpy as np
import pytest

from agents.models.encoder import MODEL, TOKENIZER, Encoder
from agents.models.errors import BadModel
from tests.support.encoders import toy

WORDS = {"?": (1.0, 1.0, 0.0), "card": (3.0, 0.0, 0.0), "lost": (0.0, 4.0, 0.0)}


def test_a_text_is_the_mean_of_its_tokens_at_length_one(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, WORDS))
    assert encoder.dimensions == 3
    found = encoder.vectors(["card lost", "card", "what"])
    assert found.dtype == np.float32
    assert np.allclose(found, [(0.6, 0.8, 0.0), (1.0, 0.0, 0.0), (0.5**0.5, 0.5**0.5, 0.0)])


def test_no_text_changes_what_another_one_means(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, WORDS))
    alone = encoder.vectors(["card lost"])[0]
    assert (encoder.vectors(["lost lost lost lost", "card lost"])[1] == alone).all()


def test_of_a_long_text_the_beginning_is_read(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, WORDS))
    long = encoder.vectors(["card " * 128 + "lost " * 10_000])[0]
    assert np.allclose(long, (1.0, 0.0, 0.0))


def test_a_text_without_a_token_is_no_number_that_spreads(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="no numbers"):
        Encoder(toy(tmp_path, WORDS | {"?": (np.nan, 0.0, 0.0)}))


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
@pytest.mark.parametrize("content", [None, b"", b"\xff nothing"])
def test_what_is_no_encoder_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    toy(tmp_path, WORDS)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadModel, match="no encoder in"):
        Encoder(tmp_path)


def test_a_model_that_wants_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="reads pixels"):
        Encoder(toy(tmp_path, WORDS, inputs="pixels"))
