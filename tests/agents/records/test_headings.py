"""Where the sections of a document begin."""

import pytest

from agents.records.errors import BadPack
from agents.records.headings import Headings
from tests.agents.records.reading import pack


def kinds(text: str) -> list[str]:
    return [one.kind for one in pack().headings.sections(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主诉：头晕。\n现病史：三天。", ["complaint", "present"]),
        ("【主诉】头晕【诊断】高血压", ["complaint", "diagnosis"]),
        ("一、主诉：头晕\n二、既往史：无", ["complaint", "past"]),
        ("头晕三天。既往史：无。家族史：无。", ["other", "past", "family"]),
        ("家族史无特殊。", ["family"]),
        ("Chief complaint: cough\nPMH: HTN\nAllergies: NKDA", ["complaint", "past", "allergy"]),
        ("**Assessment:** DM. Plan: metformin", ["diagnosis", "treatment"]),
        ("过敏史（药物）：青霉素", ["allergy"]),
        ("否认药物过敏史。", ["other"]),
        ("高血压病史：10年", ["other"]),
        ("（1）诊断：高血压", ["diagnosis"]),
        ("家族史：父亲高血压【产后并发症】有", ["family", "other"]),
        ("诊断\n高血压", ["diagnosis"]),
        ("", []),
    ],
)
def test_sections(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_bracket_belongs_to_its_heading() -> None:
    text = "头晕。\n 【诊断】：高血压"
    section = pack().headings.sections(text)[-1]
    assert text[section.start : section.body] == "【诊断】："


@pytest.mark.parametrize("content", ["[[", 'strange = ["x"]'])
def test_a_table_that_is_none(content: str) -> None:
    with pytest.raises(BadPack, match="here"):
        Headings.read(content, "here")


@pytest.mark.parametrize("piece", ["无", "1", "（", "【", " ", "\n", "。 ", "史", "过敏", "1."])
@pytest.mark.timeout(30)
def test_long_texts(piece: str) -> None:
    pack().headings.sections(piece * (200_000 // len(piece)))
