"""Amounts, days and ages as people read them."""

from datetime import date

import pytest

from agents.assistant.days import age, day, local_day, moment, parsed
from agents.assistant.money import money


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (123450, "CNY", "¥1,234.50"),
        (-5, "CNY", "-¥0.05"),
        (0, "USD", "$0.00"),
        (10**13, "CNY", "¥100,000,000,000.00"),
        (100, "JPY", "JPY 1.00"),
    ],
)
def test_money(minor: int, currency: str, said: str) -> None:
    assert money(minor, currency) == said


def test_a_day_begins_at_the_bank() -> None:
    at = "2026-11-17T16:30:00.000Z"
    assert local_day(at) == date(2026, 11, 18)
    assert moment(at, "zh") == "11月18日 00:30"
    assert moment(at, "en") == "18 Nov, 00:30"
    assert day(date(2026, 1, 2), "en") == "2 Jan"


@pytest.mark.parametrize(
    ("ms", "zh", "en"),
    [
        (0, "1秒", "1 second"),
        (45_000, "45秒", "45 seconds"),
        (60_000, "1分钟", "1 minute"),
        (7_200_000, "2小时", "2 hours"),
        (3 * 86_400_000, "3天", "3 days"),
    ],
)
def test_age(ms: int, zh: str, en: str) -> None:
    assert age(ms, "zh") == zh
    assert age(ms, "en") == en


def test_what_is_no_day() -> None:
    assert parsed("") is None
    assert parsed("soon") is None
    assert parsed("2026-11-18") == date(2026, 11, 18)
