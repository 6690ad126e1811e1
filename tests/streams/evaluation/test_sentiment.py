from collections import Counter
from pathlib import Path

import pytest

from agents.models.sentiment import Sentiments
from streams.evaluation.sentiment import evaluate, own, sentences


def test_the_set_is_split_and_no_text_is_in_both_parts() -> None:
    dev, test = sentences("dev"), sentences("test")
    assert not {one.text for one in dev} & {one.text for one in test}
    counts = Counter(one.lang for one in dev + test)
    assert counts["zh"] >= 200
    assert counts["en"] >= 100


def test_other_goods_are_understood() -> None:
    """On the half that chose the settings: the other half is for reports."""
    figures = {(row.data[-2:], row.measure): row.value for row in own(Sentiments.load(), "dev")}
    assert figures["zh", "accuracy of sides"] > 0.85
    assert figures["en", "accuracy of sides"] > 0.85
    assert figures["zh", "taken for the opposite"] < 0.08


def test_without_data_our_own_sentences_are_left() -> None:
    assert {row.data[:3] for row in evaluate(None)} == {"own"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "chnsenticorp").mkdir()
    (tmp_path / "chnsenticorp/train.tsv").write_text("label\ttext\n1\t很好。\n0\t很差\n")
    (tmp_path / "chnsenticorp/dev.tsv").write_text("label\ttext\n1\t很好！\n0\t太差劲了\n1\t垃圾\n")
    return tmp_path


def test_twins_of_training_texts_are_told_apart(data: Path) -> None:
    rows = {row.measure: row for row in evaluate(data) if row.data == "ChnSentiCorp dev"}
    assert rows["accuracy"].counted == "2 of 3"
    assert rows["accuracy, not alike any of train"].counted == "1 of 2"
    assert rows["accuracy, alike one of train"].counted == "1 of 1"
    assert rows["accuracy"].goal == 0.94
