import pytest

from agents.records.summary.checks import asked, department
from tests.support.patients import pack


@pytest.mark.parametrize(
    ("order", "tests"),
    [
        ("1个月后复查肌酐、血常规", ["肌酐", "白细胞"]),
        ("Check potassium in 2 weeks", ["血钾"]),
        ("6个月后复查肝脏B超、AFP", ["甲胎蛋白"]),
        ("4周后复查甲功及血压", ["促甲状腺激素", "收缩压"]),
    ],
)
def test_tests_of_an_order(order: str, tests: list[str]) -> None:
    terms = {term for one in asked(order, pack()) for term in one.tests}
    assert set(tests) <= terms


@pytest.mark.parametrize(
    ("order", "said", "other"),
    [
        ("6个月后复查胃镜", "电子胃镜:胃炎", "肠镜:息肉"),
        ("1周后复查心电图", "心电图:窦性心律", "心超:正常"),
        ("半年后复查胸部CT", "ct:右上肺结节", "ECT:肺"),
        ("七天后门诊拆线", "今日拆线", "换药"),
        ("两月后复查肌电图", "肌电图正常", "脑电图正常"),
        ("半年查一次眼底", "眼底未见出血", "糖尿病视网膜病变"),
        ("repeat chest CT in 6 months", "chest ct: stable", "abdominal ct: stable"),
    ],
)
def test_examinations_of_an_order(order: str, said: str, other: str) -> None:
    (one,) = asked(order, pack())
    assert (one.is_in(said), one.is_in(other)) == (True, False)


@pytest.mark.parametrize(
    ("order", "sends"),
    [
        ("2周后复诊", ""),
        ("3个月后复查", ""),
        ("1月后我科复诊", ""),
        ("神经内科随诊", "神经内科"),
        ("每6个月眼科复查", "眼科"),
        ("follow up in 2 weeks", ""),
        ("两周带片子来", ""),
        ("热超3天来院", ""),
    ],
)
def test_no_more_than_a_visit(order: str, sends: str) -> None:
    assert asked(order, pack()) == ()
    assert department(order) == sends
