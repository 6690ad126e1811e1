"""Which partition of `signals` a signal goes to."""

from xxhash import xxh3_64_intdigest

from schemas.signals import Changed, Partial, Signal


def product_of(signal: Signal) -> str:
    """Whom it concerns; empty: every product, so it goes to all partitions."""
    if isinstance(signal, Partial):
        return signal.product
    return signal.change.product if isinstance(signal, Changed) else ""


def place_of(product: str, partitions: int) -> int:
    """The partition on which a product is judged."""
    return xxh3_64_intdigest(product.encode()) % partitions
