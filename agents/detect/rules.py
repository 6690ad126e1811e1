"""What detect may be told."""

from dataclasses import dataclass, field

from agents.incidents.rules import IncidentRules


@dataclass(frozen=True)
class DetectRules:
    """`clusters`: themes kept per product; beyond it the longest idle go first.

    `products`: products kept per partition of `signals`; beyond it those go first that have been
    silent for the longest time, in proportion to the minutes in which they were heard.

    `alarm` scales the thresholds: below 1 finds more and errs more.
    """

    clusters: int = 5_000
    products: int = 1_000
    alarm: float = 1.0
    incidents: IncidentRules = field(default_factory=IncidentRules)
