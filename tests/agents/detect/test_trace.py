import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules, Sensitivity
from agents.detect.snapshot import pack
from agents.detect.themes import Key
from agents.detect.trace import Trace, View, usual_range
from agents.incidents.rules import IncidentRules
from tests.agents.detect.made import START, local, minute_of
from windows.scan import THRESHOLD

APP = ("feedback.app", 0)
RULES = DetectRules()
ALLOWED: dict[Sensitivity, float] = {"high": 10.0, "medium": 3.0, "low": 1.0}
"""False incidents per week."""
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
    threshold = OPENED.threshold
    # An hour of quiet minutes tells little about the product.
    assert threshold.score == pytest.approx(THRESHOLD, abs=0.1)
    assert threshold.false_per_week == 3.0
    assert OPENED.score >= threshold.score
    assert f"{threshold.score:.1f}" in OPENED.why
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
    assert opened.threshold == OPENED.threshold
    assert opened.scales == OPENED.scales
    assert max(scale.score for scale in opened.scales) >= OPENED.threshold.score
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
    assert small.score >= small.threshold.score
    assert says in small.why
    assert small.incident_id is None


def of_size(count: int, sensitivity: Sensitivity) -> Trace:
    """The second minute of a burst of so many texts a minute."""
    burst = {minute: {VIDEO: count} for minute in range(BURST, BURST + 2)}
    rules = DetectRules(sensitivity=sensitivity, incidents=IncidentRules(min_count=1))
    return traces(burst, minutes=range(START, BURST + 2), rules=rules)[-1]


@pytest.mark.slow
def test_the_more_sensitive_the_smaller_the_bursts_that_open() -> None:
    least = []
    for sensitivity, allowed in ALLOWED.items():
        found = {count: of_size(count, sensitivity) for count in range(2, 8)}
        least.append(min(n for n, trace in found.items() if trace.decision == "opened"))
        assert {trace.threshold.false_per_week for trace in found.values()} == {allowed}
        for trace in (trace for n, trace in found.items() if n < least[-1]):
            assert trace.decision in ("quiet", "low")
            if trace.decision == "low":
                below = f"{trace.score:.1f} is below {trace.threshold.score:.1f}"
                assert trace.why == f"up, but {below}"
    high, medium, low = least
    assert 2 < high <= medium <= low
    assert high < low


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
    assert habit.score >= habit.threshold.score
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
    assert 0 < found[BURST].score < found[BURST].threshold.score
    many = DetectRules(incidents=IncidentRules(min_authors=1_000))
    refused = {trace.minute: trace for trace in traces(both, theme=CRASH, rules=many)}
    assert refused[BURST].decision == "beside"
    assert refused[BURST].score >= refused[BURST].threshold.score


def test_many_times_more_of_everything_is_told_as_that() -> None:
    detector = ProductDetector("shop", RULES)
    everything = {minute: dict.fromkeys(range(6), 12) for minute in range(BURST, BURST + 5)}
    told = [trace for trace in traces(everything, detector=detector) if trace.incident_id]
    assert told[0].decision == "opened"
    assert told[0].why == "people write many times more than usual: incident opened"


def test_a_forgotten_theme_has_no_trace() -> None:
    detector = ProductDetector("shop", RULES)
    *_, last = views(detector, range(START, START + 5), {})
    assert last.trace(Key("feedback", 999)) is None


def muted(cluster_id: str) -> DetectRules:
    return DetectRules(mute=(cluster_id,))


def test_a_muted_theme_opens_nothing_and_that_is_the_reason() -> None:
    opened, *_ = incidents(OUTBREAK, RULES)
    assert WORD[VIDEO] in opened.terms
    detector = ProductDetector("shop", muted(opened.cluster_id))
    found = traces(OUTBREAK, detector=detector)
    assert set(decisions(found)) == {"quiet", "muted"}
    told = max(found, key=lambda trace: trace.score)
    assert told.score >= told.threshold.score
    assert told.why == "up, but muted: it opens nothing"
    assert not detector.has_open


def test_a_muted_theme_is_left_out_of_the_incident_of_others() -> None:
    both = {minute: {VIDEO: 12, CRASH: 10} for minute in OUTBREAK}
    loud, *_ = incidents(both, RULES)
    calm, *_ = incidents(both, muted(loud.cluster_id))
    alone, *_ = incidents({minute: {CRASH: 10} for minute in OUTBREAK}, RULES)
    assert WORD[CRASH] in calm.terms
    assert calm == alone


def test_many_times_more_of_a_muted_theme_is_no_surge() -> None:
    flood = {minute: {VIDEO: 90} for minute in range(BURST, BURST + 5)}
    opened, *_ = incidents(flood, RULES)
    assert incidents(flood, muted(opened.cluster_id)) == []


class Opened(NamedTuple):
    cluster_id: str
    terms: tuple[str, ...]
    reports: int


def incidents(bursts: Bursts, rules: DetectRules) -> list[Opened]:
    """The incidents that open, in their order."""
    detector = ProductDetector("shop", rules)
    return [
        Opened(incident.grouping.cluster_id, incident.grouping.terms, incident.observed.count)
        for view in views(detector, range(START, BURST + 10), bursts)
        for revision in view.judge.revisions
        if revision.stage == "opened"
        for incident in (revision.incident,)
    ]


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
