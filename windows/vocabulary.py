"""In how many documents a word is: counts that fade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_FORGET_BELOW = 0.5


class Vocabulary:
    """`documents` and, of these, `df` with each word, halved every `half_life` minutes of time."""

    __slots__ = ("_half_life", "df", "documents", "period")

    def __init__(self, half_life: int) -> None:
        self._half_life = half_life
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

    def learn(self, words: Iterable[str]) -> None:
        """Count one document with these distinct words."""
        self.documents += 1.0
        for word in words:
            self.df[word] = self.df.get(word, 0.0) + 1.0

    def state(self) -> dict[str, Any]:
        """Plain JSON values, see `restore`."""
        return {"documents": self.documents, "period": self.period, "df": dict(self.df)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`."""
        self.documents = state["documents"]
        self.period = state["period"]
        self.df = dict(state["df"])
