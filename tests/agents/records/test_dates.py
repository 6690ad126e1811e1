"""Dates beside a mention in English."""

from datetime import date

import pytest

from agents.records import dates

TODAY = date(2025, 5, 29)


@pytest.mark.parametrize(
    ("words", "time", "since"),
    [
        (" in 2011 and", "2011", False),
        (" since 2019.", "2019", True),
        (" (2018)", "2018", False),
        (" implanted in March 2020", "2020-03", False),
        (" on 4 Feb 2025.", "2025-02-04", False),
        (" June 2024, grew", "2024-06", False),
        (" in his left calf was found in March and", "2025-03", False),
        (" in October.", "2024-10", False),
    ],
)
def test_behind(words: str, time: str, since: bool) -> None:
    assert dates.behind(TODAY, words.lower()) == (time, since)


@pytest.mark.parametrize(
    "words", [" on lisinopril since 2019", ", last seen 2021", " and stroke in 2018", " 5 mg"]
)
def test_of_something_else(words: str) -> None:
    assert dates.behind(TODAY, words) is None


@pytest.mark.parametrize(
    ("words", "time"),
    [("In 2016 he had a ", "2016"), ("H/o kidney stones 2018 (", "2018"), ("s/p BKA 2019, ", None)],
)
def test_before(words: str, time: str | None) -> None:
    found = dates.before(words.lower())
    assert (found.time if found else None) == time
