"""Turns that wait: sessions side by side, one session in order."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST_BEHIND = 2
"""That wait behind the one being worked on, of one session."""
_SMOOTH = 0.05


class Lines(Generic[T]):
    """`side_by_side` are worked on at once, `most` are in all; `work` raises nothing."""

    def __init__(
        self,
        work: Callable[[T], Awaitable[None]],
        *,
        side_by_side: int,
        most: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work = work
        self._room = asyncio.Semaphore(side_by_side)
        self._most = most
        self._lines: dict[Hashable, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._clock = clock
        self._begun = 0
        self._waiting = 0
        self._each_s = 0.0
        self._ended = 0.0
        self._since = 0.0

    @property
    def working(self) -> int:
        """How many are worked on."""
        return self._begun

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting

    @property
    def patience_s(self) -> float:
        """About how long the next one would wait for room."""
        return self._waiting * self._each_s

    def __contains__(self, name: object) -> bool:
        """Whether somebody of this name is worked on, or waits."""
        return name in self._lines

    def put(self, name: Hashable, one: T) -> bool:
        """Take it into the line of this name; False if that is too long, or all of them are."""
        line = self._lines.get(name)
        if self._waiting + self._begun >= self._most or (line and len(line) > MOST_BEHIND):
            return False
        if not self._waiting:
            self._since = self._clock()
        self._waiting += 1
        if line is None:
            line = self._lines[name] = deque()
            task = asyncio.create_task(self._walk(name, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line.append(one)
        return True

    def take_out(self, unwanted: Callable[[T], bool]) -> list[T]:
        """Those that wait and are not wanted any more."""
        out = []
        for line in self._lines.values():
            # The first may have begun.
            for one in [one for one in list(line)[1:] if unwanted(one)]:
                line.remove(one)
                out.append(one)
        self._waiting -= len(out)
        # What is left belongs to other times.
        self._each_s = 0.0
        return out

    async def _walk(self, name: Hashable, line: deque[T]) -> None:
        while line:
            async with self._room:
                self._waiting -= 1
                self._begun += 1
                try:
                    await self._work(line[0])
                finally:
                    self._begun -= 1
                    line.popleft()
                    self._count()
        del self._lines[name]

    def _count(self) -> None:
        """One has ended: how long from one end to the next while others wait for room."""
        before, self._ended = self._ended, self._clock()
        if self._waiting:
            # Nobody waited before that: there was nothing to end.
            took = self._ended - max(before, self._since)
            self._each_s += _SMOOTH * (took - self._each_s)
        else:
            self._each_s = 0.0
