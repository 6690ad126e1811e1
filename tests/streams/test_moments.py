import pytest

from streams.moments import Moments

EXPECTED = 1_795_166_040_000
"""2026-11-20T09:14:00Z."""


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T09:14:00Z",
        "2026-11-20 09:14",
        "2026-11-20T17:14:00+08:00",
        "20261120T091400",
        "202611200914",
        "20261120091400",
        "1795166040",
        "1795166040.0",
        "1795166040000",
        "1795166040000000",
        "1795166040000000000",
        "2026/11/20 09:14:00",
        "2026.11.20 09:14",
        "20.11.2026 09:14",
        "2026年11月20日 09:14",
        "20 Nov 2026 09:14:00",
        "20/Nov/2026:09:14:00 +0000",
        "Fri, 20 Nov 2026 09:14:00 +0000",
        " 2026-11-20T09:14 ",
    ],
)
def test_reads_what_people_and_programs_write(text: str) -> None:
    assert Moments().ms(text) == EXPECTED


def test_a_day_is_a_time() -> None:
    midnight = Moments().ms("2026-11-20")
    assert Moments().ms("20261120") == midnight
    assert Moments().ms("2026/11/20") == midnight


@pytest.mark.parametrize("text", ["", "soon", "12", "11/20/2026 09:14", "1970-01-01", "2026-13-01"])
def test_refuses_what_is_no_time_or_two(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Moments().ms(text)


def test_a_format_is_the_only_one() -> None:
    moments = Moments("%m/%d/%Y %H:%M")
    assert moments.ms("11/20/2026 09:14") == EXPECTED
    with pytest.raises(ValueError, match="2026-11-20"):
        moments.ms("2026-11-20T09:14:00Z")


def test_without_an_offset_that_of_the_others_holds() -> None:
    moments = Moments()
    assert moments.ms("2026-11-20T17:14:00+08:00") == EXPECTED
    assert moments.ms("2026-11-20 17:14") == EXPECTED
