"""Every metric, declared once with type, unit, meaning and remedy, and where they are counted."""

from streams.metrics.registry import METRICS, Metrics, documentation

__all__ = ["METRICS", "Metrics", "documentation"]
