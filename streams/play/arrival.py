"""When recorded messages arrived, told from their event times and their order in the file."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeVar

from schemas.times import EARLIEST_MS, LATEST_MS

T = TypeVar("T")
_NEIGHBOURS = 25
_HELD = 10_000
"""Items held back while none has named a time yet: what comes first arrived first."""


def arrivals(timed: Iterable[tuple[T, int | None]], now_ms: int) -> Iterator[tuple[T, int]]:
    """Give each item the running median of the times around it, never falling, never ahead of now.

    A file in order of arrival holds late records, and some dated in the future; neither may pass
    for the time of arrival. The median over 2 x 25 + 1 neighbours is moved by neither.
    """
    window: deque[int] = deque()
    ordered: list[int] = []
    waiting: deque[T] = deque()
    last = 0

    def median() -> int:
        nonlocal last
        last = max(last, min(ordered[len(ordered) // 2], now_ms)) if ordered else now_ms
        return last

    for item, time_ms in timed:
        waiting.append(item)
        if time_ms is not None and EARLIEST_MS <= time_ms <= LATEST_MS:
            window.append(time_ms)
            insort(ordered, time_ms)
            if len(window) > 2 * _NEIGHBOURS + 1:
                del ordered[bisect_left(ordered, window.popleft())]
        while len(waiting) > (_NEIGHBOURS if ordered else _HELD):
            yield waiting.popleft(), median()
    while waiting:
        yield waiting.popleft(), median()
