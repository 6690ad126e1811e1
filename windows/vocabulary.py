"""How telling a word is: document frequencies that fade, and inverse document frequency."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

FREQUENT_SHARE = 0.05
"""A word in more than this share of documents is frequent."""

FREQUENT_MINIMUM = 20
"""A word in fewer documents than this is never frequent: shares of a young stream say little."""

_FORGET_BELOW = 0.5


class Vocabulary:
    """Document counts per word, halved every `half_life` minutes of event time.

    idf(w) = ln(1 + n / (1 + df(w))) / ln(1 + n), with n documents of which df(w) hold the word.
    Without the divisor the idf of every word would grow with the stream, and a length computed
    long ago would be too small today.
    """

    __slots__ = ("_df", "_documents", "_half_life", "period")

    def __init__(self, half_life: int) -> None:
        self._half_life = half_life
        self._documents = 0.0
        self._df: dict[str, float] = {}
        self.period: int = 0
        """Index of the current half-life since the epoch; the caller fades its own counts by it."""

    def advance(self, minute: int) -> None:
        """Move event time on, and halve the counts once for every half-life that has passed."""
        period = minute // self._half_life
        if period <= self.period:
            return
        fade = 0.5 ** (period - self.period)
        self.period = period
        self._documents *= fade
        faded = ((word, count * fade) for word, count in self._df.items())
        self._df = {word: count for word, count in faded if count >= _FORGET_BELOW}

    def learn(self, words: Iterable[str]) -> None:
        """Count one document with these distinct words."""
        self._documents += 1.0
        for word in words:
            self._df[word] = self._df.get(word, 0.0) + 1.0

    def idf(self, word: str) -> float:
        """Inverse document frequency in (0, 1], 1 for a word of no document."""
        if not self._documents:
            return 1.0
        df = self._df.get(word, 0.0)
        return math.log1p(self._documents / (1.0 + df)) / math.log1p(self._documents)

    def split(self, words: Collection[str]) -> tuple[list[str], list[str]]:
        """The rare and the frequent among the words, each in the order given."""
        bound = max(FREQUENT_MINIMUM, FREQUENT_SHARE * self._documents)
        rare = [word for word in words if self._df.get(word, 0.0) <= bound]
        return rare, [word for word in words if self._df.get(word, 0.0) > bound]

    def state(self) -> dict[str, Any]:
        """Plain JSON values, see `restore`."""
        return {"documents": self._documents, "period": self.period, "df": dict(self._df)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`."""
        self._documents = state["documents"]
        self.period = state["period"]
        self._df = dict(state["df"])
