"""Settings of every command: one field, one setting."""

from dataclasses import replace
from typing import Annotated

import msgspec
from msgspec import Meta

from agents.detect.rules import DetectRules
from agents.incidents.rules import IncidentRules
from agents.intake.rules import IntakeRules
from streams.settings.gateway import GatewaySettings
from streams.settings.product import Product, ProductSettings


# A chain, for a struct cannot have several bases.
class Settings(GatewaySettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them; the environment wins over the file."""

    products: Annotated[
        dict[Product, ProductSettings],
        Meta(description="a table of its own for each product that is treated otherwise"),
    ] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        names = ("channel", "service", *self.attributes)
        if len(set(names)) < len(names):
            raise ValueError("name each attribute once; channel and service are always counted")

    def intake_rules(self, *, bounded: bool) -> IntakeRules:
        """What intake needs of the settings."""
        return IntakeRules(
            lateness_ms=self.lateness_ms,
            max_ahead_ms=self.max_ahead_ms,
            default_product=self.default_product,
            max_products=self.max_products,
            attributes=self.attributes,
            dedupe_slots=-(-self.dedupe_ids // 1024),
            author_seed=self.author_seed,
            bounded=bounded,
        )

    def detect_rules(self) -> DetectRules:
        """What detect needs of the settings."""
        own = {name: self._rules(settings) for name, settings in self.products.items()}
        return replace(self._rules(ProductSettings()), own=own)

    def _rules(self, product: ProductSettings) -> DetectRules:
        incidents = IncidentRules(
            min_count=product.min_count or self.min_count,
            min_authors=product.min_authors or self.min_authors,
            quiet_minutes=self.quiet_minutes,
            update_minutes=self.update_minutes,
            ack_minutes=self.ack_minutes,
            cooldown_minutes=self.cooldown_minutes,
            model=bool(self.model_url),
        )
        return DetectRules(
            clusters=self.max_clusters,
            sensitivity=product.sensitivity or self.sensitivity,
            mute=product.mute,
            incidents=incidents,
        )
