"""When a clause says something is due."""

import pytest

from agents.records.appointments import due_in

DAY = "2025-10-01"  # a Wednesday


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("bloods in two weeks", 14),
        ("clinic 3/12", 90),
        ("repeat ct in 4-6 weeks", 28),
        ("6 monthly uss", 180),
        ("mri every 6 months", 180),
        ("k recheck thurs", 1),
        ("recheck monday", 5),
        ("eye exam yearly", 365),
        ("2h gtt in 2 weeks", 14),
        ("no heavy lifting for 4 weeks", None),
        ("call if gain of 2 kg in 3 days", None),
        ("apply cream twice a day", None),
        ("foot care reviewed", None),
        ("physio and ot", None),
        ("sun protection", None),
    ],
)
def test_due(said: str, days: int | None) -> None:
    assert due_in(DAY, said) == days


def test_weekday_needs_the_day_of_the_note() -> None:
    assert due_in("", "recheck thurs") is None
