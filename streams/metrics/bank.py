"""Metrics of the bank behind the assistant."""

from streams.metrics.metric import Metric

METRICS = (
    Metric(
        "groundswell_bank_seconds",
        "histogram",
        "seconds",
        ("tool", "outcome"),
        "calls of turns to the bank, repetitions included: ok, stale (from memory, as the bank did"
        " not answer), away, refused, unknown (a write whose answer never came)",
        "away, stale: the bank; unknown: it will be sent again with the same key; refused, many of"
        " one tool: somebody is trying ids",
        (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
    ),
    Metric(
        "groundswell_bank_breaker_open",
        "gauge",
        "0 or 1",
        ("tool",),
        "the bank's tool is left alone for some seconds, for it failed again and again",
        "1 for long: the bank, or the way to it",
    ),
)
