"""From the event time of the last needed report to the incident on the topic, live."""

import math
import time

from schemas.incidents import Incident
from schemas.times import parse_ms
from streams.settings import Settings
from tests.bench.bursts import PRODUCTS, LiveTraffic
from tests.bench.results import Bench, Result, Value
from tests.bench.runs import MeasuredRun, Spent

_RATES = (1_000, 20_000)
_TOPICS = ("feedback.app", "feedback.web", "feedback.tickets", "feedback.social")
_CATCH_UP_S = 45
"""For the past to be read, and the silent inputs to be given up, before the load begins."""


def run(bench: Bench) -> list[Result]:
    """One row a rate."""
    rows = [_measure(bench, rate) for rate in _RATES]
    return [Result("Live: last needed report to incident on the topic, s", rows)]


def _measure(bench: Bench, rate: int) -> dict[str, Value]:
    live_s, past_s = (150, 1800) if bench.quick else (240, 7200)
    bench.say(f"latency: {rate:,} events/s, {_CATCH_UP_S + live_s} s")
    with MeasuredRun(bench.bootstrap, topics=_TOPICS) as run:
        run.begin(bounded=False)
        now_ms = int(time.time()) * 1000
        live_ms = now_ms + _CATCH_UP_S * 1000
        traffic = LiveTraffic(
            bench.seed,
            rate=rate,
            first_ms=now_ms - past_s * 1000,
            live_ms=live_ms,
            burst_ms=live_ms + (10_000 if bench.quick else 60_000),
        )
        run.feeder.paced(traffic.messages(live_ms + live_s * 1000))
        opened = [(ms, i) for ms, i in run.published() if i.revision == 1]
        spent = run.finish()
    return _row(rate, traffic, opened, spent, run.feeder.behind_ms)


def _row(
    rate: int,
    traffic: LiveTraffic,
    opened: list[tuple[int, Incident]],
    spent: Spent,
    behind_ms: float,
) -> dict[str, Value]:
    settings = Settings()
    reports = max(settings.min_count, settings.min_authors)
    whole: list[float] = []
    ours: list[float] = []
    for product, name in enumerate(traffic.products):
        needed_ms = traffic.needed_ms(product, reports)
        texts = traffic.burst_texts(product)
        for ms, incident in sorted(opened, key=lambda found: found[0]):
            about = any(evidence.text in texts for evidence in incident.evidence)
            if incident.product == name and about and ms >= needed_ms:
                complete_ms = parse_ms(incident.detected_at) + settings.lateness_ms
                whole.append((ms - needed_ms) / 1000)
                ours.append((ms - complete_ms) / 1000)
                break
    others = sum(incident.product in traffic.products for _, incident in opened) - len(whole)
    return {
        "events/s": rate,
        "found": f"{len(whole)} of {PRODUCTS}",
        "p50": _percentile(whole, 50),
        "p99": _percentile(whole, 99),
        "p50 work": _percentile(ours, 50),
        "p99 work": _percentile(ours, 99),
        "others": others,
        "p99 publish": _percentile(list(spent.published), 99),
        "us/event": spent.us_per_event,
        "late ms": behind_ms,
    }


def _percentile(values: list[float], percent: int) -> float:
    """Nearest rank; not a number if there are none."""
    if not values:
        return math.nan
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]
