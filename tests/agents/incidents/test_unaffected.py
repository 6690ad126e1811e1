import pytest

from agents.incidents.unaffected import unaffected
from schemas.causes import Unaffected

USUAL = {"os": {"android": 500.0, "ios": 450.0, "harmony": 50.0}}


def test_what_many_have_and_few_report_is_spared() -> None:
    found = unaffected({"os": {"android": 98.0, "ios": 2.0}}, USUAL, 1.0)
    assert found == (Unaffected("os", "ios", 0.02, 0.45),)


def test_the_usual_reports_are_no_excess() -> None:
    # Half of the reports are usual, and 45 % of those come from ios.
    (one,) = unaffected({"os": {"android": 78.0, "ios": 22.0}}, USUAL, 0.5)
    assert (one.value, one.share) == ("ios", 0.0)


@pytest.mark.parametrize(("ios", "spared"), [(11, True), (12, False)])
def test_a_quarter_of_the_usual_share_is_too_much(ios: int, spared: bool) -> None:
    reports = {"os": {"android": 100.0 - ios, "ios": float(ios)}}
    assert bool(unaffected(reports, USUAL, 1.0)) == spared


def test_a_rare_value_is_not_named() -> None:
    assert not unaffected({"os": {"android": 550.0, "ios": 450.0}}, USUAL, 1.0)


@pytest.mark.parametrize(("reports", "told"), [(11.0, False), (12.0, True)])
def test_few_reports_spare_nobody(reports: float, told: bool) -> None:
    assert bool(unaffected({"os": {"android": reports}}, USUAL, 1.0)) == told


def test_the_three_that_most_readers_have_come_first() -> None:
    usual = {"v": {"a": 20.0, "b": 20.0, "c": 30.0, "d": 25.0, "e": 5.0}}
    found = unaffected({"v": {"e": 500.0}}, usual, 1.0)
    assert [one.value for one in found] == ["c", "d", "a"]


def test_without_excess_or_comparison_nothing_is_said() -> None:
    assert unaffected({"os": {"android": 100.0}}, {}, 1.0) == ()
    assert unaffected({"os": {"android": 100.0}}, {"os": {}}, 1.0) == ()
    assert unaffected({"os": {"android": 100.0}}, USUAL, 0.0) == ()
    assert unaffected({}, {}, 1.0) == ()
