"""What people thought of the incidents of each theme, and what that makes of its threshold."""

from typing import Any

import msgspec

from schemas.handling import Opinions

_KEPT = 1_000
"""Themes of a product; the one heard of first goes first."""
_STEP = 1.25
_LEAST, _MOST = 0.8, 3.0
_NONE = Opinions(0, 0, 1.0)


class FeedbackByTheme:
    """By `cluster_id`, kept also after the incident."""

    def __init__(self) -> None:
        self._opinions: dict[str, Opinions] = {}

    def add(self, cluster_id: str, *, useful: bool) -> None:
        """One more: the threshold of the theme falls or rises a step, within its bounds."""
        old = self._opinions.get(cluster_id, _NONE)
        factor = _within(old.factor / _STEP if useful else old.factor * _STEP)
        self._keep(cluster_id, Opinions(old.useful + useful, old.not_useful + (not useful), factor))

    def of(self, cluster_id: str) -> Opinions | None:
        """None if nobody has said anything."""
        return self._opinions.get(cluster_id)

    def factor(self, cluster_id: str) -> float:
        """What the theme's threshold is multiplied with."""
        return self._opinions.get(cluster_id, _NONE).factor

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone` is part of `into`: all opinions count, and both factors."""
        lost = self._opinions.pop(gone, None)
        if lost is not None:
            kept = self._opinions.get(into, _NONE)
            useful, not_useful = kept.useful + lost.useful, kept.not_useful + lost.not_useful
            factor = _within(kept.factor * lost.factor)
            self._keep(into, Opinions(useful, not_useful, factor))

    def _keep(self, cluster_id: str, opinions: Opinions) -> None:
        self._opinions.pop(cluster_id, None)
        self._opinions[cluster_id] = opinions
        if len(self._opinions) > _KEPT:
            del self._opinions[next(iter(self._opinions))]

    def state(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {theme: msgspec.to_builtins(said) for theme, said in self._opinions.items()}

    def restore(self, state: object) -> None:
        """Take over what `state` gave."""
        self._opinions = msgspec.convert(state, dict[str, Opinions])


def _within(factor: float) -> float:
    return round(min(max(factor, _LEAST), _MOST), 4)
