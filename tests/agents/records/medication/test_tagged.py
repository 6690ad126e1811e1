"""Drugs that the tag model finds are read as those of the tables are."""

from __future__ import annotations

import pytest

from agents.records import medication
from schemas.records import Medication
from tests.agents.records.reading import judging, said_to_be

TEXT = "血压高,神仙豆5mg每晚一次口服,因咳嗽停用。姨娘吃的圆球。"


def found(said: dict[str, str], taken: float = 0.5) -> list[Medication]:
    return list(medication.find(said_to_be(TEXT, said), judging(taken)))


def test_what_no_table_has_is_found_with_its_dose_and_what_changed() -> None:
    (one,) = found({"神仙豆": "drug"})
    assert (one.name, one.term, one.dose, one.route) == ("神仙豆", "", "5mg", "po")
    assert (one.frequency, one.change, one.reason) == ("qn", "stop", "咳嗽")
    assert found({}) == []


def test_neither_what_is_not_taken_nor_what_is_less_probable() -> None:
    assert found({"圆球": "notdrug"}) == []
    assert found({"神仙豆": "drug"}, taken=2) == []


def test_what_the_tables_have_is_found_once() -> None:
    text = "每天吃二甲双胍0.5g。"
    made = list(medication.find(said_to_be(text, {"二甲双胍": "drug"}), judging()))
    assert [(one.name, one.term, one.dose) for one in made] == [("二甲双胍", "二甲双胍", "0.5g")]


@pytest.mark.parametrize(
    ("said", "count"), [({}, 0), ({"钙片": "drug"}, 1), ({"钙片": "notdrug"}, 0)]
)
def test_a_weak_name_that_the_model_knows_is_believed(said: dict[str, str], count: int) -> None:
    assert len(list(medication.find(said_to_be("说起钙片很久了", said), judging()))) == count
