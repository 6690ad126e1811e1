"""Operations, when, and whether they were done."""

import pytest

from agents.records import procedures
from tests.agents.records.reading import pack, parsed

CASES = [
    ("2019年5月行冠脉支架植入术", [("冠脉支架植入术", "2019-05", "confirmed")]),
    ("10年前行腹腔镜下胆囊切除术", [("腹腔镜下胆囊切除术", "2015", "confirmed")]),
    ("拟急诊行腹腔镜阑尾切除术", [("腹腔镜阑尾切除术", "", "hypothetical")]),
    ("建议行胃镜检查", [("胃镜检查", "", "hypothetical")]),
    ("拒绝肠镜检查", [("肠镜检查", "", "refuted")]),
    ("否认手术史", []),
    ("左侧甲状腺全切", [("左侧甲状腺全切", "", "confirmed")]),
    ("胆囊结石切除术", [("胆囊结石切除术", "", "confirmed")]),
    ("维持性血液透析3年", [("维持性血液透析", "2022", "confirmed")]),
    ("剖宫产1次（1995年）", [("剖宫产", "1995", "confirmed")]),
    ("有手术指征，皮下注射胰岛素", []),
    ("母亲行乳腺癌根治术", []),
    ("s/p appendectomy", [("appendectomy", "", "confirmed")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_procedures(text: str, expected: list[tuple[str, str, str]]) -> None:
    read = procedures.find(parsed(text), pack())
    assert [(one.name, one.time, one.certainty) for one in read] == expected
