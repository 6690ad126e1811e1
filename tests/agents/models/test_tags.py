from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.card import Card, model_bytes, read
from agents.models.errors import BadModel
from agents.models.fingerprint import mark
from agents.models.tags import (
    BEFORE,
    BEHIND,
    CARD,
    GROUPS,
    LABELS,
    READ,
    SIGNS,
    Tagged,
    Tags,
    Window,
    numbered,
    numbers_of,
    windows,
)
from agents.records.pack import BUNDLED
from tests.support.leaks import assert_room_for_a_mark, key_of

NUMBERS = numbers_of("ab|")
TEXT = "高血压6年,我爸有胃癌。头孢曲松一挂就喘。去年切了胆囊。三个月后复查肝功能。"


@pytest.fixture(scope="module")
def tags() -> Tags:
    return Tags(BUNDLED)


@pytest.fixture(scope="module")
def card() -> Card:
    return read(BUNDLED / CARD)


def label(tags: Tags, text: str, name: str, group: str = "disease") -> str:
    start = text.index(name)
    shares = tags.read(text).shares(group, start, start + len(name))
    return max(shares, key=lambda one: shares[one])


@pytest.mark.parametrize(
    ("text", "label_"),
    [
        ("我爸去年查出来的胃癌,他一直在吃药,我自己没有这个病。", "kin"),
        ("查了半天,胃癌排除了。", "no"),
        ("隔壁床的大爷有胃癌,我听他说的。", "other"),
        ("我怕得胃癌,想查个胃镜。", "warn"),
        ("胃癌待排。", "maybe"),
        ("患者3年前患胃癌。", "own"),
    ],
)
def test_whose_a_disease_is_and_whether_so(tags: Tags, text: str, label_: str) -> None:
    assert label(tags, text, "胃癌") == label_


def test_what_a_note_names_is_found(tags: Tags) -> None:
    tagged = tags.read(TEXT)

    def found(group: str) -> list[tuple[str, str]]:
        return [(TEXT[o.start : o.end], o.label) for o in tagged.stretches(group, 0.5)]

    assert found("disease") == [("高血压", "own"), ("胃癌", "kin")]
    assert found("allergy") == [("头孢曲松", "allergic")]
    assert found("procedure") == [("切了胆囊", "done")]
    assert [words for words, _ in found("advice")] == ["三个月后复查肝功能"]


def told(*labels: str, sure: float = 1.0) -> np.ndarray:
    rows = np.zeros((len(labels), len(LABELS)))
    rows[:, [LABELS.index(f"{group}: ") for group in GROUPS]] = 1
    for row, one in zip(rows, labels, strict=True):
        if one:
            row[LABELS.index(f"{one.partition(':')[0]}: ")] = 1 - sure
            row[LABELS.index(one)] = sure
    return rows


def test_clauses_of_advice_that_touch_are_apart() -> None:
    begins, goes_on = "advice: begins", "advice: goes on"
    tagged = Tagged("戒烟戒酒。", told(begins, goes_on, begins, goes_on, ""))
    assert [(o.start, o.end) for o in tagged.stretches("advice", 0.5)] == [(0, 2), (2, 4)]


def test_a_ward_and_who_lies_there_are_apart() -> None:
    ward, name = "identity: ward", "identity: name"
    tagged = Tagged("3床兰英吐", told(ward, ward, name, name, ""))
    found = [(o.start, o.end, o.label) for o in tagged.stretches("identity", 0.5)]
    assert found == [(0, 2, "ward"), (2, 4, "name")]


def test_a_stretch_ends_with_its_line_and_has_no_marks_at_its_edges() -> None:
    labels = ["drug: drug"] * 6
    tagged = Tagged(",甲\n乙、 ", told(*labels))
    assert [(o.start, o.end) for o in tagged.stretches("drug", 0.5)] == [(1, 2), (3, 4)]
    assert list(Tagged(" 、", told(*labels[:2])).stretches("drug", 0.5)) == []


