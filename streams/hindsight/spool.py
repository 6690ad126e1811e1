"""Signals kept on disk, so that they can be gone through more than once."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Self

import msgspec

from schemas.signals import Partial, Signal, decode_signal, encode_signal
from windows.alignment import Source

_OTHERS = "\0"
"""Stands for all products but one; no product can be called so."""


class Spool:
    """The signals of one partition of the topic, in order; `products` counts their reports.

    `sources`: the input partitions that detect waits for. Use it with `with`: it is a file.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self.products: Counter[str] = Counter()
        self.size = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, signal: Signal) -> None:
        """Keep one more."""
        if isinstance(signal, Partial):
            self.products[signal.product] += signal.accepted
        self._file.write(encode_signal(signal) + b"\n")
        self.size += 1

    def signals(self, product: str | None) -> Iterator[Signal]:
        """All of them; with a product, partials of others keep no more than their place in time."""
        self._file.seek(0)
        for line in self._file:
            signal = decode_signal(line)
            if product is not None and isinstance(signal, Partial) and signal.product != product:
                signal = place_keeper(signal)
            yield signal


def place_keeper(partial: Partial) -> Partial:
    """What is left of the partial of a product that nobody asks for.

    The clock of the partition hears every product.
    """
    return msgspec.structs.replace(partial, product=_OTHERS, clusters=(), totals=())
