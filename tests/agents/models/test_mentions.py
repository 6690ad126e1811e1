from pathlib import Path

import msgspec
import pytest

from agents.models.card import Card, model_bytes, read
from agents.models.errors import BadModel
from agents.models.fingerprint import mark
from agents.models.mentions import CARD, Mentions
from agents.records.guard import written
from agents.records.pack import BUNDLED
from tests.support.leaks import assert_room_for_a_mark, key_of


@pytest.fixture(scope="module")
def mentions() -> Mentions:
    return Mentions(BUNDLED)


@pytest.fixture(scope="module")
def card() -> Card:
    return read(BUNDLED / CARD)


@pytest.mark.parametrize(
    ("before", "behind"),
    [("", "从来没有过"), ("爸爸得过", ""), ("没查出", ""), ("", "是我姐姐的"), ("隔壁床的", "")],
)
def test_what_is_denied_or_anothers_is_told(
    before: str, behind: str, mentions: Mentions, card: Card
) -> None:
    assert mentions.denied([written(before, behind, "。")])[0] > card.known


@pytest.mark.parametrize(
    ("before", "behind"),
    [("患", "0年"), ("诊断为", ""), ("既往有", "病史"), ("", "控制可"), ("本人有", "")],
)
def test_what_the_patient_has_is_left(
    before: str, behind: str, mentions: Mentions, card: Card
) -> None:
    assert mentions.denied([written(before, behind, "。")])[0] < card.known


def test_no_clauses_and_empty_ones(mentions: Mentions) -> None:
    assert mentions.denied([]).size == 0
    assert mentions.denied(["", "\n", written("", "", "")]).size == 3


def test_the_file_leaves_room_for_a_fingerprint(card: Card) -> None:
    assert_room_for_a_mark(model_bytes(card, BUNDLED))


def test_a_fingerprint_changes_no_verdict_much(tmp_path: Path, card: Card) -> None:
    clauses = [written("", "都没有", "。"), written("患", "0年", ","), written("父亲", "", ",")]
    (tmp_path / CARD).write_bytes((BUNDLED / CARD).read_bytes())
    (tmp_path / card.file).write_bytes(mark(model_bytes(card, BUNDLED), key_of("a")))
    before, after = Mentions(BUNDLED).denied(clauses), Mentions(tmp_path).denied(clauses)
    assert abs(before - after).max() < 0.03


def test_the_file_is_small(card: Card) -> None:
    assert len(model_bytes(card, BUNDLED)) < 500_000


def test_the_card_says_how_it_does_on_each_hand_left_out(card: Card) -> None:
    assert {one.measure for one in card.figures} == {
        "unsafe lines",
        "certainty",
        "confirmed as uncertain",
    }
    assert card.limits


@pytest.mark.parametrize(
    ("change", "said"),
    [({"task": "lines"}, "not of mentions"), ({"labels": ("a", "b", "c")}, "no label")],
)
def test_another_card_is_refused(
    tmp_path: Path, card: Card, change: dict[str, object], said: str
) -> None:
    (tmp_path / CARD).write_bytes(msgspec.json.encode(msgspec.structs.replace(card, **change)))
    with pytest.raises(BadModel, match=said):
        Mentions(tmp_path)
