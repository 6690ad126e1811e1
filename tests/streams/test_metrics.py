import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas.signals import Counters
from schemas.topics import SIGNALS
from streams.metrics import METRICS, Metrics, documentation

LABELS = ("topic", "partition", "reason", "stage", "product")


def series(metrics: Metrics) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, *(sample.labels[n] for n in LABELS if n in sample.labels)): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_every_metric_is_declared_once_and_whole() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    for metric in METRICS:
        assert re.fullmatch(r"groundswell_[a-z_]+", metric.name)
        assert metric.name.endswith("_total") == (metric.type == "counter")
        assert all([metric.unit, metric.meaning, metric.remedy, metric.labels])
        assert "|" not in metric.meaning + metric.remedy


def test_every_declared_metric_can_be_used() -> None:
    metrics = Metrics()
    for metric in METRICS:
        use = {"counter": metrics.add, "gauge": metrics.put, "histogram": metrics.observe}
        use[metric.type](metric.name, 2, *metric.labels)
    found = {name for name, *_ in series(metrics)}
    for metric in METRICS:
        assert metric.name + ("_count" if metric.type == "histogram" else "") in found


def test_what_is_not_declared_is_refused() -> None:
    with pytest.raises(KeyError):
        Metrics().put("groundswell_new", 1)


def test_two_workers_in_a_process_do_not_share() -> None:
    one, two = Metrics(), Metrics()
    one.add("groundswell_minutes_closed_total", 3, 0)
    assert series(one)["groundswell_minutes_closed_total", "0"] == 3
    assert series(two) == {}


def test_one_series_can_be_removed() -> None:
    metrics = Metrics()
    metrics.put("groundswell_clusters", 3, "wallet")
    metrics.put("groundswell_clusters", 4, "video")
    metrics.remove("groundswell_clusters", "wallet")
    metrics.remove("groundswell_clusters", "never there")
    assert series(metrics) == {("groundswell_clusters", "video"): 4}


def test_where_an_input_partition_stands() -> None:
    metrics = Metrics()
    counters = Counters(accepted=7, late=2, duplicates=1, refused={"not_json": 3})
    metrics.counters("feedback.app", 1, counters, 29_000_000)
    found = series(metrics)
    source = ("feedback.app", "1")
    assert found["groundswell_accepted", *source] == 7
    assert found["groundswell_late", *source] == 2
    assert found["groundswell_duplicates", *source] == 1
    assert found["groundswell_refused", *source, "not_json"] == 3
    assert found["groundswell_watermark_timestamp", *source] == 29_000_001 * 60


def test_a_partition_that_is_gone_shows_no_gauge_any_more() -> None:
    metrics = Metrics()
    for partition in (0, 1):
        metrics.counters("feedback.app", partition, Counters(refused={"future": 1}), 5)
        metrics.put("groundswell_lag", 9, "feedback.app", partition)
        metrics.add("groundswell_records_total", 4, "feedback.app", partition)
    metrics.forget("feedback.app", 1)
    left = [key for key in series(metrics) if key[2:3] == ("1",)]
    assert left == [("groundswell_records_total", "feedback.app", "1")]
    assert series(metrics)["groundswell_lag", "feedback.app", "0"] == 9


def test_with_a_signals_partition_go_its_snapshots() -> None:
    metrics = Metrics()
    for partition in (0, 1):
        metrics.put("groundswell_lag", 9, SIGNALS, partition)
        metrics.put("groundswell_snapshot_timestamp", 5, partition)
    metrics.put("groundswell_watermark_timestamp", 5, "feedback.app", 1)
    metrics.forget(SIGNALS, 1)
    assert series(metrics) == {
        ("groundswell_lag", SIGNALS, "0"): 9,
        ("groundswell_snapshot_timestamp", "0"): 5,
        ("groundswell_watermark_timestamp", "feedback.app", "1"): 5,
    }


def test_the_documentation_is_made_from_the_declarations() -> None:
    lines = documentation().splitlines()
    assert len(lines) == 2 + len(METRICS)
    assert {line.count("|") for line in lines} == {6}
    page = Path(__file__).parents[2] / "docs" / "metrics.md"
    assert documentation() in page.read_text(encoding="utf-8")


def test_a_histogram_has_the_bounds_it_declares() -> None:
    metrics = Metrics()
    metrics.observe("groundswell_enrich_answer_seconds", 45.0, "ok")
    declared = next(m for m in METRICS if m.name == "groundswell_enrich_answer_seconds")
    text = metrics.text().decode()
    for bound in declared.buckets:
        counted = float(bound >= 45.0)
        assert f'_bucket{{le="{bound}",status="ok"}} {counted}' in text
