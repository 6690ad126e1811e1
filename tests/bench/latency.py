"""From the event time of the last needed report to the incident on the topic, live."""

import time
from collections.abc import Mapping
from contextlib import ExitStack

from schemas.incidents import Incident
from schemas.times import parse_ms
from streams.settings import Settings
from tests.bench.beside import process, slow_model
from tests.bench.bursts import PRODUCTS, LiveTraffic
from tests.bench.results import Bench, Goal, Result, Value, percentile
from tests.bench.runs import MeasuredRun

_RATES = (1_000, 20_000)
_TOPICS = ("feedback.app", "feedback.web", "feedback.tickets", "feedback.social")
_CATCH_UP_S = 45
"""For the past to be read, and the silent inputs to be given up, before the load begins."""


def run(bench: Bench) -> list[Result]:
    """One row a rate, the last one again with what else there is beside it; and its answers."""
    rows = [_measure(bench, rate)[0] for rate in _RATES]
    with slow_model() as environ:
        row, answers = _measure(bench, _RATES[-1], environ)
    rows.append(row)
    alone, beside = (float(row["p99 publish"]) for row in rows[-2:])
    goals = [
        Goal("made to published, p99 s", alone, 1.0),
        Goal("the same beside a model, s", beside, 1.0),
    ]
    return [
        Result("Live: last needed report to incident on the topic, s", rows, goals),
        Result("First record of an incident to what others say of it, s", [answers]),
    ]


def _measure(
    bench: Bench, rate: int, environ: Mapping[str, str] | None = None
) -> tuple[dict[str, Value], dict[str, Value]]:
    live_s, past_s = (150, 1800) if bench.quick else (240, 7200)
    bench.say(f"latency: {rate:,} events/s, {_CATCH_UP_S + live_s} s")
    with MeasuredRun(bench.bootstrap, topics=_TOPICS) as run, ExitStack() as stack:
        run.begin(bounded=False, environ=environ)
        if environ:
            stack.enter_context(process(bench, run.prefix, ["enrich"], environ))
            stack.enter_context(process(bench, run.prefix, ["console"]))
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
        published = sorted(run.published(), key=lambda found: found[0])
        spent = run.finish()
    row: dict[str, Value] = {"events/s": rate, "beside": "enrich" if environ else "-"}
    opened = [(ms, incident) for ms, incident in published if incident.revision == 1]
    row |= _found(traffic, opened)
    row["p99 publish"] = percentile(list(spent.published), 99)
    row |= {"us/event": spent.us_per_event, "late ms": run.feeder.behind_ms}
    return row, _answered(published)


def _found(traffic: LiveTraffic, opened: list[tuple[int, Incident]]) -> dict[str, Value]:
    """How soon the bursts had their incident."""
    settings = Settings()
    reports = max(settings.min_count, settings.min_authors)
    whole: list[float] = []
    ours: list[float] = []
    for product, name in enumerate(traffic.products):
        needed_ms = traffic.needed_ms(product, reports)
        texts = traffic.burst_texts(product)
        for ms, incident in opened:
            about = any(evidence.text in texts for evidence in incident.evidence)
            if incident.product == name and about and ms >= needed_ms:
                complete_ms = parse_ms(incident.detected_at) + settings.lateness_ms
                whole.append((ms - needed_ms) / 1000)
                ours.append((ms - complete_ms) / 1000)
                break
    others = sum(incident.product in traffic.products for _, incident in opened) - len(whole)
    return {
        "found": f"{len(whole)} of {PRODUCTS}",
        "p50": percentile(whole, 50),
        "p99": percentile(whole, 99),
        "p50 work": percentile(ours, 50),
        "p99 work": percentile(ours, 99),
        "others": others,
    }


def _answered(published: list[tuple[int, Incident]]) -> dict[str, Value]:
    """How long after its opening an incident is related to others, and explained by the model."""
    opened = {i.incident_id: ms for ms, i in published if i.revision == 1}
    related: dict[str, float] = {}
    explained: dict[str, float] = {}
    for ms, incident in published:
        after = (ms - opened[incident.incident_id]) / 1000
        if incident.related:
            related.setdefault(incident.incident_id, after)
        if incident.rca.source == "model":
            explained.setdefault(incident.incident_id, after)
    return {
        "related": len(related),
        "p50 related": percentile(list(related.values()), 50),
        "p99 related": percentile(list(related.values()), 99),
        "explained": len(explained),
        "p50 explained": percentile(list(explained.values()), 50),
        "p99 explained": percentile(list(explained.values()), 99),
    }
