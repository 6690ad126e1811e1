from datetime import date, datetime, time
from itertools import pairwise

import pytest

from streams.reviews.day import Day, date_of, moment_ms, parse_at, parse_date, yesterday, zone_of
from streams.reviews.errors import BadDate

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("zone", "day", "hours", "first"),
    [
        ("Asia/Shanghai", date(2026, 11, 19), 24, "2026-11-19T00:00:00+08:00"),
        ("America/New_York", date(2026, 3, 8), 23, "2026-03-08T00:00:00-05:00"),
        ("America/New_York", date(2026, 11, 1), 25, "2026-11-01T00:00:00-04:00"),
        ("Europe/Berlin", date(2026, 3, 29), 23, "2026-03-29T00:00:00+01:00"),
        ("Europe/Berlin", date(2026, 10, 25), 25, "2026-10-25T00:00:00+02:00"),
        # There is no midnight; midnight comes twice; there is no such date.
        ("America/Sao_Paulo", date(2018, 11, 4), 23, "2018-11-04T01:00:00-02:00"),
        ("America/Havana", date(2026, 11, 1), 25, "2026-11-01T00:00:00-04:00"),
        ("Pacific/Apia", date(2011, 12, 30), 0, "2011-12-31T00:00:00+14:00"),
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(zone: str, day: date, hours: int, first: str) -> None:
    found = Day(day, zone_of(zone))
    assert found.end_ms - found.start_ms == hours * HOUR
    assert found.start_ms == datetime.fromisoformat(first).timestamp() * 1000


@pytest.mark.parametrize("name", ["America/New_York", "Europe/Berlin", "America/Sao_Paulo", "UTC"])
def test_every_moment_is_of_one_day(name: str) -> None:
    zone = zone_of(name)
    days = [Day(date.fromordinal(n), zone) for n in range(736_600, 737_000)]
    for before, after in pairwise(days):
        assert before.end_ms == after.start_ms
        assert date_of(before.start_ms, zone) == date_of(before.end_ms - 1, zone) == before.date


def test_yesterday_is_the_shops() -> None:
    now = moment_ms(date(2026, 11, 20), time(1, 30), zone_of("Asia/Shanghai"))
    assert yesterday(now, zone_of("Asia/Shanghai")) == date(2026, 11, 19)
    assert yesterday(now, zone_of("America/New_York")) == date(2026, 11, 18)


def test_a_date_is_written_one_way() -> None:
    zone = zone_of("Asia/Shanghai")
    now = moment_ms(date(2026, 11, 20), time(1, 30), zone)
    assert parse_date("yesterday", now, zone) == date(2026, 11, 19)
    assert parse_date("2024-02-29", now, zone) == date(2024, 2, 29)
    for text in ("", "today", "20261119", "2026-02-30", "2026-W01-1", "1999-12-31", "2100-01-01"):
        with pytest.raises(BadDate, match="write YYYY-MM-DD from 2000 on, or yesterday"):
            parse_date(text, now, zone)


def test_a_time_of_day_is_written_one_way() -> None:
    assert parse_at("02:00") == parse_at("2:00") == time(2)
    assert parse_at("23:59") == time(23, 59)
    for text in ("", "2", "24:00", "02:60", "02:00:00", "2am", "-1:00", "٠٢:٠٠"):
        with pytest.raises(BadDate, match="write HH:MM"):
            parse_at(text)


@pytest.mark.parametrize("name", ["", "Mars/Base", "Asia", "../etc/passwd", "/etc/passwd", "a\0b"])
def test_a_zone_that_is_none_is_named(name: str) -> None:
    with pytest.raises(BadDate, match=r"there is no time zone .*such as Asia/Shanghai"):
        zone_of(name)
