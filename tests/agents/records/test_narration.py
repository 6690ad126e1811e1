"""Whose a disease is in a note that nobody signs: sex, age and who is named first tell."""

from __future__ import annotations

import pytest

from agents.records.extraction import Extractor
from agents.records.narration import age
from agents.records.parsed import Note
from schemas.records import Diagnosis, FamilyHistory, Sex
from tests.agents.records.reading import rules

DAY = "2025-06-01"
# Sex, year of birth, the patient's disease, what is a relative's, and the note.
TOLD: list[tuple[Sex, str, str, str, str]] = [
    ("male", "1950", "胃溃疡", "", "我爸这几年一直胃不好，查了是胃溃疡，药断断续续地吃。"),
    ("female", "1948", "白内障", "高血压", "我妈两只眼都是白内障，做了一只。我爹高血压，还行。"),
    ("male", "1960", "痛风", "", "汇报一下，我老公痛风又犯了，脚肿得穿不上鞋。"),
    ("male", "2020", "肺炎", "哮喘", "咳了一个礼拜，拍片肺炎，我守着他输液。我自己有哮喘。"),
    ("male", "1970", "胆结石", "糖尿病", "我是他小舅子，他胆结石疼得打滚。我有糖尿病，别记混。"),
    ("female", "1990", "甲减", "痛风", "我有甲减。我老公陪我来的，他也有痛风。"),
    ("male", "1985", "胃炎", "高血压", "我爸有高血压，我没有，我就一个胃炎。"),
    ("unknown", "", "脑梗", "", "我婆婆去年脑梗，这次来康复，走路还行。"),
    ("unknown", "", "哮喘", "青光眼", "外公青光眼，妈妈也有，我自己是哮喘。"),
]
# What is nobody's of the family, or only said to be so, and the note.
NOT_THEIRS = [
    ("肝硬化", "酒友老胡肝硬化没救回来，我就查了个脂肪肝。"),
    ("心肌炎", "12床(本病历)肺炎输液中。13床心肌炎等床。"),
    ("乳腺癌", "村里人逢人就说她得了乳腺癌，其实是纤维腺瘤。"),
    ("哮喘", "当了两年哮喘治，换了三家医院，才晓得是反流。"),
    ("房颤", "慢阻肺√ 房颤× 高血压√"),
    ("糖尿病", "冇糖尿病㗎，血糖年年正常。"),
    ("痛风", "老邻居喝那个治痛风的药酒，我没敢碰。"),
]
STILL_THEIRS = [
    ("房颤", "这房颤不是一天两天了。"),
    ("带状疱疹", "带状疱疹没得说，疼得整夜睡不着。"),
    ("胃炎", "慢性胃炎，不过二十年了，药离不了。"),
]


def read(note: Note) -> tuple[list[str], list[str], list[str]]:
    """Names of the patient's, confirmed; of the family; and all of the patient's."""
    items = Extractor(rules()).read(note)
    mine = [one for one in items if isinstance(one, Diagnosis)]
    return (
        [one.name for one in mine if one.certainty == "confirmed"],
        [one.name for one in items if isinstance(one, FamilyHistory)],
        [one.name for one in mine],
    )


@pytest.mark.parametrize("row", TOLD, ids=lambda row: row[4][:12])
def test_sex_and_age_tell_who_is_the_patient(row: tuple[Sex, str, str, str, str]) -> None:
    sex, birth, own, family, text = row
    sure, theirs, mine = read(Note(text, DAY, sex, birth))
    assert own in sure
    assert own not in theirs
    if family:
        assert family in theirs
        assert family not in mine


@pytest.mark.parametrize(("name", "text"), NOT_THEIRS)
def test_what_others_have_or_only_say_is_not_told(name: str, text: str) -> None:
    assert name not in read(Note(text, DAY, "female", "1960"))[0]


@pytest.mark.parametrize(("name", "text"), STILL_THEIRS)
def test_words_of_denial_that_deny_nothing(name: str, text: str) -> None:
    assert any(one.endswith(name) for one in read(Note(text, DAY, "female", "1960"))[0])


def test_what_a_correction_affirms_is_not_denied() -> None:
    items = Extractor(rules()).read(Note("低血压不是高血压，你们登记反了。", DAY, "female", "1960"))
    said = {one.name: one.certainty for one in items if isinstance(one, Diagnosis)}
    assert said == {"低血压": "confirmed", "高血压": "refuted"}


@pytest.mark.parametrize(("birth", "years"), [("1960-02-01", 65), ("1960", 65), ("", None)])
def test_age_needs_both_dates(birth: str, years: int | None) -> None:
    assert age(Note("", DAY, "female", birth)) == years
    assert age(Note("", "", "female", birth)) is None
