import pytest

from streams.reviews.report.words import Clock, about, counted, long_day, money, percent, took


def test_times_are_those_of_the_shop() -> None:
    clock = Clock("Asia/Shanghai")
    assert clock.name == "Asia/Shanghai"
    assert clock.moment("2026-11-20T20:00:00.000Z") == "Sat 21 Nov 04:00"
    assert (
        clock.span("2026-11-20T03:10:00.000Z", "2026-11-20T04:07:00.000Z")
        == "Fri 20 Nov 11:10 to 12:07"
    )
    assert (
        clock.span("2026-11-20T15:59:00.000Z", "2026-11-20T16:01:00.000Z")
        == "Fri 20 Nov 23:59 to Sat 21 Nov 00:01"
    )


def test_the_hour_that_comes_twice() -> None:
    clock = Clock("Europe/Berlin")
    assert clock.moment("2026-10-25T00:30:00.000Z") == "Sun 25 Oct 02:30"
    assert clock.moment("2026-10-25T01:30:00.000Z") == "Sun 25 Oct 02:30"
    assert clock.moment("2026-10-25T02:30:00.000Z") == "Sun 25 Oct 03:30"


@pytest.mark.parametrize("zone", ["", "Nowhere/At_All", "../../etc/passwd", "Asia", "\x00"])
def test_a_zone_that_is_not_known_is_said_to_be_utc(zone: str) -> None:
    clock = Clock(zone)
    assert clock.name == "UTC"
    assert clock.moment("2026-11-20T20:00:00.000Z") == "Fri 20 Nov 20:00"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0 %"),
        (1e-9, "0.1 %"),
        (0.417, "41.7 %"),
        (0.99999, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_never_looks_like_all_or_nothing_that_it_is_not(share: float, said: str) -> None:
    assert percent(share) == said


def test_numbers() -> None:
    assert [about(number) for number in (0.0, 0.42, 9.6, 81.4, 1_204.5)] == [
        "0",
        "0.4",
        "9.6",
        "81",
        "1,204",
    ]
    assert [counted(1, "night"), counted(1_000_000, "review")] == ["1 night", "1,000,000 reviews"]
    assert counted(2, "review has", "reviews have") == "2 reviews have"
    assert [took(4.14), took(59.94), took(124), took(3_725)] == [
        "4.1 s",
        "59.9 s",
        "2 min 4 s",
        "1 h 2 min",
    ]
    assert [money(0), money(0.0004), money(1234.5)] == ["0.00", "under 0.01", "1,234.50"]
    assert long_day("2026-11-01") == "Sunday, 1 November 2026"
