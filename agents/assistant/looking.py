"""Looking takes long: the person hears that somebody looks."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agents.assistant.tools import Done, Failed, Fetched, Toolbox
from schemas.tools import ReadCall, WriteCall

SOON_MS = 400.0
"""People who have heard nothing for longer begin to doubt that anybody is there."""


class Looking:
    """A toolbox that calls `tell`, once, when its reads and the rest of the turn have taken long;
    never while it is open what becomes of a write."""

    def __init__(
        self, tools: Toolbox, tell: Callable[[], None], left_ms: Callable[[], float]
    ) -> None:
        self._tools = tools
        self._tell = tell
        self._left_ms = left_ms
        self._until = left_ms() - SOON_MS
        self._told = False

    async def read(self, call: ReadCall) -> Fetched | Failed:
        """Facts of this person."""
        with self.waiting():
            return await self._tools.read(call)

    async def write(self, call: WriteCall, key: str) -> Done | Failed:
        """An effect the person has confirmed."""
        return await self._tools.write(call, key)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """For what is awaited within."""
        if self._told:
            yield
            return
        wait_s = max(0.0, self._left_ms() - self._until) / 1000
        timer = asyncio.get_running_loop().call_later(wait_s, self._say)
        try:
            yield
        finally:
            timer.cancel()

    def _say(self) -> None:
        self._told = True
        self._tell()
