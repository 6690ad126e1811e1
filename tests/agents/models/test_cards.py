"""The committed models and what stands beside them."""

from importlib.resources import files
from pathlib import Path

import pytest

from agents.assistant.understanding.understander import MODELS as INTENTS
from agents.models.card import Card, model_bytes, read
from agents.models.sentiment import MODELS as SENTIMENT

FOLDER = files("agents.models") / "data"
MODELS = (*SENTIMENT, *INTENTS)


@pytest.fixture(params=MODELS)
def card(request: pytest.FixtureRequest) -> Card:
    return read(FOLDER / f"{request.param}.json")


def test_the_file_is_the_one_the_card_describes(card: Card) -> None:
    assert model_bytes(card, FOLDER)


def test_a_card_says_where_it_comes_from_and_how_good_it_is(card: Card) -> None:
    assert all(len(one.sha256) == 64 and one.licence and one.rows for one in card.trained_on)
    assert card.trained_on
    assert card.seed
    assert card.made
    assert card.made_with
    assert card.limits
    assert [one for one in card.figures if one.goal]


def test_all_models_stay_small() -> None:
    assert sum(len(model_bytes(read(FOLDER / f"{name}.json"), FOLDER)) for name in MODELS) < 8 << 20


def test_the_data_is_named_in_the_notice(card: Card) -> None:
    notice = (Path(__file__).parents[3] / "NOTICE").read_text()
    assert card.name in notice
    for source in card.trained_on:
        assert source.name.split()[0].rstrip(",") in notice


def test_the_models_of_intents_stay_small() -> None:
    sizes = [len(model_bytes(read(FOLDER / f"{name}.json"), FOLDER)) for name in INTENTS]
    assert sum(sizes) <= 3_000_000
