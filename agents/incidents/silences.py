"""Themes that nobody wants to hear of for a while."""

from typing import Any

import msgspec

from schemas.handling import Silencing
from schemas.times import Timestamp

_KEPT = 1_000
"""Silenced themes of a product; the one silenced first goes first."""


class Silences:
    """By `cluster_id`, whether the theme has an incident or not; time is event time."""

    def __init__(self) -> None:
        self._silences: dict[str, Silencing] = {}

    def begin(self, cluster_id: str, silence: Silencing) -> None:
        """From now on until it ends."""
        self._silences.pop(cluster_id, None)
        self._silences[cluster_id] = silence
        if len(self._silences) > _KEPT:
            del self._silences[next(iter(self._silences))]

    def end(self, cluster_id: str) -> None:
        """Speak again."""
        self._silences.pop(cluster_id, None)

    def of(self, cluster_id: str, now: Timestamp) -> Silencing | None:
        """The silence of a theme, if it lasts."""
        silence = self._silences.get(cluster_id)
        if silence is None or silence.until <= now:
            return None
        return silence

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone` is part of `into`; the silence that lasts longer stays."""
        both = [self._silences.pop(theme, None) for theme in (into, gone)]
        if silences := [silence for silence in both if silence is not None]:
            self.begin(into, max(silences, key=lambda silence: silence.until))

    def state(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {theme: msgspec.to_builtins(s) for theme, s in self._silences.items()}

    def restore(self, state: object) -> None:
        """Take over what `state` gave."""
        self._silences = msgspec.convert(state, dict[str, Silencing])
