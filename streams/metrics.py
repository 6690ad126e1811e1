"""Every metric, declared once with type, unit, meaning and remedy."""

from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from schemas.signals import Counters
from schemas.topics import SIGNALS


@dataclass(frozen=True)
class Metric:
    """A declaration; `remedy` is what to do when it looks wrong.

    `buckets` of a histogram: upper bounds, the client's own if empty.
    """

    name: str
    type: Literal["counter", "gauge", "histogram"]
    unit: str
    labels: tuple[str, ...]
    meaning: str
    remedy: str
    buckets: tuple[float, ...] = ()


_PARTITION = ("topic", "partition")
_SINK = ("sink",)

METRICS = (
    Metric(
        "groundswell_records_total",
        "counter",
        "records",
        _PARTITION,
        "records read from an input or signals partition",
        "flat while producers write: look at lag and at /healthz",
    ),
    Metric(
        "groundswell_accepted",
        "gauge",
        "events",
        _PARTITION,
        "events accepted since the beginning of the partition",
        "far below what producers sent: look at refused and duplicates",
    ),
    Metric(
        "groundswell_late",
        "gauge",
        "events",
        _PARTITION,
        "accepted events whose minute had been closed; they count as late, not in their minute",
        "above a few percent: raise lateness_ms, or mend the producer's clock",
    ),
    Metric(
        "groundswell_duplicates",
        "gauge",
        "events",
        _PARTITION,
        "repeated deliveries of an event id, ignored",
        "a jump: a producer retries or was replayed",
    ),
    Metric(
        "groundswell_refused",
        "gauge",
        "records",
        (*_PARTITION, "reason"),
        "records written to the dead letters",
        "groundswell dead-letters list; mend the producer, then requeue",
    ),
    Metric(
        "groundswell_lag",
        "gauge",
        "records",
        _PARTITION,
        "records of the partition that are not read yet",
        "growing: add workers, up to one a partition",
    ),
    Metric(
        "groundswell_watermark_timestamp",
        "gauge",
        "seconds since 1970",
        _PARTITION,
        "event time up to which the minutes of an input partition are closed",
        "standing still while records come: the producer's timestamps do not advance",
    ),
    Metric(
        "groundswell_batch_seconds",
        "histogram",
        "seconds",
        ("stage",),
        "time to process one batch of one partition, writes included",
        "a rising tail: the broker is slow, or the machine is full",
    ),
    Metric(
        "groundswell_minutes_closed_total",
        "counter",
        "minutes",
        ("partition",),
        "minutes closed by detect on a signals partition",
        "standing still while records come: a source partition is not progressing, see watermark",
    ),
    Metric(
        "groundswell_late_partials",
        "gauge",
        "partials",
        ("partition",),
        "partials of a source that had been given up as idle; their counts went to late",
        "rising: raise idle_seconds",
    ),
    Metric(
        "groundswell_clusters",
        "gauge",
        "clusters",
        ("product",),
        "themes remembered of a product",
        "at max_clusters: raise it, or look for a flood of novel texts",
    ),
    Metric(
        "groundswell_forgotten_products",
        "gauge",
        "products",
        ("partition",),
        "products forgotten since the beginning: silent for a week, or one too many",
        "rising fast: producers make up product names",
    ),
    Metric(
        "groundswell_incidents_total",
        "counter",
        "revisions",
        ("product", "stage"),
        "incident revisions published",
        "a jump: look at the incidents; a bad change of settings, or a bad day",
    ),
    Metric(
        "groundswell_snapshot_bytes",
        "gauge",
        "bytes",
        ("partition",),
        "size of the last snapshot of the detect state",
        "growing without end: lower max_clusters",
    ),
    Metric(
        "groundswell_snapshot_timestamp",
        "gauge",
        "seconds since 1970",
        ("partition",),
        "when the last snapshot of the detect state was written",
        "old: a restart will read much again; look at the log for write errors",
    ),
    Metric(
        "groundswell_changes_total",
        "counter",
        "requests",
        ("source", "outcome"),
        "requests to the webhook of changes; accepted ones are on the log",
        "unauthorised: a secret differs; refused: the log of the sender says why; failed: Kafka",
    ),
    Metric(
        "groundswell_enrich_lag",
        "gauge",
        "revisions",
        ("partition",),
        "revisions of a partition of incidents that enrich has not dealt with yet",
        "growing: see asking; if that is 0, Kafka does not take or give, see the log",
    ),
    Metric(
        "groundswell_enrich_commands_total",
        "counter",
        "commands",
        ("kind",),
        "commands written by enrich: relate or explain",
        "flat while incidents open: look at lag and at the log",
    ),
    Metric(
        "groundswell_enrich_failures_total",
        "counter",
        "incidents",
        ("part",),
        "incidents passed over because of an error: learn, ask or write",
        "any: the log names incident and error; please report it",
    ),
    Metric(
        "groundswell_enrich_asking",
        "gauge",
        "incidents",
        ("model",),
        "incidents that wait for an answer of the model",
        "growing: the model is slow; raise model_in_flight, or lower model_timeout_seconds",
    ),
    Metric(
        "groundswell_enrich_answer_seconds",
        "histogram",
        "seconds",
        ("status",),
        "from the question to the answer, waiting for a free place included; its count is that of"
        " the answers by rca.status",
        "failed: rca.reason in the incident says why; slow: as asking",
        (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0),
    ),
    Metric(
        "groundswell_enrich_calls_total",
        "counter",
        "requests",
        ("model",),
        "questions that the model was asked",
        "a jump: many incidents; the model_calls_per_ settings bound it",
    ),
    Metric(
        "groundswell_enrich_tokens_total",
        "counter",
        "tokens",
        ("model", "direction"),
        "tokens of questions (in) and answers (out), as the server counts them",
        "too many: the model_tokens_per_ settings bound them",
    ),
    Metric(
        "groundswell_enrich_money_total",
        "counter",
        "currency of the prices",
        ("model",),
        "what the tokens cost by model_price_in and model_price_out",
        "too much: model_money_per_day bounds it",
    ),
    Metric(
        "groundswell_enrich_cache_hits_total",
        "counter",
        "answers",
        ("model",),
        "answers to the same facts that were at hand",
        "never: every incident brings new facts, or model_cache_hours is 0",
    ),
    Metric(
        "groundswell_enrich_malformed_total",
        "counter",
        "answers",
        ("model",),
        "answers that had not the form asked for",
        "often: the server ignores response_format, or model_answer_tokens is too low",
    ),
    Metric(
        "groundswell_enrich_dropped_total",
        "counter",
        "hypotheses",
        ("model",),
        "hypotheses of the model that cited no fact of the incident, and were dropped",
        "most of them: the model is too small for the task",
    ),
    Metric(
        "groundswell_enrich_breaker",
        "gauge",
        "1 or 0",
        ("model", "state"),
        "closed: the model is asked; open: it failed again and again and is left alone; trying",
        "open: look at the model's server; answers of the rules go on",
    ),
    Metric(
        "groundswell_sink_lag",
        "gauge",
        "revisions",
        _SINK,
        "incident revisions that a receiver has not been given yet",
        "growing: the receiver is away, see failures, or its max_per_minute is too low",
    ),
    Metric(
        "groundswell_sink_delivered_total",
        "counter",
        "revisions",
        _SINK,
        "incident revisions that a receiver has taken",
        "flat while incidents are published: look at lag and failures",
    ),
    Metric(
        "groundswell_sink_failures_total",
        "counter",
        "attempts",
        (*_SINK, "reason"),
        "attempts that failed and are repeated until they succeed",
        "rising: groundswell sinks test NAME says what the receiver answers",
    ),
    Metric(
        "groundswell_sink_rejected_total",
        "counter",
        "revisions",
        _SINK,
        "incident revisions that a receiver refused for good",
        "any: the log names the incident and what the receiver answered",
    ),
    Metric(
        "groundswell_sink_delivered_timestamp",
        "gauge",
        "seconds since 1970",
        _SINK,
        "when a receiver last took something, a reminder included",
        "old while lag is above 0: look at failures",
    ),
)
_LABELS = {m.name: m.labels for m in METRICS}
_PROMETHEUS = {"counter": Counter, "gauge": Gauge, "histogram": Histogram}


