"""Records sorted on disk: any number of them in bounded memory."""

import os
import tempfile
from array import array
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import Self

import msgspec
import numpy as np
from xxhash import xxh3_64_intdigest

from schemas.reviews import Review
from streams.reviews.errors import SourceAway
from streams.reviews.sources.record import Record, Unreadable

_RUN_RECORDS = 50_000
_RUN_BYTES = 32 * 1024 * 1024
_READ_BYTES = 64 * 1024 * 1024
"""Of all runs together while they are merged."""


class _Held(msgspec.Struct, frozen=True, array_like=True, gc=False):
    time_ms: int
    source: str
    key: str
    review: Review | None
    unreadable: Unreadable | None


_Entry = tuple[int, str, bytes]
"""Compared as it is: the body tells apart what has one time and one source."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Held).decode


class Spool:
    """A file in `folder` that is gone at the end. Use it with `with`."""

    def __init__(
        self, folder: Path, *, run_records: int = _RUN_RECORDS, run_bytes: int = _RUN_BYTES
    ) -> None:
        """Raises SourceAway if nothing can be written there."""
        self._most = run_records, run_bytes
        self._run: list[_Entry] = []
        self._bytes = 0
        self._runs: list[tuple[int, int]] = []
        self._keys = array("Q")
        try:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed in __exit__
        except OSError as error:
            raise SourceAway(f"cannot write to {folder}: {error.strerror}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, record: Record) -> None:
        """Keep one more. Raises SourceAway if the disk is full."""
        said = record.said
        review = said if isinstance(said, Review) else None
        unreadable = said if isinstance(said, Unreadable) else None
        body = _encode(_Held(record.time_ms, record.source, record.key, review, unreadable))
        self._keys.append(xxh3_64_intdigest(record.key.encode()))
        self._run.append((record.time_ms, record.source, body))
        self._bytes += len(body)
        if len(self._run) >= self._most[0] or self._bytes >= self._most[1]:
            self._write()

    def records(self) -> Iterator[Review | Unreadable]:
        """All of them in order; of those with one key only the first review is one."""
        self._run.sort()
        buffer = max(16 * 1024, _READ_BYTES // (len(self._runs) + 1))
        runs = [self._read(start, end, buffer) for start, end in self._runs]
        repeated = self._repeated()
        seen: dict[str, int] = {}
        for _, _, body in merge(*runs, self._run):
            held = _decode(body)
            said = held.review or held.unreadable
            assert said is not None
            if repeated and xxh3_64_intdigest(held.key.encode()) in repeated:
                times = seen[held.key] = seen.get(held.key, 0) + 1
                if times > 1:
                    said = _again(said, held.key, times)
            yield said

    def _write(self) -> None:
        self._run.sort()
        try:
            start = self._file.seek(0, os.SEEK_END)
            for _, _, body in self._run:
                self._file.write(len(body).to_bytes(4, "little") + body)
            self._file.flush()
        except OSError as error:
            raise SourceAway(f"cannot keep what is read: {error.strerror}") from None
        self._runs.append((start, self._file.tell()))
        self._run.clear()
        self._bytes = 0

    def _read(self, start: int, end: int, buffer: int) -> Iterator[_Entry]:
        number, block = self._file.fileno(), b""
        at = 0
        while start < end or at < len(block):
            # A body that does not lie whole in the block comes with the next one.
            size = int.from_bytes(block[at : at + 4], "little") if at + 4 <= len(block) else -1
            if size < 0 or at + 4 + size > len(block):
                wanted = min(max(buffer, size + 4), end - start)
                block, at = block[at:] + os.pread(number, wanted, start), 0
                start += wanted
                continue
            body = block[at + 4 : at + 4 + size]
            at += 4 + size
            held = _decode(body)
            yield held.time_ms, held.source, body

    def _repeated(self) -> frozenset[int]:
        """Hashes of the keys that may have come more than once."""
        keys, counts = np.unique(np.frombuffer(self._keys, dtype=np.uint64), return_counts=True)
        return frozenset(keys[counts > 1].tolist())


def _again(said: Review | Unreadable, key: str, times: int) -> Unreadable:
    # What is named by its key needs a name of its own; an id has no # in it.
    source = f"{said.source}#{times}" if said.source == key else said.source
    if isinstance(said, Unreadable):
        return msgspec.structs.replace(said, source=source)
    return Unreadable(source, "duplicate_id", "an earlier review of the day has the same id")
