"""What intake may be told; the deployment's settings become one of these."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IntakeRules:
    """Same rules and same records, same partials.

    `lateness_ms`: how far behind its partition's newest record an event still counts.
    `max_ahead_ms`: how far an event may be dated after its own record.
    `attributes`: event attributes by which counts are sliced, besides channel and service.
    `author_seed`: seeds the hash that stands for an author, so that sketches of two
    installations cannot be joined.
    `bounded`: honour the end-of-input record; never on a live log, where anyone could end it.
    """

    lateness_ms: int = 10_000
    max_ahead_ms: int = 300_000
    default_product: str = "default"
    max_products: int = 200
    attributes: tuple[str, ...] = ("app_version", "os", "region", "device")
    dedupe_slots: int = 128
    author_seed: int = 0
    bounded: bool = False

    @property
    def leaf_names(self) -> tuple[str, ...]:
        """Names of a leaf's values."""
        return ("channel", "service", *self.attributes)
