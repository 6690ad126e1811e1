from collections.abc import Sequence
from typing import Any

from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack, unpack
from agents.incidents.rules import IncidentRules
from schemas.signals import Partial
from tests.agents.detect.made import START, minute_of, quiet_and_burst
from windows.scan import FALSE_PER_WEEK, SCREEN, THRESHOLD

APP = ("feedback.app", 0)
HOUR = START + 40
"""The first epoch minute of a full hour."""
BURST = HOUR + 12
TOO_SMALL = DetectRules(incidents=IncidentRules(min_count=10_000))
ONE_PERSON = DetectRules(incidents=IncidentRules(min_authors=10_000))


def said(minutes: range, size: int = 9) -> Sequence[Partial]:
    made = quiet_and_burst(APP, through=minutes[-1], burst=range(BURST, BURST + 5), size=size)
    return [minute_of(APP, n, n, made[n], "wallet") for n in minutes]


def heard(minutes: range, rules: DetectRules = TOO_SMALL) -> ProductDetector:
    detector = ProductDetector("wallet", rules)
    for partial in said(minutes):
        detector.close(partial.minute, [partial], ())
    return detector


def peaks(detector: ProductDetector, minute: int) -> Any:
    return detector.view(minute).judge.state()["peaks"]


def test_minutes_count_as_quiet_until_an_incident_has_opened() -> None:
    opened, stop = None, BURST + 5
    detector = ProductDetector("wallet", DetectRules())
    for partial in said(range(START, stop)):
        if detector.close(partial.minute, [partial], ()) and opened is None:
            opened = partial.minute
            at_opening = peaks(detector, opened)
    assert HOUR % 60 == 0
    assert opened is not None
    assert at_opening["minutes"] == opened - HOUR + 1
    assert at_opening["peak"] >= THRESHOLD
    assert detector.has_open
    assert peaks(detector, stop - 1) == at_opening


def test_what_is_too_small_to_open_an_incident_is_no_false_one() -> None:
    through = range(START, BURST + 5)
    assert peaks(heard(through, TOO_SMALL), BURST + 4)["peak"] == 0.0
    assert peaks(heard(through, ONE_PERSON), BURST + 4)["peak"] >= THRESHOLD


def test_the_threshold_is_that_of_the_hours_before() -> None:
    detector = heard(range(START, HOUR + 60), ONE_PERSON)
    before = detector.view(HOUR + 59).judge.threshold
    (partial,) = said(range(HOUR + 60, HOUR + 61))
    detector.close(partial.minute, [partial], ())
    after = detector.view(HOUR + 60).judge.threshold
    assert before.score < THRESHOLD < after.score
    assert before.false_per_week == after.false_per_week == FALSE_PER_WEEK
    assert after.score - before.score < THRESHOLD - SCREEN


def test_what_the_product_has_taught_survives_a_restart() -> None:
    detector = heard(range(START, HOUR + 65), ONE_PERSON)
    restored = ProductDetector("wallet", ONE_PERSON)
    restored.restore(unpack(pack(detector.state())))
    assert peaks(restored, HOUR + 64) == peaks(detector, HOUR + 64)
    assert peaks(restored, HOUR + 64)["peaks"] > 0
