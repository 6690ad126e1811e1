"""What is said of a metric."""

from dataclasses import dataclass
from typing import Literal


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


PARTITION = ("topic", "partition")
"""Labels of what an input or signals partition has."""
