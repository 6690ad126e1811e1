"""A whole note: in order, each thing once, every place inside the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.records.extraction import Extractor
from agents.records.parsed import Note
from schemas.records import Diagnosis, FamilyHistory, Item
from tests.agents.records.reading import pack, rules

NOTE = """主诉：反复头晕3天。
现病史：5年前诊断高血压病，2019年5月因冠心病行冠脉支架植入术。否认糖尿病、肝炎，但有痛风5年。
过敏史：青霉素（过敏性休克）。
家族史：父亲有高血压，母亲胃癌。
诊断：1.高血压病3级 2.冠心病 3.上消化道出血？
处理：低盐饮食；1个月后复查肾功能；如出现脑梗死症状立即就诊。
"""
PIECES = [
    "高血压", "糖尿病", "无", "否认", "父亲", "、", "，", "。", "\n", "？", "（", "）",
    "诊断：", "过敏", "青霉素", "皮疹", "切除术", "胆囊", "2015年", "10年", "复查", "术后",
    "1.", "①", "ﬁ", "Ⅲ期", "３级", "İ", "\u200b", "allergy", "家族史：", "左", "结节",
    "后", "1个月", "如", "考虑", "待排", "𠮷",
]  # fmt: skip


def read(text: str) -> tuple[Item, ...]:
    return Extractor(pack()).read(Note(text, "2025-03-02"))


def test_what_is_measured_is_no_drug() -> None:
    said = read("辅助检查：尿微量白蛋白/肌酐 62mg/g。")
    assert [(type(one).__name__, one.name) for one in said] == [("Result", "尿微量白蛋白/肌酐")]


def test_what_was_operated_on_is_a_disease() -> None:
    found = [one for one in read("直肠癌Dixon术后化疗中。") if isinstance(one, Diagnosis)]
    assert [(one.name, one.course) for one in found] == [("直肠癌", "active")]


def test_no_allergy_is_one_thing() -> None:
    said = read("过敏史：否认药物过敏。")
    assert [(type(one).__name__, one.name) for one in said] == [("Allergy", "")]


def test_a_note() -> None:
    items = Extractor(rules()).read(Note(NOTE, "2025-03-02"))
    said = [(type(one).__name__, one.name, getattr(one, "certainty", "")) for one in items]
    assert said == [
        ("Procedure", "冠脉支架植入术", "confirmed"),
        ("Diagnosis", "糖尿病", "refuted"),
        ("Diagnosis", "肝炎", "refuted"),
        ("Diagnosis", "痛风", "confirmed"),
        ("Allergy", "青霉素", "confirmed"),
        ("FamilyHistory", "高血压", "confirmed"),
        ("FamilyHistory", "胃癌", "confirmed"),
        ("Diagnosis", "高血压病3级", "confirmed"),
        ("Diagnosis", "冠心病", "confirmed"),
        ("Diagnosis", "上消化道出血", "uncertain"),
        ("Precaution", "低盐饮食", ""),
        ("Precaution", "1个月后复查肾功能", ""),
        ("Precaution", "如出现脑梗死症状立即就诊", ""),
        ("Diagnosis", "脑梗死", "hypothetical"),
    ]


def test_what_another_mention_adds() -> None:
    pressure = next(one for one in read(NOTE) if one.name == "高血压病3级")
    assert isinstance(pressure, Diagnosis)
    assert (pressure.time, pressure.course) == ("2020", "chronic")


def test_an_allergys_reaction_is_no_diagnosis() -> None:
    assert not any(isinstance(o, Diagnosis) for o in read("青霉素过敏（过敏性休克）"))


def test_the_same_disease_of_two_persons() -> None:
    kinds = [type(one) for one in read("父亲有高血压，患者高血压10年")]
    assert kinds == [FamilyHistory, Diagnosis]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_every_place_is_in_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    items = read(text)
    assert items == tuple(sorted(items, key=lambda one: (one.span, one.sentence)))
    for one in items:
        assert 0 <= one.sentence.start <= one.span.start < one.span.end <= len(text)
        assert one.name in ("", text[one.span.start : one.span.end])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "2025", "2025-02", "2025-02-28"]))
def test_any_text(text: str, date: str) -> None:
    for one in Extractor(pack()).read(Note(text, date)):
        assert one.span.end <= len(text)


HOSTILE = [
    "无",
    "1",
    "(",
    "）",
    "高血压",
    "否认",
    "、",
    "过敏",
    "复查",
    "青霉素过敏",
    "术",
    "左",
    "\n",
    " ",
    "2015年",
    "如",
    "a",
    "①",
    "父亲高血压，",
    "父亲胃癌",
    "切除术",
    "诊断:糖尿病",
    "糖尿病等、",
    "胆囊切除术、",
    "糖尿病胆囊切除术",
    "父亲胆囊切除术",
    "白蛋白31",
    "嘱。",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.timeout(30)
def test_hostile_texts(piece: str) -> None:
    """By the rules: the second reader reads window by window."""
    text = piece * (200_000 // len(piece))
    Extractor(rules()).read(Note(text, "2025-03-02"))


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.timeout(30)
def test_hostile_texts_by_both_readers(piece: str) -> None:
    read(piece * (20_000 // len(piece)))
