"""The metrics of one process, in a registry of its own."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from schemas.signals import Counters
from schemas.topics import SIGNALS
from streams.metrics import assistant, bank, gateway, others, wording, worker
from streams.metrics.metric import PARTITION

METRICS = (
    *worker.METRICS,
    *others.METRICS,
    *bank.METRICS,
    *wording.METRICS,
    *assistant.METRICS,
    *gateway.METRICS,
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
        self._series: dict[tuple[str | int, ...], Any] = {}

    def add(self, name: str, amount: float, *labels: str | int) -> None:
        """Raise a counter. Raises KeyError for a metric that is not declared."""
        self._one(name, *labels).inc(amount)

    def put(self, name: str, value: float, *labels: str | int) -> None:
        """Set a gauge."""
        self._one(name, *labels).set(value)

    def observe(self, name: str, value: float, *labels: str | int) -> None:
        """Add to a histogram."""
        self._one(name, *labels).observe(value)

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
        self._series.clear()
        gone = {"topic": topic, "partition": str(partition)}
        for declared in METRICS:
            if declared.type == "gauge" and declared.labels[:2] == PARTITION:
                self._metrics[declared.name].remove_by_labels(gone)
            elif declared.type == "gauge" and topic == SIGNALS and "partition" in declared.labels:
                self._metrics[declared.name].remove_by_labels({"partition": str(partition)})

    def remove(self, name: str, *labels: str | int) -> None:
        """Drop one series; one that is not there is fine."""
        self._series.clear()
        self._metrics[name].remove_by_labels(
            dict(zip(_LABELS[name], map(str, labels), strict=True))
        )

    def _one(self, *named: str | int) -> Any:
        """The series of a metric's name and its labels, looked up once: that takes its time."""
        found = self._series.get(named)
        if found is None:
            name, *labels = named
            found = self._series[named] = self._metrics[str(name)].labels(*map(str, labels))
        return found

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
