"""A 64-bit name for a bag of terms."""

from __future__ import annotations

from collections.abc import Iterable

from xxhash import xxh3_64_intdigest

_SEPARATOR = "\x1f"


def fingerprint(terms: Iterable[str]) -> int:
    """XXH3-64 of the sorted terms, whatever their order; the same on every machine and version.

    Terms must hold no U+001F, which separates them; those of `windows.texts.terms` never do.
    """
    return xxh3_64_intdigest(_SEPARATOR.join(sorted(terms)).encode())
