import pytest

from agents.assistant.knowledge.figures import figures


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("5万元", "¥50,000"),
        ("1.2万", "12,000"),
        ("3千元", "3 thousand"),
        ("年利率0.05%", "0.05% a year"),
        ("10％", "10 percent"),
        ("2026年3月1日", "1 March 2026"),
        ("2026年3月1日", "March 1, 2026"),
        ("3月1日", "the 1st of March"),
        ("9:00到17:00", "9 am to 5 pm"),
        ("9：00", "09:00 am"),
        ("早上9点", "9 a.m."),
        ("热线95868", "call 95868"),
        ("24小时内", "within 24 hours"),
        ("1到3个工作日", "1 to 3 working days"),
        ("1亿元", "¥100 million"),
        ("每年12月结算", "settled every December"),
    ],
)
def test_the_same_in_both_languages(zh: str, en: str) -> None:
    assert figures(zh).keys() == figures(en).keys()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5万元", "¥5,000"),
        ("0.5%", "0.05%"),
        ("10%", "10"),
        ("9:00", "9:30"),
        ("3月1日", "March 2"),
        ("5 pm", "5:00"),
    ],
)
def test_what_differs_differs(one: str, other: str) -> None:
    assert figures(one).keys() != figures(other).keys()


def test_words_are_not_figures() -> None:
    assert figures("三天 three days 一样 second") == {}