class Metrics:
    """The metrics of one worker, in a registry of its own; topics go by their base names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._metrics = {
            m.name: _PROMETHEUS[m.type](
                m.name,
                m.meaning,
                m.labels,
                registry=self.registry,
                **({"buckets": m.buckets} if m.buckets else {}),
            )
            for m in METRICS
        }

    def add(self, name: str, amount: float, *labels: str | int) -> None:
        """Raise a counter. Raises KeyError for a metric that is not declared."""
        self._metrics[name].labels(*map(str, labels)).inc(amount)

    def put(self, name: str, value: float, *labels: str | int) -> None:
        """Set a gauge."""
        self._metrics[name].labels(*map(str, labels)).set(value)

    def observe(self, name: str, value: float, *labels: str | int) -> None:
        """Add to a histogram."""
        self._metrics[name].labels(*map(str, labels)).observe(value)

    def counters(self, topic: str, partition: int, counters: Counters, closed: int) -> None:
        """Show where an input partition stands; `closed` is its last closed epoch minute."""
        source = (topic, partition)
        self.put("groundswell_accepted", counters.accepted, *source)
        self.put("groundswell_late", counters.late, *source)
        self.put("groundswell_duplicates", counters.duplicates, *source)
        self.put("groundswell_watermark_timestamp", (closed + 1) * 60, *source)
        for reason, count in sorted(counters.refused.items()):
            self.put("groundswell_refused", count, *source, reason)

    def forget(self, topic: str, partition: int) -> None:
        """Drop the gauges of a partition that is no longer ours; counters only stand still."""
        gone = {"topic": topic, "partition": str(partition)}
        for declared in METRICS:
            if declared.type == "gauge" and declared.labels[:2] == _PARTITION:
                self._metrics[declared.name].remove_by_labels(gone)
            elif declared.type == "gauge" and topic == SIGNALS and "partition" in declared.labels:
                self._metrics[declared.name].remove_by_labels({"partition": str(partition)})

    def remove(self, name: str, *labels: str | int) -> None:
        """Drop one series; one that is not there is fine."""
        self._metrics[name].remove_by_labels(
            dict(zip(_LABELS[name], map(str, labels), strict=True))
        )

    def text(self) -> bytes:
        """Prometheus' text form."""
        return generate_latest(self.registry)


def documentation() -> str:
    """The table of docs/metrics.md, made from the declarations."""
    rows = [
        "| metric | type, unit | labels | meaning | when it looks wrong |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| `{m.name}` | {m.type}, {m.unit} | {', '.join(m.labels)} | {m.meaning} | {m.remedy} |"
        for m in METRICS
    ]
    return "\n".join(rows) + "\n"
