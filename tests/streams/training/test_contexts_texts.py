import pytest

from agents.models.card import read
from agents.models.contexts import CARD, Context, numbers_of
from agents.records.pack import BUNDLED
from streams.encoders import default_folder, fetch_encoders
from streams.training.contexts_texts import (
    LEFT_OUT,
    Examples,
    Labelled,
    characters,
    labelled,
)
from streams.training.mentions_texts import KINDS

TOLD = [
    Labelled(Context("我有", "高血压", "。"), "own", "a"),
    Labelled(Context("没有", "糖尿病", "。"), "denied", "a"),
    Labelled(Context("他爸", "胃癌", "走的"), "other", "b"),
]


def test_every_round_has_all_mentions_some_with_other_names() -> None:
    numbers = numbers_of("".join(sorted({char for one in TOLD for char in "".join(one.context)})))
    examples = Examples(TOLD * 20, numbers)
    plain = examples.as_written()
    rounds = [examples.of_round(number) for number in (0, 1, 0)]
    assert all([KINDS[one.label] for one in some] == ["own", "denied", "other"] * 20
               for some in (plain, *rounds))  # fmt: skip
    changed = [
        sum(
            list(one.numbers) != list(other.numbers) for one, other in zip(some, plain, strict=True)
        )
        for some in rounds
    ]
    assert 5 < changed[0] < 25
    assert [list(one.numbers) for one in rounds[0]] == [list(one.numbers) for one in rounds[2]]
    assert [list(one.numbers) for one in rounds[0]] != [list(one.numbers) for one in rounds[1]]


def test_it_is_fitted_on_every_kind_and_some_hands_are_left_out() -> None:
    told = labelled()
    assert {one.kind for one in told} == set(KINDS)
    assert set(LEFT_OUT) < {one.hand for one in told}


@pytest.mark.slow
def test_the_vocabulary_is_the_encoders() -> None:
    fetch_encoders(default_folder(), lambda _: None)
    vocabulary, tokens = characters(default_folder() / "zh", labelled())
    assert len(set(vocabulary) ^ set(read(BUNDLED / CARD).vocabulary)) < 50
    assert len(set(tokens)) == len(tokens) == len(vocabulary) + 6


def test_the_card_names_what_it_was_fitted_on() -> None:
    card = read(BUNDLED / CARD)
    files = {one.file for one in card.trained_on}
    assert files
    assert not any(hand in file for hand in LEFT_OUT for file in files)
    assert all(file.endswith("-tune.txt") for file in files)
