"""In how many documents a word is: counts that fade, of the words that count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from sys import intern
from typing import Any

WORDS_KEPT = 4_096
"""Words with a count. A rarer one weighs what a new one does, within a few percent."""

_FORGET_BELOW = 0.5
_FORGET_SHARE = 4  # one word in so many is forgotten at a time


class Vocabulary:
    """`documents` and, of these, `df` with each word, halved every `half_life` minutes of time.

    Beyond `limit` words a quarter is forgotten: the rarest, of equals those known for longest.
    """

    __slots__ = ("_half_life", "_limit", "df", "documents", "period")

    def __init__(self, half_life: int, limit: int = WORDS_KEPT) -> None:
        self._half_life = half_life
        self._limit = limit
        self.documents = 0.0
        self.df: dict[str, float] = {}
        self.period: int = 0
        """Index of the current half-life since the epoch; the caller fades its own counts by it."""

    def advance(self, minute: int) -> None:
        """Move event time on, and halve the counts once for every half-life that has passed."""
        period = minute // self._half_life
        if period <= self.period:
            return
        fade = 0.5 ** (period - self.period)
        self.period = period
        self.documents *= fade
        faded = ((word, count * fade) for word, count in self.df.items())
        self.df = {word: count for word, count in faded if count >= _FORGET_BELOW}

    def learn(self, words: Iterable[str]) -> Sequence[str]:
        """Count one document with these distinct words; the words forgotten to make room."""
        self.documents += 1.0
        df = self.df
        for word in words:
            df[word] = df.get(word, 0.0) + 1.0
        return self._forget_rarest() if len(df) > self._limit else ()

    def _forget_rarest(self) -> Sequence[str]:
        # Sorting is stable, and a dict is in the order in which its words were first met.
        rarest = sorted(self.df, key=self.df.__getitem__)[: max(1, len(self.df) // _FORGET_SHARE)]
        forgotten = frozenset(rarest)
        self.df = {word: count for word, count in self.df.items() if word not in forgotten}
        return rarest

    def state(self) -> dict[str, Any]:
        """Plain JSON values, see `restore`."""
        return {"documents": self.documents, "period": self.period, "df": dict(self.df)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`."""
        self.documents = state["documents"]
        self.period = state["period"]
        self.df = {intern(word): count for word, count in state["df"].items()}
