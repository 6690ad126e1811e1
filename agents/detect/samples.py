"""Evidence: a few redacted texts of a theme's last minutes."""

from collections import deque
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import msgspec

from schemas.signals import Sample

_A_MINUTE = 6
_MINUTES = 6
"""Minutes in which the theme was heard, not minutes in a row."""
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Sample]).decode


class Samples:
    """Distinct texts of each of the last minutes heard, packed: they are rarely looked at."""

    __slots__ = ("_minutes",)

    def __init__(self) -> None:
        self._minutes: deque[tuple[int, bytes]] = deque()

    def add(self, minute: int, samples: Iterable[Sample], onset: int | None) -> None:
        """Take those of an epoch minute; the first ones since the `onset` of an incident stay."""
        full = len(self._minutes) >= _MINUTES
        if full and onset is not None and self._minutes[0][0] >= onset:
            return
        distinct: dict[str, Sample] = {}
        for sample in samples:
            distinct.setdefault(sample.text, sample)
            if len(distinct) == _A_MINUTE:
                break
        if not distinct:
            return
        if full:
            self._minutes.popleft()
        self._minutes.append((minute, _pack(list(distinct.values()))))

    def merge(self, other: "Samples", onset: int | None) -> None:
        """Take those of another theme too; as in `add`, the first ones since `onset` stay."""
        both = sorted((*self._minutes, *other._minutes), key=itemgetter(0))
        since = [entry for entry in both if onset is not None and entry[0] >= onset]
        full = len(since) >= _MINUTES
        self._minutes = deque(since[:_MINUTES] if full else both[-_MINUTES:])

    def since(self, minute: int) -> list[Sample]:
        """Samples from the epoch `minute` on, oldest minute first."""
        return [s for at, packed in self._minutes if at >= minute for s in _unpack(packed)]

    def forget(self, before: int) -> None:
        """Drop the minutes before an epoch minute."""
        while self._minutes and self._minutes[0][0] < before:
            self._minutes.popleft()

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return list(self._minutes)

    @classmethod
    def of_state(cls, state: Iterable[tuple[int, bytes]]) -> "Samples":
        """Take over what `state` gave."""
        samples = cls()
        samples._minutes.extend((minute, packed) for minute, packed in state)
        return samples
