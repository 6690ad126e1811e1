import math
from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack
from agents.detect.themes import Key
from agents.detect.trace import Trace, View, usual_range
from agents.incidents.rules import IncidentRules
from schemas.incidents import Threshold
from tests.agents.detect.made import START, local, minute_of
from windows.scan import THRESHOLD

APP = ("feedback.app", 0)
RULES = DetectRules()
BURST = START + 50
DAY = 1440
VIDEO, CRASH = 2, 3
"""Themes of `local`, and words that only they use."""
WORD = {VIDEO: "video0", CRASH: "crash0"}
Bursts = Mapping[int, Mapping[int, int]]
"""Texts on one version by minute and theme."""


def views(detector: ProductDetector, minutes: range, bursts: Bursts) -> Iterator[View]:
    """Six themes by chance, and the bursts."""
    for minute in minutes:
        counts = np.random.default_rng(minute).poisson(1.0, 6).tolist()
        said = [
            local(theme, count, f"app {theme} {minute}", "app", "shop", f"7.{minute % 3}", "ios")
            for theme, count in enumerate(counts)
            if count
        ]
        said += [
            local(theme, count, f"burst {theme} {minute}", "app", "pay", "7.2", "android")
            for theme, count in bursts.get(minute, {}).items()
        ]
        detector.close(minute, [minute_of(APP, minute, minute, said, "shop")], ())
        yield detector.view(minute)


def key_of(view: View, theme: int) -> Key | None:
    keys = (Key("feedback", number) for number in range(6))
    return next((k for k in keys if k in view.themes and WORD[theme] in view.terms(k)), None)


def traces(
    bursts: Bursts,
    *,
    minutes: range = range(START, BURST + 80),
    rules: DetectRules = RULES,
    theme: int = VIDEO,
    detector: ProductDetector | None = None,
) -> list[Trace]:
    """What each minute meant for a theme, from its first one on."""
    found = []
    for view in views(detector or ProductDetector("shop", rules), minutes, bursts):
        if (key := key_of(view, theme)) and (trace := view.trace(key)):
            found.append(trace)
    return found


OUTBREAK = {minute: {VIDEO: 12} for minute in range(BURST, BURST + 5)}
TRACES = traces(OUTBREAK)
OPENED = next(trace for trace in TRACES if trace.decision == "opened")


def decisions(found: list[Trace]) -> list[str]:
    """Decisions in their order, each once until it changes."""
    told = [trace.decision for trace in found]
    return [now for n, now in enumerate(told) if n == 0 or told[n - 1] != now]


def test_an_outbreak_is_told_from_the_first_minute_to_the_last() -> None:
    told = [each for each in decisions(TRACES) if each not in ("low", "updated")]
    assert [told[0], *told[-2:]] == ["quiet", "resolved", "quiet"]
    assert set(told) == {"quiet", "opened", "part", "resolved"}
    assert told.count("opened") == 1
    assert OPENED.minute in (BURST, BURST + 1)
    named = {trace.incident_id for trace in TRACES if trace.decision in ("part", "resolved")}
    assert named == {OPENED.incident_id}
    assert OPENED.incident_id is not None
    assert OPENED.incident_id.endswith(f"-{OPENED.minute}")


def test_the_opening_minute_has_counts_and_scores_on_their_scales() -> None:
    assert OPENED.count >= 12
    assert OPENED.expected < 3
    assert OPENED.low <= OPENED.expected <= OPENED.high < OPENED.count
    assert OPENED.threshold == Threshold(THRESHOLD, 3.0)
    assert OPENED.score >= THRESHOLD
    assert f"{THRESHOLD:.1f}" in OPENED.why
    lengths = [scale.window_minutes for scale in OPENED.scales]
    assert lengths == sorted(lengths)
    assert lengths[0] == 2
    for scale in OPENED.scales:
        assert scale.count > scale.expected
        assert scale.score > 0


def test_the_incident_carries_the_scales_of_its_slice() -> None:
    detector = ProductDetector("shop", RULES)
    revisions = [
        revision
        for view in views(detector, range(START, BURST + 80), OUTBREAK)
        for revision in view.judge.revisions
    ]
    opened, resolved = revisions[0].incident.observed, revisions[-1].incident.observed
    assert opened.threshold == Threshold(THRESHOLD, 3.0)
    assert opened.scales == OPENED.scales
    assert max(scale.score for scale in opened.scales) >= THRESHOLD
    assert max((scale.score for scale in resolved.scales), default=0.0) < THRESHOLD


