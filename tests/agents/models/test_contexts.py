from pathlib import Path

import msgspec
import numpy as np
import pytest

from agents.models.card import Card, model_bytes, read
from agents.models.contexts import (
    BEFORE,
    BEHIND,
    CARD,
    NAMED,
    SIGNS,
    Context,
    Contexts,
    numbered,
    numbers_of,
)
from agents.models.errors import BadModel
from agents.models.fingerprint import mark
from agents.records.pack import BUNDLED
from tests.support.leaks import assert_room_for_a_mark, key_of

NUMBERS = numbers_of("ab|")
UNSURE = np.asarray([0.3])


@pytest.fixture(scope="module")
def contexts() -> Contexts:
    return Contexts(BUNDLED)


@pytest.fixture(scope="module")
def card() -> Card:
    return read(BUNDLED / CARD)


def denied(contexts: Contexts, before: str, name: str, behind: str, first: float = 0.3) -> float:
    return float(contexts.denied([Context(before, name, behind)], np.asarray([first]))[0])


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("我爸去年查出来的", ",他一直在吃药,我自己没有这个病。"),
        ("查了半天,", "排除了。"),
        ("隔壁床的大爷有", ",我听他说的。"),
        ("他爸有", ",他没有。"),
    ],
)
def test_what_is_denied_or_anothers_is_told(contexts: Contexts, before: str, behind: str) -> None:
    assert denied(contexts, before, "胃癌", behind) > 0.4


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("我自己有", "十年了,一直吃药,我爸倒没有。"),
        ("既往", "病史5年,规律服药。"),
        ("入院诊断:1.", " 2.慢性胃炎"),
    ],
)
def test_what_the_patient_has_is_left(contexts: Contexts, before: str, behind: str) -> None:
    assert denied(contexts, before, "高血压", behind) < 0.15


def test_both_readers_count(contexts: Contexts) -> None:
    told = [denied(contexts, "我有", "高血压", "。", first) for first in (0.1, 0.5, 0.9)]
    assert told == sorted(told)
    assert denied(contexts, "他爸有", "高血压", ",他没有。") > denied(
        contexts, "他有", "高血压", "。"
    )


def test_no_contexts_and_empty_ones(contexts: Contexts) -> None:
    assert contexts.denied([], np.zeros(0)).size == 0
    assert np.isfinite(contexts.denied([Context("", "", "")], UNSURE)).all()


def test_what_stands_beside_changes_nothing(contexts: Contexts) -> None:
    both = [Context("我有", "高血压", "。"), Context("没有", "糖尿病", ",查过了,很正常" * 9)]
    together = contexts.denied(both, np.asarray([0.3, 0.3]))
    assert together[0] == contexts.denied(both[:1], UNSURE)[0]


def test_characters_are_numbered_between_signs_without_spaces() -> None:
    read, place = numbered(Context("a b\n", "b", "?a"), NUMBERS)
    assert list(read) == [2, SIGNS, SIGNS + 1, SIGNS + 2, 4, SIGNS + 1, 5, 1, SIGNS, 3]
    assert read[place] == 4


def test_of_what_is_long_the_nearest_is_read() -> None:
    read, place = numbered(Context("b" + "a" * BEFORE, "a" * 99, "a" * BEHIND + "b"), NUMBERS)
    assert place == 1 + BEFORE
    assert len(read) == BEFORE + NAMED + BEHIND + 4
    assert SIGNS + 1 not in read


def test_a_context_of_any_length_is_read(contexts: Contexts, card: Card) -> None:
    longest = Context("高" * 500, "血" * 500, "压" * 500)
    assert np.isfinite(contexts.denied([longest], UNSURE)).all()
    assert len(set(card.vocabulary)) == len(card.vocabulary) > 4_000


def test_the_file_leaves_room_for_a_fingerprint(card: Card) -> None:
    assert_room_for_a_mark(model_bytes(card, BUNDLED))


def test_a_fingerprint_changes_no_verdict_much(
    tmp_path: Path, contexts: Contexts, card: Card
) -> None:
    (tmp_path / CARD).write_bytes((BUNDLED / CARD).read_bytes())
    (tmp_path / card.file).write_bytes(mark(model_bytes(card, BUNDLED), key_of("a")))
    marked = Contexts(tmp_path)
    for before, behind in (("我有", "。"), ("他爸有", ",他没有。"), ("", "都没有过。")):
        first, second = (denied(one, before, "胃癌", behind) for one in (contexts, marked))
        assert abs(first - second) < 0.05


def test_the_file_is_small(card: Card) -> None:
    assert len(model_bytes(card, BUNDLED)) < 10_000_000


def test_the_card_says_how_it_does_on_hands_left_out(card: Card) -> None:
    assert {one.measure for one in card.figures} == {"AUC before INT8"}
    assert all(one.value > 0.85 for one in card.figures)
    assert card.limits


@pytest.mark.parametrize(
    ("change", "said"),
    [({"task": "lines"}, "not of contexts"), ({"labels": ("a", "b", "c")}, "no label")],
)
def test_another_card_is_refused(
    tmp_path: Path, card: Card, change: dict[str, object], said: str
) -> None:
    (tmp_path / CARD).write_bytes(msgspec.json.encode(msgspec.structs.replace(card, **change)))
    with pytest.raises(BadModel, match=said):
        Contexts(tmp_path)


def test_a_vocabulary_that_is_not_the_models_is_refused(tmp_path: Path, card: Card) -> None:
    longer = msgspec.structs.replace(card, vocabulary="\ue000" * 9_000 + card.vocabulary)
    (tmp_path / CARD).write_bytes(msgspec.json.encode(longer))
    (tmp_path / card.file).write_bytes(model_bytes(card, BUNDLED))
    with pytest.raises(BadModel, match="fails"):
        Contexts(tmp_path)
