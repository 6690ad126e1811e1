"""Operations, when, and whether they were done."""

import pytest

from agents.records import procedures
from tests.agents.records.reading import pack, parsed

CASES = [
    ("2022年外院切过胸腺瘤", [("切过胸腺瘤", "2022", "confirmed")]),
    ("不小心割了手指", []),
    ("左侧颈清术后第一夜", [("左侧颈清", "", "confirmed")]),
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
    ("术后第3天拔除尿管", [("拔除尿管", "", "confirmed")]),
    ("输尿管支架评估后再定", [("输尿管支架", "", "hypothetical")]),
    ("建议截趾，患者拒绝", [("截趾", "", "refuted")]),
    ("胃镜检查患者因害怕未做", [("胃镜检查", "", "refuted")]),
    ("家属表明不做气管插管", [("气管插管", "", "refuted")]),
    (
        "冠脉搭桥患者要求再考虑，肺穿刺择期",
        [
            ("冠脉搭桥", "", "hypothetical"),
            ("肺穿刺", "", "hypothetical"),
        ],
    ),
    ("若再出血，可考虑脑膜中动脉栓塞", [("脑膜中动脉栓塞", "", "hypothetical")]),
    ("建议：\n胃镜（2025-04-08）：胃窦溃疡", [("胃镜", "2025-04-08", "confirmed")]),
    ("72小时后复查胃镜", []),
    ("勿自行拔管", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_procedures(text: str, expected: list[tuple[str, str, str]]) -> None:
    read = procedures.find(parsed(text), pack())
    assert [(one.name, one.time, one.certainty) for one in read] == expected
