"""Second stage: the signals of all sources through detect, shard by shard."""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from agents.detect.partition import DetectPartition
from agents.detect.snapshot import pack, unpack
from agents.incidents.lifecycle import Revision
from streams.replay import files
from streams.replay.job import Job, Report
from streams.replay.said import encode_said, order_of
from streams.replay.saved import Cursor, Saved, load, save
from streams.replay.tape import Tape

_REST = 20
"""Snapshots may take this fraction (1 / 20) of the time at the most."""


def detect(shard: int, job: Job, report: Report) -> None:
    """Go on from the last snapshot. Raises OperatorError."""
    saved = load(job, shard)
    if saved is None or not saved.ended:
        with _opened(job, shard, saved.length if saved else 0) as file:
            _Run(job, shard, saved, file).run(report)


def _opened(job: Job, shard: int, length: int) -> BinaryIO:
    """The revisions of a shard, to go on after `length` bytes: what follows was not saved."""
    path = job.shard(shard, "revisions")
    with files.writing(path):
        file = path.open("ab")
        file.truncate(length)
        return file


class _Run:
    def __init__(self, job: Job, shard: int, saved: Saved | None, file: BinaryIO) -> None:
        self._job = job
        self._shard = shard
        self._file = file
        self._range = job.plan.range
        self._partition = DetectPartition(job.detect, job.plan.sources)
        cursors = saved.cursors if saved else [Cursor() for _ in job.plan.sources]
        if saved is not None:
            self._partition.restore(unpack(saved.state))
        self._tapes = [
            Tape(stretch, job.chunks(stretch.source), shard, self._range.end_minute,
                 self._range.products, cursor)
            for stretch, cursor in zip(job.plan.stretches, cursors, strict=True)
        ]  # fmt: skip
        self._next_save = time.monotonic() + job.save_seconds

    def run(self, report: Report) -> None:
        """In the order of time: who has closed the least is heard next, so little has to wait."""
        tapes, partition = self._tapes, self._partition
        waiting = [(t.cursor.closed, n) for n, t in enumerate(tapes) if not t.cursor.ended]
        heapq.heapify(waiting)
        while waiting:
            _, n = heapq.heappop(waiting)
            tape = tapes[n]
            for signal in tape.step():
                partition.take(signal, partition.next_offset)
            for revisions in self._minutes():
                self._write(revisions)
            if not tape.cursor.ended:
                heapq.heappush(waiting, (tape.cursor.closed, n))
            if time.monotonic() >= self._next_save:
                self._save(ended=False)
            report(sum(tape.passed for tape in tapes))
        self._save(ended=True)

    def _minutes(self) -> Iterator[list[Revision]]:
        """What is said of each minute that can be closed."""
        said: list[Revision] = []
        for minute, revisions in self._partition.close_ready():
            if revisions:
                said += revisions
            elif said:
                if minute >= self._range.first_minute:
                    yield said
                said = []

    def _write(self, revisions: list[Revision]) -> None:
        products = self._range.products
        told = [r for r in revisions if not products or r.incident.product in products]
        with files.writing(self._job.shard(self._shard, "revisions")):
            for revision in sorted(told, key=lambda r: order_of(r.incident)):
                self._file.write(encode_said(revision.stage, revision.incident))

    def _save(self, *, ended: bool) -> None:
        began = time.monotonic()
        with files.writing(self._job.shard(self._shard, "revisions")):
            self._file.flush()
            os.fsync(self._file.fileno())
            length = self._file.tell()
        state: dict[str, Any] = {} if ended else self._partition.state()
        saved = Saved([tape.cursor for tape in self._tapes], length, pack(state), ended)
        save(self._job, self._shard, saved)
        now = time.monotonic()
        self._next_save = now + max(self._job.save_seconds, _REST * (now - began))
