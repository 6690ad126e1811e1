"""Clauses of advice and when they are due."""

import pytest

from agents.records import precautions
from agents.records.due import due_days, until
from tests.agents.records.reading import pack, parsed

CASES = [
    ("血压136/84。莫吃西柚。", ["莫吃西柚"]),
    ("切忌吹冷风，后天再来扎。", ["切忌吹冷风", "后天再来扎"]),
    (
        "医嘱：1.低盐低脂饮食，戒烟；2.1个月后复查血脂。",
        ["低盐低脂饮食", "戒烟", "1个月后复查血脂"],
    ),
    ("医嘱：如出现胸痛、气促，及时就诊", ["如出现胸痛、气促，及时就诊"]),
    ("建议：①清淡饮食②定期监测血压", ["清淡饮食", "定期监测血压"]),
    ("医嘱：阿司匹林100mg qd", []),
    ("嘱其卧床休息，两周后复诊", ["卧床休息", "两周后复诊"]),
    ("现病史：1个月前复查血脂升高", []),
    ("门诊病历\n主诉：头晕3天", []),
    ("门诊病历 2026-03-01\n主诉：头晕3天", []),
    ("建议：低盐饮食\n\n门诊随访记录\n血压平稳", ["低盐饮食"]),
    (
        "医嘱：黑便呕血即刻来，每周测血压3次，一月后增强CT",
        ["黑便呕血即刻来", "每周测血压3次", "一月后增强CT"],
    ),
    ("医嘱：告知粒缺风险：出现发热、咽痛立即停药查血常规", ["出现发热、咽痛立即停药查血常规"]),
    ("现病史：2023年TIA一次，复查肌钙蛋白I 0.02ng/ml", []),
    ("既往别嘌醇过敏。\n2019年剖宫产1次。\n警惕脑卒中。", []),
    ("医嘱：避孕至少一年半？", []),
    ("Plan: bloods in 2 weeks, avoid alcohol", ["bloods in 2 weeks", "avoid alcohol"]),
    ("Plan: low-salt diet, follow up in 2 weeks", ["low-salt diet", "follow up in 2 weeks"]),
    # A line's own head goes before the section that it stands in.
    ("过敏史：青霉素\n出院嘱：忌酒；药与饭同服", ["忌酒", "药与饭同服"]),
    ("既往史：高血压。嘱其勿自行停药；4周后复诊", ["勿自行停药", "4周后复诊"]),
    # Most of a line is advice, so that the rest is too.
    (
        "浴室铺防滑垫，夜间开小灯，避免劳累，每天测血压",
        [
            "浴室铺防滑垫",
            "夜间开小灯",
            "避免劳累",
            "每天测血压",
        ],
    ),
    ("主任：明早拍片", ["明早拍片"]),
    ("术后第5天拔除尿管，排尿通畅", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_clauses(text: str, expected: list[str]) -> None:
    assert [one.name for one in precautions.find(parsed(text), pack())] == expected


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("1个月后复查", 30),
        ("两周后复诊", 14),
        ("半年后复查B超", 180),
        ("3-6个月复查", 90),
        ("每3个月复查HbA1c", 90),
        ("10天后门诊拆线", 10),
        ("1年后复查", 365),
        ("下周门诊", 7),
        ("48小时后复查HCG", 2),
        ("六周以后回来查甲功", 42),
        ("follow up in 2 weeks", 14),
        ("出院后1、3、6、12个月门诊随访", 30),
        ("4周、12周查HIV", 28),
        ("明早复测眼压", 1),
        ("每年钼靶", 365),
        ("每7天维护一次", 7),
        ("INR每两周一次", 14),
        ("第3天再来打针", 3),
        ("七剂后复诊", 7),
        ("下次3个月", 90),
        ("术后6-8周回院造影拔管", None),
        ("停药4周后复查呼气试验", None),
        ("3个月内禁同房、盆浴", None),
        ("隔日换药", None),
        ("每周2次血常规", None),
        ("24小时后可洗澡", None),
        ("家庭氧疗1-2L/min每日15小时以上", None),
        ("低盐饮食", None),
        ("每日监测血压", None),
        ("不适随诊", None),
    ],
)
def test_due(words: str, days: int | None) -> None:
    assert due_days(words) == days


def test_a_date_is_counted_from_the_note() -> None:
    note = parsed("医嘱：3月9日复查血常规", date="2025-03-02")
    assert [one.due_days for one in precautions.find(note, pack())] == [7]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("下周一复诊", 1),
        ("周五复查片子", 5),
        ("下月3日复查电解质", 32),
        ("下个月十四号再来", 43),
        ("家庭氧疗1-2L/min", None),
    ],
)
def test_a_day_is_counted_from_the_note(words: str, days: int | None) -> None:
    """From a Sunday."""
    assert until("2025-03-02", words) == days
