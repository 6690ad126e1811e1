"""docs/alerts.rules.yml against what is measured, and what people are told to do."""

import re
from pathlib import Path
from typing import Any

import yaml

from streams.metrics import METRICS

DOCS = Path(__file__).parents[2] / "docs"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DOCS / "alerts.rules.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
LABELS = {metric.name: set(metric.labels) for metric in METRICS}
TYPES = {metric.name: metric.type for metric in METRICS}
_SERIES = re.compile(r"_(count|sum|bucket)$")


def named_in(rule: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Function, metric and selector; a series of a histogram is its metric."""
    found = re.findall(r"(?:(\w+)\()?(groundswell_\w+)(?:\{([^}]*)\})?", rule["expr"])
    return [
        (function, plain if TYPES.get(plain := _SERIES.sub("", name)) == "histogram" else name, by)
        for function, name, by in found
    ]


def test_every_metric_is_measured_and_has_the_labels_it_is_chosen_by() -> None:
    for rule in RULES:
        assert named_in(rule) or "up{" in rule["expr"]
        for _, metric, selector in named_in(rule):
            assert metric in LABELS, rule["alert"]
            assert set(re.findall(r"(\w+)[=!]", selector)) <= LABELS[metric], rule["alert"]


def test_counters_are_asked_how_much_they_rise_and_gauges_are_not() -> None:
    for rule in RULES:
        for function, metric, _ in named_in(rule):
            assert (function == "increase") == (TYPES[metric] != "gauge"), rule["alert"]


def test_what_an_alert_says_is_known_when_it_fires() -> None:
    for rule in RULES:
        told = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        kept = set(re.findall(r"sum by \(([\w, ]+)\)", rule["expr"]))
        known = {label for by in kept for label in by.split(", ")} if kept else {"instance"}
        for _, metric, _ in named_in(rule):
            known |= set() if kept else LABELS[metric]
        assert told <= known, rule["alert"]


def test_for_every_alert_somebody_is_told_what_to_do() -> None:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(Groundswell\w+)` \|", page, re.MULTILINE)
    assert told == [rule["alert"] for rule in RULES]
    assert {rule["labels"]["severity"] for rule in RULES} == {"page", "ticket"}
