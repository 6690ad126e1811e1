from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from streams.reviews.day import zone_of
from streams.reviews.sources.times import BadTime, Times, wall

SHANGHAI = zone_of("Asia/Shanghai")
MS = 1_795_050_843_000
"""2026-11-19 09:14:03 in Shanghai."""


@pytest.mark.parametrize(
    "value",
    [
        1_795_050_843,
        1_795_050_843.0,
        Decimal("1795050843"),
        MS,
        MS * 1_000,
        MS * 1_000_000,
        "1795050843",
        "1795050843000",
        " 1795050843000.7 ",
        str(MS * 1_000_000),
        b"2026-11-19 09:14:03",
        datetime(2026, 11, 19, 9, 14, 3),
        datetime(2026, 11, 19, 1, 14, 3, tzinfo=UTC),
        "2026-11-19T01:14:03Z",
        "2026-11-18T20:14:03-05:00",
        "2026-11-19 09:14:03 +0800",
        "2026-11-19 01:14:03 UTC",
        "2026-11-19 1:14:03Z",
        "2026/11/19 01:14:03 GMT",
        "2026-11-19 09:14:03",
        "2026-11-19T09:14:03.000999",
        "2026/11/19 9:14:03",
        "2026.11.19 09:14:03",
        "2026年11月19日 9时14分3秒",
        "20261119091403",
        "20261119T091403",
    ],
)
def test_a_time_however_it_is_written(value: object) -> None:
    assert Times(SHANGHAI).ms(value) // 1_000 * 1_000 == MS


def test_a_date_is_its_first_moment() -> None:
    start = MS - (9 * 3600 + 14 * 60 + 3) * 1_000
    for value in (date(2026, 11, 19), "2026-11-19", "20261119", "2026/11/19", "2026年11月19日"):
        assert Times(SHANGHAI).ms(value) == start


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "no_time"),
        ("", "no_time"),
        ("  ", "no_time"),
        ("UTC", "time_not_understood"),
        ("2026-11-19 01:14:03 UTC UTC UTC", "time_not_understood"),
        ("yesterday", "time_not_understood"),
        ("19/11/2026", "time_not_understood"),
        ("2026-13-01", "time_not_understood"),
        ("2026/02/30", "time_not_understood"),
        ("2026-11-19" * 50, "time_not_understood"),
        (True, "time_not_understood"),
        ([], "time_not_understood"),
        ("0000-00-00 00:00:00", "time_not_understood"),
        (0, "time_out_of_range"),
        (-1, "time_out_of_range"),
        (float("nan"), "time_out_of_range"),
        (float("inf"), "time_out_of_range"),
        (10**400, "time_out_of_range"),
        ("1970-01-01 00:00:00", "time_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "time_out_of_range"),
        ("9999-12-31 23:59:59", "time_out_of_range"),
        ("2100-01-01T00:00:00Z", "time_out_of_range"),
        (datetime.max, "time_out_of_range"),
        (datetime.min, "time_out_of_range"),
    ],
)
def test_what_is_no_time_has_a_reason(value: object, reason: str) -> None:
    with pytest.raises(BadTime) as caught:
        Times(SHANGHAI).ms(value)
    assert caught.value.reason == reason


def test_a_format_is_what_it_says() -> None:
    times = Times(SHANGHAI, "%d/%m/%Y %H:%M")
    assert times.ms("19/11/2026 09:14") == MS - 3_000
    with pytest.raises(BadTime, match="time_not_understood"):
        times.ms("2026-11-19 09:14")
    assert Times(SHANGHAI, "%Y%m%d %z").ms("20261119 +0000") == 1_795_046_400_000


def test_the_last_microsecond_of_a_day_is_not_of_the_next_one() -> None:
    midnight = MS // 1_000 // 86_400 * 86_400
    assert Times(SHANGHAI).ms("2026-11-19T23:59:59.999999") % 1_000 == 999
    assert Times(SHANGHAI).ms(midnight - 1e-6) == midnight * 1_000 - 1
    assert Times(SHANGHAI).ms(midnight) == midnight * 1_000


def test_a_time_that_comes_twice_is_the_first_and_one_that_is_left_out_is_later() -> None:
    times = Times(zone_of("Europe/Berlin"))
    assert times.ms("2026-10-25 02:30") == times.ms("2026-10-25T02:30+02:00")
    assert times.ms("2026-03-29 02:30") == times.ms("2026-03-29T03:30+02:00")


def test_a_wall_clock_of_a_database() -> None:
    assert wall(None) is None
    assert wall(0.0) == datetime(1970, 1, 1)
    assert wall(1_795_050_843.25) == datetime(1970, 1, 1) + timedelta(seconds=1_795_050_843.25)
    assert wall(float("inf")) == float("inf")
