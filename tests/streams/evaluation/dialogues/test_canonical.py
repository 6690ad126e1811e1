from datetime import date

import pytest

from streams.evaluation.dialogues.canonical import canonical, holds, lacking

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("余额为 ¥1,234.50。", "1234.50"),
        ("余额为 1234.5 元", "¥1,234.50"),
        ("尾号 ６０２１ 的卡", "尾号6021"),
        ("限额 50,000.00 元", "50000"),
        ("The balance is ¥812.00. It is yours.", "812"),
        ("共 1,240,000 元", "1240000.00"),
        ("It failed: Insufficient FUNDS.", "insufficient funds"),
        ("Your card ending 3345", "3345"),
        ("还款日 11月23日", "{day+3}"),
        ("还款日2026-11-23。", "{day+3}"),
        ("due on 23 November 2026", "{day+3}"),
        ("due on Nov 18", "{day-2}"),
        ("today, November 20", "{day}"),
    ],
)
def test_a_fact_is_found_however_it_is_written(text: str, wanted: str) -> None:
    assert holds(canonical(text), wanted, TODAY)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("15,000 元", "5000"),
        ("50000", "5000"),
        ("500.25", "500"),
        ("1.500", "500"),
        ("a customer", "tom"),
        ("11月23日", "{day+2}"),
        ("2026-11-23", "{day+13}"),
        ("", "0"),
    ],
)
def test_what_only_looks_like_it_is_not(text: str, wanted: str) -> None:
    assert not holds(canonical(text), wanted, TODAY)


def test_of_a_list_any_will_do() -> None:
    text = canonical("余额不足")
    assert not list(lacking(text, [["资金不足", "余额不足"], "余额"], TODAY))
    assert list(lacking(text, [["资金", "没钱"], "余额", "5000"], TODAY)) == ["资金 | 没钱", "5000"]
