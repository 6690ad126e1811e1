from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.assistant.wording.figures import figures, plainly


def found(text: str) -> list[tuple[str, str]]:
    return [(one.value, one.unit) for one in figures(plainly(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¥1,234.50", [("1234.5", "CNY")]),
        ("￥１，２３４．５０元", [("1234.5", "CNY")]),
        ("1234.5 yuan, CNY 1234.50, 1234.5元", [("1234.5", "CNY")] * 3),
        ("$20 和 20美元", [("20", "USD")] * 2),
        ("5万元，五万元，1.5万", [("50000", "CNY"), ("50000", "CNY"), ("15000", "")]),
        ("三千五百二十元，两百零五块", [("3520", "CNY"), ("205", "CNY")]),
        ("一亿二千万元", [("120000000", "CNY")]),
        ("-¥50.00", [("-50", "CNY")]),
        ("¥-50.00", [("-50", "CNY")]),
        ("尾号6789，一二三四", [("6789", ""), ("1234", "")]),
        ("0678", [("0678", "")]),
        ("138****1234", [("138****1234", "")]),
        ("2026-11-20 10:30", [("2026-11-20", ""), ("10:30", "")]),
        ("11月21日", [("11", "of_year"), ("21", "day")]),
        ("3个月", [("3", "month")]),
        ("T-20261121-0042, ORD8812", [("t-20261121-0042", ""), ("ord8812", "")]),
        ("within a day, two business days, half", [("1", "day"), ("2", "workday"), ("0.5", "")]),
        ("半小时，三天内，一天", [("0.5", "hour"), ("3", "day"), ("1", "day")]),
        ("5%, 5 percent, 百分之五", [("5", "%")] * 3),
        ("8.8折，两倍", [("8.8", "tenths"), ("2", "times")]),
        ("①号", [("1", "day")]),
        ("٣ days", [("3", "day")]),
        ("一些一下一个万一十分抱歉", []),
        ("a friend, another one of us", []),
    ],
)
def test_however_they_are_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@given(st.text(max_size=300))
def test_any_text_has_figures_or_none(text: str) -> None:
    plain = plainly(text)
    assert [one.at for one in figures(plain)] == sorted(one.at for one in figures(plain))


@given(st.integers(0, 10**9), st.sampled_from(["¥{:,.2f}", "{:.2f}元", "CNY {:,.2f}"]))
def test_no_amount_is_lost(fen: int, form: str) -> None:
    amount = Decimal(fen) / 100
    assert found(form.format(amount)) == [(format(amount.normalize(), "f"), "CNY")]


def test_long_texts_take_no_time() -> None:
    for text in ("a." * 4_000, "1-" * 4_000, "*" * 8_000, "一" * 8_000, "1," * 4_000):
        figures(plainly(text))
