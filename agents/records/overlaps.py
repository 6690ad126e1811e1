"""What stands at places of a text, soon found by them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, TypeVar

from schemas.records import Span

_T = TypeVar("_T")


class Overlaps(Generic[_T]):
    """Things by their place, in order of where they begin."""

    def __init__(self, placed: Iterable[tuple[Span, _T]]) -> None:
        ordered = sorted(placed, key=lambda one: one[0].start)
        self._spans = [span for span, _ in ordered]
        self._starts = [span.start for span in self._spans]
        self._things = [thing for _, thing in ordered]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def of(self, span: Span) -> list[tuple[Span, _T]]:
        """Those that overlap a place."""
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, span.end, first)
        near = zip(self._spans[first:last], self._things[first:last], strict=True)
        return [one for one in near if one[0].end > span.start]
