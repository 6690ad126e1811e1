"""What the place of a mention says of it."""

from __future__ import annotations

import pytest

from agents.records.extraction import Extractor
from agents.records.parsed import Note
from schemas.records import Allergy, Diagnosis, FamilyHistory, Medication, Precaution
from tests.agents.records.reading import rules

EXTRACTOR = Extractor(rules())


def told(text: str) -> dict[str, str]:
    """The diseases that are given as the patient's, and how."""
    items = EXTRACTOR.read(Note(text, "2025-06-10"))
    return {one.name: one.certainty for one in items if isinstance(one, Diagnosis)}


@pytest.mark.parametrize(
    ("text", "name", "certainty"),
    [
        ("高血压 □有 ☑无  糖尿病 ☑有 □无", "高血压", "refuted"),
        ("高血压 □有 ☑无  糖尿病 ☑有 □无", "糖尿病", "confirmed"),
        ("既往史：1无 2高血压√ 3糖尿病 4冠心病", "高血压", "confirmed"),
        ("既往史：1无 2高血压√ 3糖尿病 4冠心病", "糖尿病", None),
        ("脑血管疾病 ①未发现√ ②缺血性卒中 ③脑出血", "脑出血", None),
        ("高血压 ①无√ ②有", "高血压", "refuted"),
        ("高血压 ①无 ②有√", "高血压", "confirmed"),
        ("高血压：1.无□ 2.有☑", "高血压", "confirmed"),
        ("糖尿病 ①√无 ②有", "糖尿病", "refuted"),
        ("□高血压 ☑糖尿病 □冠心病", "高血压", "refuted"),
        ("□高血压 ☑糖尿病 □冠心病", "糖尿病", "confirmed"),
        ("慢阻肺：否 结核：无", "慢阻肺", "refuted"),
        ("(-)脑卒中 (+)痛风", "脑卒中", "refuted"),
        ("高血压——父(+) 母(-)", "高血压", None),
        ("手术风险：颅内感染、癫痫、偏瘫等", "癫痫", "hypothetical"),
        ("麻醉风险告知：1.反流误吸 2.恶性高热 3.谵妄", "恶性高热", "hypothetical"),
        ("术中可能出现心包填塞、恶性心律失常", "恶性心律失常", "hypothetical"),
        ("鉴别诊断：1.肺结核 2.肺癌", "肺结核", "uncertain"),
        ("2.多发性硬化：本例无缓解复发病程，寡克隆带阴性，不符合。", "多发性硬化", "refuted"),
        ("双眼均未见视网膜裂孔", "视网膜裂孔", "refuted"),
        ("回旋支未见明显狭窄", "明显狭窄", "refuted"),
        ("目前不支持双相情感障碍诊断", "双相情感障碍", "refuted"),
        ("送来的时候说是脑出血", "脑出血", "uncertain"),
        ("强迫症的诊断暂不成立", "强迫症", "refuted"),
        ("COPD ruled out by spirometry.", "COPD", "refuted"),
        ("男方弱精子症", "弱精子症", None),
    ],
)
def test_a_disease_that_may_not_be_the_patients_is_not_given_as_theirs(
    text: str, name: str, certainty: str | None
) -> None:
    assert told(text).get(name) == certainty


@pytest.mark.parametrize(
    "text", ["女儿自己也有糖尿病，在用达格列净", "老伴吃阿司匹林和他汀", "隔壁床在用胰岛素"]
)
def test_a_medicine_of_another_person_is_not_the_patients(text: str) -> None:
    items = EXTRACTOR.read(Note(text))
    assert not [one for one in items if isinstance(one, Medication | Diagnosis)]


def test_what_a_reaction_is_laid_to_is_an_allergy_and_no_medicine() -> None:
    items = EXTRACTOR.read(Note("皮疹由拉莫三嗪引起（2024）"))
    assert [one.name for one in items if isinstance(one, Allergy)] == ["拉莫三嗪"]
    assert not [one for one in items if isinstance(one, Medication)]


def test_a_relative_said_in_everyday_words_is_one() -> None:
    items = EXTRACTOR.read(Note("我爸有高血压"))
    assert [(one.relative, one.name) for one in items if isinstance(one, FamilyHistory)] == [
        ("我爸", "高血压")
    ]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("甲状腺结节每年复查B超", 365),
        ("肺结节3个月复查CT", 90),
        ("下周三门诊拍片", 8),
        ("3-6月后回院复查", 90),
        ("14天拆线", 14),
    ],
)
def test_advice_with_its_time_wherever_it_stands(text: str, due: int) -> None:
    items = EXTRACTOR.read(Note(text, "2025-06-10"))
    assert [one.due_days for one in items if isinstance(one, Precaution)] == [due]


@pytest.mark.parametrize(
    "text", ["不能排除肺结核", "2022年也发作过一次", "饮食睡眠可", "每日一次", "阿莫西林终身禁用"]
)
def test_what_is_told_is_no_advice(text: str) -> None:
    items = EXTRACTOR.read(Note(f"清淡饮食，{text}"))
    assert [one.name for one in items if isinstance(one, Precaution)] == ["清淡饮食"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["风险：癫痫、", "□癫痫 ", "癫痫及", "1癫痫√ ", "癫痫(a-", "每3月后"]
)
def test_nothing_in_a_frame_takes_long(piece: str) -> None:
    EXTRACTOR.read(Note(piece * 1500))
