"""What detect may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agents.incidents.rules import IncidentRules

Sensitivity = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class DetectRules:
    """`clusters`: themes kept per product; beyond it the longest idle go first.

    `products`: products kept per partition of `signals`; beyond it those go first that have been
    silent for the longest time, in proportion to the minutes in which they were heard.

    `sensitivity`: how many false incidents are allowed. `mute`: themes that open none, see `Mutes`.
    `own`: the rules of the products that have rules of their own, by name.
    """

    clusters: int = 5_000
    products: int = 1_000
    sensitivity: Sensitivity = "medium"
    mute: tuple[str, ...] = ()
    incidents: IncidentRules = field(default_factory=IncidentRules)
    own: "Mapping[str, DetectRules]" = field(default_factory=dict)

    def for_product(self, product: str) -> "DetectRules":
        """The rules of a product."""
        return self.own.get(product, self)