def test_looking_changes_nothing() -> None:
    unseen, seen = ProductDetector("shop", RULES), ProductDetector("shop", RULES)
    for _ in views(unseen, range(START, BURST + 10), OUTBREAK):
        pass
    assert traces(OUTBREAK, minutes=range(START, BURST + 10), detector=seen)
    assert pack(seen.state()) == pack(unseen.state())


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (IncidentRules(min_count=1_000), "it takes 1000 of 5"),
        (IncidentRules(min_authors=1_000), "it takes 8 of 1000"),
    ],
)
def test_too_few_reports_or_people_are_the_reason(rules: IncidentRules, says: str) -> None:
    found = traces(OUTBREAK, rules=DetectRules(incidents=rules))
    assert set(decisions(found)) == {"quiet", "low", "small"}
    small = next(trace for trace in found if trace.decision == "small")
    assert small.score >= THRESHOLD
    assert says in small.why
    assert small.incident_id is None


def test_below_the_threshold_of_the_product_is_the_reason() -> None:
    found = traces(OUTBREAK, minutes=range(START, BURST + 2), rules=DetectRules(alarm=9.0))
    assert found[-1].decision == "low"
    # Nobody knows how often that errs.
    assert found[-1].threshold == Threshold(9 * THRESHOLD, None)
    assert found[-1].why == f"up, but {found[-1].score:.1f} is below {9 * THRESHOLD:.1f}"


def test_what_was_up_a_day_before_is_a_habit() -> None:
    detector = ProductDetector("shop", RULES)
    first = traces(OUTBREAK, minutes=range(START, BURST + 30), detector=detector)
    again = {minute + DAY: texts for minute, texts in OUTBREAK.items()}
    later = range(START + DAY, BURST + DAY + 10)
    found = traces(again, minutes=later, detector=detector)
    assert "opened" in decisions(first)
    assert "habit" in decisions(found)
    assert "opened" not in decisions(found)
    habit = next(trace for trace in found if trace.decision == "habit")
    assert habit.score >= THRESHOLD
    assert "earlier day" in habit.why


def test_a_theme_that_rises_with_another_is_part_of_its_incident() -> None:
    both = {minute: {VIDEO: 12, CRASH: 10} for minute in OUTBREAK}
    detector, found = ProductDetector("shop", RULES), {}
    for view in views(detector, range(START, BURST + 5), both):
        found = {theme: view.trace(key) for theme in WORD if (key := key_of(view, theme))}
        members = dict(view.open_incidents())
    video, crash = found[VIDEO], found[CRASH]
    assert video is not None
    assert crash is not None
    assert video.incident_id is not None
    assert video.incident_id == crash.incident_id
    assert video.scales == crash.scales
    assert len(members[video.incident_id]) == 2


def test_a_weak_one_beside_it_is_not() -> None:
    both = {BURST: {VIDEO: 60, CRASH: 12}}
    found = {trace.minute: trace for trace in traces(both, theme=CRASH)}
    assert found[BURST].decision == "low"
    assert 0 < found[BURST].score < THRESHOLD
    many = DetectRules(incidents=IncidentRules(min_authors=1_000))
    refused = {trace.minute: trace for trace in traces(both, theme=CRASH, rules=many)}
    assert refused[BURST].decision == "beside"
    assert refused[BURST].score >= THRESHOLD


def test_many_times_more_of_everything_is_told_as_that() -> None:
    detector = ProductDetector("shop", DetectRules(alarm=1.9))
    everything = {minute: dict.fromkeys(range(6), 12) for minute in range(BURST, BURST + 5)}
    told = [trace for trace in traces(everything, detector=detector) if trace.incident_id]
    assert told[0].decision == "opened"
    assert told[0].why == "people write many times more than usual: incident opened"


def test_a_forgotten_theme_has_no_trace() -> None:
    detector = ProductDetector("shop", RULES)
    *_, last = views(detector, range(START, START + 5), {})
    assert last.trace(Key("feedback", 999)) is None


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 200.0), st.floats(0.001, 3.0))
def test_the_usual_range_holds_95_of_100_minutes(mean: float, phi: float) -> None:
    low, high = usual_range(mean, phi)
    assert 0 <= low <= high
    assert _below(low, mean, phi) <= 0.025 + 1e-9
    assert _below(high + 1, mean, phi) >= 0.975 - 1e-9


def _below(count: int, mean: float, phi: float) -> float:
    """P(X < count), summed term by term."""
    size = 1 / phi
    return math.fsum(
        math.exp(
            math.lgamma(n + size) - math.lgamma(size) - math.lgamma(n + 1)
            + size * math.log(size / (size + mean)) + n * math.log(mean / (size + mean))
        )
        for n in range(count)
    )  # fmt: skip


def test_nothing_expected_has_no_range() -> None:
    assert usual_range(0.0, 0.5) == (0, 0)