def test_how_probable_and_what() -> None:
    tagged = Tagged("甲乙丙", told("disease: no", "disease: own", "", sure=0.8))
    assert tagged.probable("disease", 0, 2) == pytest.approx(0.8)
    assert tagged.probable("disease", 0, 3) == pytest.approx(1.6 / 3)
    assert tagged.shares("disease", 0, 2)["no"] == pytest.approx(0.5)
    assert list(tagged.stretches("disease", 0.81)) == []


@given(st.text("ab。\n", max_size=900))
def test_windows_are_the_whole_text_in_order(text: str) -> None:
    last = 0
    for one in windows(text):
        assert one.first == last
        assert one.last - one.first <= READ + BEHIND
        assert (one.start, one.end) == (max(0, last - BEFORE), min(len(text), one.last + BEHIND))
        last = one.last
    assert last == len(text)


def test_windows_end_behind_a_sentence_where_one_ends_in_time() -> None:
    text = "好。" * 400
    assert all(text[one.last - 1] == "。" for one in windows(text))
    assert next(windows("好" * 999)).last == READ


def test_characters_are_numbered_between_signs_without_spaces() -> None:
    numbers, places = numbered("xa b\n?", Window(1, 1, 6, 6), NUMBERS)
    assert list(numbers) == [2, SIGNS, SIGNS + 1, SIGNS + 2, 1, 3]
    assert list(places) == [1, 3, 4, 5]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "a" * 5_000, "\U0001f600高血压", " \n" * 300])
def test_any_text_is_read(tags: Tags, text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text)
               for group in GROUPS for one in tags.read(text).stretches(group, 0.0))  # fmt: skip


def test_what_stands_far_behind_changes_nothing(tags: Tags) -> None:
    far = "好。" * READ
    assert tags.read(TEXT + far).probable("disease", 0, 3) == tags.read(
        TEXT + far + "没有。"
    ).probable("disease", 0, 3)


def test_the_file_leaves_room_for_a_fingerprint(card: Card) -> None:
    assert_room_for_a_mark(model_bytes(card, BUNDLED))


def test_a_fingerprint_changes_no_verdict_much(tmp_path: Path, tags: Tags, card: Card) -> None:
    (tmp_path / CARD).write_bytes((BUNDLED / CARD).read_bytes())
    (tmp_path / card.file).write_bytes(mark(model_bytes(card, BUNDLED), key_of("a")))
    first, second = (one.read(TEXT) for one in (tags, Tags(tmp_path)))
    for group in GROUPS:
        for at in range(len(TEXT)):
            assert abs(first.probable(group, at, at + 1) - second.probable(group, at, at + 1)) < 0.1


def test_the_file_is_small(card: Card) -> None:
    assert len(model_bytes(card, BUNDLED)) < 16_200_000


def test_the_card_says_how_it_does_on_hands_left_out(card: Card) -> None:
    assert {one.measure.partition(":")[0] for one in card.figures} == set(GROUPS)
    assert all(one.value > 0.85 for one in card.figures)
    assert card.limits


def changed(card: Card) -> Iterator[tuple[Card, str]]:
    yield msgspec.structs.replace(card, task="lines"), "not of tags"
    yield msgspec.structs.replace(card, labels=("a", "b")), "other labels"


def test_another_card_is_refused(tmp_path: Path, card: Card) -> None:
    for other, said in changed(card):
        (tmp_path / CARD).write_bytes(msgspec.json.encode(other))
        with pytest.raises(BadModel, match=said):
            Tags(tmp_path)


def test_a_vocabulary_that_is_not_the_models_is_refused(tmp_path: Path, card: Card) -> None:
    longer = msgspec.structs.replace(card, vocabulary="\ue000" * 9_000 + card.vocabulary)
    (tmp_path / CARD).write_bytes(msgspec.json.encode(longer))
    (tmp_path / card.file).write_bytes(model_bytes(card, BUNDLED))
    with pytest.raises(BadModel, match="fails"):
        Tags(tmp_path)
