from pathlib import Path

import pytest

from sinks.errors import CannotRead
from streams.reviews.report.facts import facts_of
from tests.support.mornings import facts, series, steady
from tests.support.nights import DATE
from tests.support.weeks import day


def test_a_night_with_the_weeks_before_it(shop: Path) -> None:
    found = facts_of(shop, DATE)
    assert found.account.left_to_rules == 6
    assert found.nights_before == 17
    assert found.coverage.missing == 0
    assert (found.coverage.open, found.coverage.refused) == (
        {"waits for a language model: cause": 3},
        {"empty_text": 3, "not_utf8": 1},
    )
    everywhere = {(one.attribute, one.polarity) for one in found.risen if one.product is None}
    assert ("logistics", "negative") in everywhere
    assert {name for name, one in found.statuses.items() if one.today} == {
        "labelled",
        "open",
        "refused",
    }
    assert [one.ticket.ticket_id for one in found.campaigns] == ["c-1"]
    assert found.tickets[0].severity == "critical"


def test_the_calendar_has_the_days_without_a_night(shop: Path) -> None:
    found = facts_of(shop, DATE)
    assert found.calendar == [day(back) for back in range(20, -1, -1)]
    assert set(found.calendar) - set(found.volume.days) == {day(9), day(10), day(11)}


def test_what_is_usual_is_a_share_of_as_many_reviews() -> None:
    twice = facts(volume=series("", steady(2_000, 1_000)))
    found = twice.compared(series("negative", steady(300, 100)))
    assert (found.today, found.share) == (300, 0.15)
    assert found.usual == pytest.approx(0.1)
    assert found.expected == pytest.approx(200)
    assert twice.sentiment("mixed").reviews == (0,) * 11
    assert twice.shares(series("negative", steady(300, 100))) == [0.1] * 10 + [0.15]


def test_a_first_night_and_one_without_reviews_have_nothing_usual() -> None:
    first = facts(volume=series("", [50]))
    assert first.compared(series("negative", [5])) == (5, 0.1, None, None)
    none = facts(volume=series("", [0, 0]))
    assert none.compared(series("negative", [0, 0])) == (0, 0.0, None, None)
    assert none.shares(series("negative", [0, 0])) == [0.0, 0.0]


def test_a_night_that_was_not_run_says_how(shop: Path) -> None:
    with pytest.raises(CannotRead, match="groundswell reviews run --date 2026-11-21"):
        facts_of(shop, "2026-11-21")
