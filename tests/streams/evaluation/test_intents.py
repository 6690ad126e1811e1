"""The figures of the intents, from what is committed."""

from importlib.resources import files

import pytest

from agents.models.card import read
from streams.evaluation.intents import evaluate_own
from streams.evaluation.slots import evaluate as evaluate_slots


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_card_says_what_is_measured(lang: str) -> None:
    measured = {
        (row.data, row.measure): (round(row.value, 4), row.counted)
        for row in evaluate_own("zh" if lang == "zh" else "en")
    }
    card = read(files("agents.models") / "data" / f"intents-{lang}.json")
    said = {(one.data, one.measure): (one.value, one.counted) for one in card.figures}
    families = {key: value for key, value in said.items() if key[0].endswith(f"test, {lang}")}
    assert len(families) == 6
    assert families.items() <= measured.items()


def test_what_is_sure_is_right() -> None:
    rows = {
        (row.task, row.measure): row.value for lang in ("zh", "en") for row in evaluate_own(lang)
    }
    for task in ("intents-zh", "intents-en"):
        assert rows[task, "accuracy"] > 0.9
        assert rows[task, "accuracy of what is sure"] > 0.97
        assert rows[task, "out of scope and not sure"] > 0.95


def test_every_message_of_the_slots_is_read_as_it_says() -> None:
    (row,) = evaluate_slots()
    assert row.value == 1.0, row.counted
