"""The figures of many simulated streams as one: shares of sums, percentiles of all delays."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean, median
from typing import NamedTuple

from streams.simulation.scoring import Score, Share, nearest_rank

_NAN = float("nan")
_FALSE = "false incidents per product and week"


class Judged(NamedTuple):
    """One simulation; `themes`: of the truth that somebody spoke of, `clusters`: remembered at the
    end, both by product."""

    score: Score
    themes: tuple[int, ...]
    clusters: tuple[int, ...]


class Figure(NamedTuple):
    """One figure; `value` nan where nothing was to be counted, `goal` None for a report."""

    measure: str
    value: float
    counted: str = ""
    goal: float | None = None
    higher_is_better: bool = True


def figures(judged: Sequence[Judged]) -> list[Figure]:
    """Of one simulation or more of the same scenario."""
    scores = [one.score for one in judged]
    return [
        *_found(scores),
        *_delays("from onset", [d for s in scores for d in s.delays], (3.0, 5.0)),
        *_delays("after detectable", [d for s in scores for d in s.delays_after_detectable]),
        *_false(scores),
        *_explained(scores),
        Figure("live themes a product, least", min(n for one in judged for n in one.themes)),
        Figure("clusters a product, mean", fmean(n for one in judged for n in one.clusters)),
    ]


def _found(scores: Sequence[Score]) -> Iterator[Figure]:
    yield _share("found of detectable", (s.detected for s in scores), 0.98)
    for size in _classes(s.by_size for s in scores):
        parts = (s.by_size.get(size, Share(0, 0)) for s in scores)
        yield _share(f"found of wanted size {size} sd", parts)
    for length in _classes(s.by_duration for s in scores):
        parts = (s.by_duration.get(length, Share(0, 0)) for s in scores)
        yield _share(f"found of {length} min", parts)


def _classes(tables: Iterable[dict[str, Share]]) -> list[str]:
    return sorted({name for table in tables for name in table}, key=int)


def _delays(
    since: str, delays: Sequence[float], goals: tuple[float | None, float | None] = (None, None)
) -> Iterator[Figure]:
    counted = f"of {len(delays)} found"
    middle = median(delays) if delays else _NAN
    yield Figure(f"minutes {since}, median", middle, counted, goals[0], False)
    high = nearest_rank(delays)
    yield Figure(f"minutes {since}, p95", _NAN if high is None else high, counted, goals[1], False)


def _false(scores: Sequence[Score]) -> Iterator[Figure]:
    scored, weeks = sum(s.false_incidents for s in scores), sum(s.product_weeks for s in scores)
    before, quiet = sum(s.in_history for s in scores), sum(s.history_weeks for s in scores)
    if quiet:
        yield _rate(f"{_FALSE}, scored hours", scored, weeks)
        yield _rate(f"{_FALSE}, history", before, quiet)
    yield _rate(_FALSE, scored + before, weeks + quiet, 3.0)
    surges = _share("traffic surges alarmed", (s.surges_alarmed for s in scores))
    bursts = _share("nightly bursts alarmed after the first", (s.later_bursts for s in scores))
    again = sum(s.duplicates for s in scores)
    found = sum(share.right for s in scores for share in s.by_size.values())
    duplicates = _share("duplicates per incident found", [Share(again, found)])
    yield from (one._replace(higher_is_better=False) for one in (surges, bursts, duplicates))


def _explained(scores: Sequence[Score]) -> Iterator[Figure]:
    yield _share("slice top-1", (s.slice_top1 for s in scores), 0.90)
    yield _share("slice top-3", (s.slice_top3 for s in scores))
    yield _share("abstained where there is no slice", (s.abstained for s in scores))
    yield _share("right change named first", (s.change_named for s in scores), 0.90)


def _rate(measure: str, number: int, weeks: float, goal: float | None = None) -> Figure:
    counted = f"{number} in {weeks:.2f} product-weeks"
    return Figure(measure, number / weeks, counted, goal, higher_is_better=False)


def _share(measure: str, shares: Iterable[Share], goal: float | None = None) -> Figure:
    parts = list(shares)
    right, of = sum(part.right for part in parts), sum(part.of for part in parts)
    return Figure(measure, right / of if of else _NAN, f"{right} of {of}", goal)
