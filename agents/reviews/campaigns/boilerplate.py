"""What a source adds to the texts of its authors: a header, a footer, the labels of a form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE = 20_000
"""Different texts that tell."""
_COMMON, _TEXTS = 0.1, 100
"""A minimum that more than this share of the different texts have, and more texts than this, comes
of no author: the commonest phrase is the minimum of one text in a hundred."""
_SPREAD = 0.3
"""Share of the products that must have it: a campaign is about few."""
_REVIEWED = 4
"""Different texts of a product that make it one of these."""


class Boilerplate:
    """The minima of sketches that come of it, learnt from different texts.

    `drawn`: their sketches; `product`: the number of the product of each.
    """

    def __init__(self, drawn: NDArray[np.uint16], product: NDArray[np.int64]) -> None:
        least = max(_TEXTS, _COMMON * len(drawn))
        reviewed = np.bincount(product, minlength=1) >= _REVIEWED
        self._common: dict[int, list[int]] = {}
        for column in range(drawn.shape[1]):
            for value in np.flatnonzero(np.bincount(drawn[:, column]) > least).tolist():
                seen = np.zeros(len(reviewed), bool)
                seen[product[drawn[:, column] == value]] = True
                if np.count_nonzero(seen & reviewed) >= _SPREAD * np.count_nonzero(reviewed):
                    self._common.setdefault(column, []).append(value)

    def __bool__(self) -> bool:
        return bool(self._common)

    def removed(self, drawn: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """Sketches with 0 for every minimum that comes of it."""
        if not self._common:
            return drawn
        own = drawn.copy()
        for column, values in self._common.items():
            own[np.isin(own[:, column], values), column] = 0
        return own
