"""How good the reported incidents are, against the truth of a simulation."""

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import median

import msgspec

from schemas.incidents import Incident
from schemas.times import MINUTE_MS, Timestamp, parse_ms
from streams.simulation.matching import (
    AFTER_MS,
    BEFORE_MS,
    Matches,
    Reported,
    match,
    reported_incidents,
    theme_share,
)
from streams.simulation.truth import BurstTruth, InjectedIncident, SurgeTruth, Truth

_WEEK_MS = 7 * 24 * 60 * MINUTE_MS


class Share(msgspec.Struct, frozen=True):
    """`right` of `of`."""

    right: int
    of: int

    @property
    def percent(self) -> float | None:
        """None where there was nothing to get right."""
        return 100 * self.right / self.of if self.of else None


class Score(msgspec.Struct, frozen=True):
    """The figures.

    `detected`, the delays, slice and change are about detectable incidents; `by_size` (wanted
    size in standard deviations) and `by_duration` (minutes) about all. Delays are in minutes of
    event time, from the onset and, `_after_detectable`, from the minute at which the excess was
    first large enough; p95 is the nearest rank. `slice_top1` and `slice_top3`: of those found
    that have a slice; `abstained`: of those that have none; `change_named`: the first change
    named is the right one, of those that have one. `false_incidents` fit nothing; those before
    the scored time (`in_history`) and alarms on the first night of a job (`first_bursts`) are
    counted apart. `later_bursts`: nights after the first that alarmed.
    """

    injected: int
    detected: Share
    by_size: dict[str, Share]
    by_duration: dict[str, Share]
    delay_median: float | None
    delay_p95: float | None
    delay_median_after_detectable: float | None
    delay_p95_after_detectable: float | None
    delays: tuple[float, ...]
    delays_after_detectable: tuple[float, ...]
    slice_top1: Share
    slice_top3: Share
    abstained: Share
    change_named: Share
    false_incidents: int
    product_weeks: float
    false_per_product_week: float
    surges_alarmed: Share
    first_bursts: int
    later_bursts: Share
    in_history: int
    history_weeks: float
    duplicates: int
    missed: tuple[str, ...]
    false_ids: tuple[str, ...]


def score(revisions: Iterable[Incident], truth: Truth) -> Score:
    """Score all revisions of all incidents of a run; see `matching` for what fits what."""
    matches = match(reported_incidents(revisions), truth)
    detectable = {i: t for i, t in enumerate(truth.incidents) if t.detectable}
    hits = [(t, matches.found[i]) for i, t in detectable.items() if i in matches.found]
    sliced = [(t, r) for t, r in hits if t.slice is not None]
    whole = [r for t, r in hits if t.slice is None]
    changed = [(t, r) for t, r in hits if t.change is not None]
    delays = [_minutes(r.detected_ms - parse_ms(t.onset)) for t, r in hits]
    waits = [
        _minutes(r.detected_ms - parse_ms(t.detectable_at)) for t, r in hits if t.detectable_at
    ]
    wrong = [r for r in matches.rest if not _is_first_burst(r, truth)]
    from_ms = parse_ms(truth.scored_from)
    false = [r for r in wrong if r.detected_ms >= from_ms]
    product_weeks = _weeks(truth, truth.scored_from, truth.end)
    return Score(
        injected=len(truth.incidents),
        detected=Share(len(hits), len(detectable)),
        by_size=_by(truth, matches, [t.size_class for t in truth.incidents]),
        by_duration=_by(truth, matches, [t.duration_minutes for t in truth.incidents]),
        delay_median=median(delays) if delays else None,
        delay_p95=nearest_rank(delays),
        delay_median_after_detectable=median(waits) if waits else None,
        delay_p95_after_detectable=nearest_rank(waits),
        delays=tuple(sorted(delays)),
        delays_after_detectable=tuple(sorted(waits)),
        slice_top1=Share(sum(is_slice(t, r, 1) for t, r in sliced), len(sliced)),
        slice_top3=Share(sum(is_slice(t, r, 3) for t, r in sliced), len(sliced)),
        abstained=Share(sum(r.judged.slice.abstained for r in whole), len(whole)),
        change_named=Share(sum(_is_change(t, r) for t, r in changed), len(changed)),
        false_incidents=len(false),
        product_weeks=product_weeks,
        false_per_product_week=round(len(false) / product_weeks, 3),
        surges_alarmed=Share(
            sum(any(_is_in_surge(r, surge) for r in false) for surge in truth.surges),
            len(truth.surges),
        ),
        first_bursts=len(matches.rest) - len(wrong),
        later_bursts=_later_bursts(matches.rest, truth),
        in_history=len(wrong) - len(false),
        history_weeks=_weeks(truth, truth.start, truth.scored_from),
        duplicates=len(matches.duplicates),
        missed=tuple(t.id for i, t in detectable.items() if i not in matches.found),
        false_ids=tuple(r.judged.incident_id for r in false),
    )


def _by(truth: Truth, matches: Matches, classes: Sequence[int]) -> dict[str, Share]:
    numbers = range(len(truth.incidents))
    return {
        str(wanted): Share(
            sum(classes[n] == wanted and n in matches.found for n in numbers),
            classes.count(wanted),
        )
        for wanted in sorted(set(classes))
    }


def nearest_rank(values: Sequence[float]) -> float | None:
    """The 95th percentile by nearest rank; None of nothing."""
    return sorted(values)[ceil(0.95 * len(values)) - 1] if values else None


def _minutes(ms: int) -> float:
    return round(ms / MINUTE_MS, 2)


def _weeks(truth: Truth, start: Timestamp, end: Timestamp) -> float:
    """Product-weeks between two times."""
    return round(len(truth.products) * (parse_ms(end) - parse_ms(start)) / _WEEK_MS, 6)


def is_slice(injected: InjectedIncident, reported: Reported, top: int) -> bool:
    """Is the slice among the first `top` answers? What it implies may be named or left out."""
    wanted, said = injected.slice, reported.judged.slice
    if wanted is None:
        return False
    first = [] if said.abstained else [said.attributes]
    others = [c.attributes for c in said.candidates if c.attributes not in first]
    answers = [*first, *others][:top] if top > 1 else first
    implied = wanted.implied.items()
    return any(
        dict(answer.items() - (implied - wanted.attributes.items())) == wanted.attributes
        for answer in answers
    )


def _is_change(injected: InjectedIncident, reported: Reported) -> bool:
    changes = reported.judged.changes
    return bool(
        injected.change is not None and changes and changes[0].summary == injected.change.summary
    )


def _is_first_burst(reported: Reported, truth: Truth) -> bool:
    return any(
        _is_burst(reported, burst, start) for burst in truth.bursts for start in burst.starts[:1]
    )


def _later_bursts(rest: Sequence[Reported], truth: Truth) -> Share:
    later = [(burst, start) for burst in truth.bursts for start in burst.starts[1:]]
    return Share(sum(any(_is_burst(r, *night) for r in rest) for night in later), len(later))


def _is_burst(reported: Reported, burst: BurstTruth, start: Timestamp) -> bool:
    return (
        burst.product == reported.judged.product
        and reported.began_within(
            parse_ms(start) - BEFORE_MS,
            parse_ms(start) + burst.duration_minutes * MINUTE_MS + AFTER_MS,
        )
        and theme_share(reported.judged, burst.terms) > 0
    )


def _is_in_surge(reported: Reported, surge: SurgeTruth) -> bool:
    return reported.judged.product == surge.product and reported.began_within(
        parse_ms(surge.start) - BEFORE_MS, parse_ms(surge.end) + AFTER_MS
    )
