from datetime import date

import pytest

from agents.assistant.understanding import days, lasting

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    """
    2026-11-03|11月3日|三月|nov 3|the 3rd of march|in august|上周五|last friday|上个星期|本月
    |last week|this year|去年|最近三天|近两周|last two months|5天前|two days ago|昨晚|刚才
    |last night|this morning|tonight|tomorrow|前日|3号|三号
    """.replace("\n", "").split("|"),
)
def test_every_way_to_name_a_day_is_found(text: str) -> None:
    assert days.find(text.strip(), TODAY)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("三天", 3),
        ("10日", 10),
        ("两周", 14),
        ("一个星期", 7),
        ("两个礼拜", 14),
        ("3个月", 90),
        ("for five days", 5),
        ("for two weeks", 14),
        ("for a month", 30),
    ],
)
def test_every_unit_of_what_lasts_is_found(text: str, count: int) -> None:
    assert lasting.count(text) == count


@pytest.mark.parametrize("text", ["我的余额是多少?", "where is my money", ""])
def test_a_message_without_a_day_names_none(text: str) -> None:
    assert days.find(text, TODAY) == []
    assert lasting.count(text) is None
