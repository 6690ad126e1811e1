import hashlib
from collections import Counter
from pathlib import Path

import pytest

from agents.reviews.attributes.finding import Attributes
from agents.reviews.attributes.taxonomy import read_taxonomy
from streams.evaluation.attributes import (
    GOAL,
    Counts,
    Labelled,
    NoLabelledReviews,
    count,
    evaluate,
    own_set,
    read,
)


def test_the_own_set_is_what_the_goal_asks_for() -> None:
    reviews = list(own_set())
    langs = Counter(one.lang for one in reviews)
    assert langs["zh"] >= 500
    assert langs["en"] >= 200
    assert sum(not one.aspects for one in reviews) >= 30
    assert len({one.text for one in reviews}) == len(reviews)


def test_the_split_is_that_of_the_texts_hash() -> None:
    for one in own_set():
        if one.split == "fresh":
            continue
        even = hashlib.sha256(one.text.encode()).digest()[0] % 2 == 0
        assert one.split == ("dev" if even else "test")


def test_labels_are_attributes_of_the_taxonomy() -> None:
    known = {one.id for one in read_taxonomy().attributes}
    assert {name for one in own_set() for name, _ in one.aspects} <= known


def test_the_goal_is_met_on_the_half_that_chose_nothing() -> None:
    rows = evaluate(None)
    test = [row for row in rows if row.measure == "micro-F1" and row.goal == GOAL]
    assert len(test) == 3
    assert all(row.value >= GOAL for row in test)


def test_the_set_by_another_hand_is_a_report() -> None:
    fresh = [row for row in evaluate(None) if row.data.startswith("fresh set, by another hand")]
    assert {row.measure for row in fresh} >= {"micro-F1", "precision", "recall"}
    assert all(row.goal is None for row in fresh)


def test_quick_leaves_the_test_half_alone() -> None:
    assert all("dev" in row.data for row in evaluate(None, quick=True))


def test_pairs_are_counted() -> None:
    reviews = [
        Labelled("物流快，质量差", "zh", frozenset({("logistics", "positive")}), ""),
        Labelled("尺码偏小", "zh", frozenset({("size", "positive"), ("price", "negative")}), ""),
    ]
    counts = count(Attributes(read_taxonomy()), reviews)
    assert counts == Counts(right=1, found=3, labelled=3)
    assert counts.f1 == pytest.approx(1 / 3)
    assert Counts(0, 0, 0).f1 != Counts(0, 0, 0).f1


def test_other_labelled_reviews_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "theirs.jsonl"
    file.write_text('{"text": "物流快", "lang": "zh", "aspects": [["logistics", "positive"]]}\n')
    rows = evaluate(file)
    assert [row.value for row in rows if row.measure == "micro-F1"] == [1.0, 1.0]
    assert {row.data for row in rows} == {"theirs", "theirs, Chinese"}


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "x"}', '{"text": "x", "lang": "zh", "aspects": [3]}']
)
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(NoLabelledReviews, match=r"bad\.jsonl, line 1 is not"):
        read(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoLabelledReviews, match=r"cannot read .*gone"):
        read(tmp_path / "gone")
    (tmp_path / "latin").write_bytes(b"\xff")
    with pytest.raises(NoLabelledReviews, match="not UTF-8"):
        read(tmp_path / "latin")
