"""The signals of one input partition for one shard, a closed minute after the other."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from schemas.signals import END, Partial, Progress, Signal, decode_signal
from streams.hindsight.spool import place_keeper
from streams.replay.chunks import EVERYWHERE, Chunk, Chunks
from streams.replay.plan import Stretch
from streams.replay.saved import Cursor


class Tape:
    """Plays the chunks up to before epoch minute `end_minute`.

    Of products other than `products`, if there are any, no more than their place in time.
    """

    def __init__(
        self,
        stretch: Stretch,
        chunks: Chunks,
        shard: int,
        end_minute: int,
        products: Collection[str],
        cursor: Cursor,
    ) -> None:
        self._stretch = stretch
        self.cursor = cursor
        self._chunks = chunks
        self._shard = shard
        self._end_minute = end_minute
        self._products = products
        self._chunk: Chunk | None = None

    @property
    def passed(self) -> int:
        """Signals that are behind, of all shards."""
        if self._chunk is None:
            return 0
        return self._chunk.total - len(self._chunk.signals) + self.cursor.signal

    def step(self) -> list[Signal]:
        """The next signals, up to the one that closes minutes; `cursor` is after it then."""
        taken: list[Signal] = []
        while not self.cursor.ended:
            signal = self._next()
            if isinstance(signal, Progress):
                taken.append(self._progress(signal))
                break
            if isinstance(signal, Partial):
                if signal.minute >= self._end_minute:
                    continue
                if self._products and signal.product not in self._products:
                    signal = place_keeper(signal)
            taken.append(signal)
        return taken

    def _next(self) -> Signal:
        """Every partition ends with a progress record, so there is one."""
        cursor = self.cursor
        while True:
            if self._chunk is None:
                self._chunk = self._chunks[cursor.chunk]
            signals = self._chunk.signals
            while cursor.signal < len(signals):
                shard, value = signals[cursor.signal]
                cursor.signal += 1
                if shard in (self._shard, EVERYWHERE):
                    return decode_signal(value)
            self._chunk = None
            cursor.chunk, cursor.signal = cursor.chunk + 1, 0

    def _progress(self, signal: Progress) -> Progress:
        """Of minutes after the last one that is asked for nothing is said."""
        cursor, last = self.cursor, self._end_minute - 1
        closed = signal.closed_through
        if last <= closed < END or (closed == END and self._stretch.goes_on):
            signal = msgspec.structs.replace(signal, closed_through=last)
        cursor.ended = closed >= last
        cursor.closed = signal.closed_through
        return signal
