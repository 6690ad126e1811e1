"""Names of diseases and lesions, when they were so and whose they are."""

import re

import pytest

from agents.records import diagnoses
from agents.records.pack import BUNDLED
from agents.records.terms import Terms
from schemas.records import Diagnosis, FamilyHistory
from tests.agents.records.reading import pack, parsed


def found(text: str) -> list[Diagnosis | FamilyHistory]:
    return sorted(diagnoses.find(parsed(text), pack()), key=lambda one: one.span)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("诊断：高血压病3级 很高危", ["高血压病3级"]),
        ("CKD3b期", ["CKD3b期"]),
        ("慢性阻塞性肺疾病急性加重期", ["慢性阻塞性肺疾病急性加重期"]),
        ("右肺上叶磨玻璃结节", ["右肺上叶磨玻璃结节"]),
        ("双侧颈动脉斑块", ["双侧颈动脉斑块"]),
        ("胆囊内见多发结石", ["多发结石"]),
        ("左侧桡骨远端骨折", ["左侧桡骨远端骨折"]),
        ("结肠癌肝转移", ["结肠癌", "肝转移"]),
        ("糖尿病饮食", []),
        ("肿瘤标志物正常，乙肝疫苗已接种", []),
        ("抗感染治疗，预防接种流感疫苗", []),
        ("诊断：头晕待查", ["头晕待查"]),
        ("现病史：头晕、发热", []),
        ("诊断：头晕", ["头晕"]),
        ("诊断：某某罕见病", ["某某罕见病"]),
        ("服mm 3片 as needed", []),
        ("T2DM，COPD，AF", ["T2DM", "COPD", "AF"]),
        ("CD20阳性", []),
        ("GAD-7 6分", []),
        ("哮喘样发作", []),
        (
            "Left femoral neck fracture, type 2 diabetes",
            ["Left femoral neck fracture", "type 2 diabetes"],
        ),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [one.name for one in found(text)] == names


@pytest.mark.parametrize(
    ("text", "time", "course"),
    [
        ("高血压病史10余年", "2015", "chronic"),
        ("5年前诊断糖尿病", "2020", "chronic"),
        ("2015年脑梗死", "2015", "past"),
        ("脑梗死（2019年）", "2019", "past"),
        ("入院前3天患肺炎", "2025-02-27", "active"),
        ("2个月前患肺炎", "2025-01", "active"),
        ("去年9月患肺炎，已愈", "2024-09", "resolved"),
        ("曾患急性肾炎", "", "past"),
        ("肺炎", "", "active"),
        ("高血压", "", "chronic"),
        ("2023-06-30骨折", "2023-06-30", "past"),
        ("History of stroke in 2019", "2019", "past"),
        ("History of stroke in March 2019.", "2019-03", "past"),
        ("diabetes for 5 years", "2020", "chronic"),
        ("胆总管结石术后", "", "past"),
    ],
)
def test_time_and_course(text: str, time: str, course: str) -> None:
    one = found(text)[0]
    assert isinstance(one, Diagnosis)
    assert (one.time, one.course) == (time, course)


def test_code_and_term() -> None:
    one = found("右肾囊肿")[0]
    assert (one.term, one.code) == ("肾囊肿", "N28.1")
    assert found("出血性肾囊肿")[0].code == ""


def test_family_is_never_the_patients() -> None:
    mine = found("父亲患高血压，母亲死于胃癌。患者有糖尿病")
    assert [(type(one).__name__, one.name) for one in mine] == [
        ("FamilyHistory", "高血压"),
        ("FamilyHistory", "胃癌"),
        ("Diagnosis", "糖尿病"),
    ]


def test_relatives_named_together() -> None:
    both = [one for one in found("妈妈、外婆都有偏头痛") if isinstance(one, FamilyHistory)]
    assert [one.relative for one in both] == ["妈妈", "外婆"]


def test_nobodys_disease_is_none() -> None:
    assert found("邻床患者为流感") == []


@pytest.mark.parametrize(("name", "least"), [("diagnoses", 700), ("diagnoses-english", 500)])
def test_the_table_is_large_and_its_codes_are_codes(name: str, least: int) -> None:
    table = Terms.read((BUNDLED / f"{name}.tsv").read_text("utf-8"), name)
    terms = {table.get(name) for name in table.names}
    assert len(terms) >= least
    assert all(t and re.fullmatch(r"([A-Z]\d\d(\.\d)?)?", t.code) for t in terms)
