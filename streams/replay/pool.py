"""Processes that share the tasks of a replay, none of which outlives it."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Self

from streams.errors import OperatorError
from streams.replay.child import Advance, Failed, Word, work
from streams.replay.errors import Interrupted
from streams.replay.job import Job
from streams.replay.tasks import Task

_SPAWN = multiprocessing.get_context("spawn")
"""A fork would share the threads and locks of the Kafka client."""
_LOOK_SECONDS = 0.5


class _Child:
    def __init__(self, job: Job) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.task: int | None = None
        self.process = _SPAWN.Process(target=work, args=(theirs, job), daemon=True)
        # It must not die by a Ctrl-C either while it is still importing.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.process.start()
        finally:
            signal.signal(signal.SIGINT, before)
            # Else it would hold its own pipe open, and its end would not be noticed.
            theirs.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool(AbstractContextManager["Pool"]):
    """Use it with `with`: in the end all processes are gone."""

    def __init__(self, job: Job, processes: int) -> None:
        self._job = job
        self._size = processes
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What is done is on disk, and half a file is none: there is nothing to wait for.
        for child in self._children:
            child.kill()

    def run(self, tasks: Sequence[Task], advance: Callable[[int], None]) -> None:
        """Run all, the largest first; `advance` is told the sum of what is done, now and then.

        Raises OperatorError: the first of a task, or that a process was killed.
        """
        order = deque(sorted(range(len(tasks)), key=lambda n: (-tasks[n].size, n)))
        done = [0] * len(tasks)
        while len(self._children) < min(self._size, len(tasks)):
            self._children.append(_Child(self._job))
        while True:
            for child in self._children:
                if child.task is None and order:
                    child.task = order.popleft()
                    self._send(child, tasks[child.task])
            busy = {child.pipe: child for child in self._children if child.task is not None}
            if not busy:
                return
            for pipe in wait(list(busy), _LOOK_SECONDS):
                assert isinstance(pipe, Connection)
                self._hear(busy[pipe], tasks, done)
            advance(sum(done))

    def _send(self, child: _Child, task: Task) -> None:
        try:
            child.pipe.send(task)
        except BrokenPipeError:
            raise self._ended(child) from None

    def _hear(self, child: _Child, tasks: Sequence[Task], done: list[int]) -> None:
        try:
            word: Word = child.pipe.recv()
        except (EOFError, ConnectionResetError):
            raise self._ended(child) from None
        assert child.task is not None
        match word:
            case Advance(done=so_far):
                done[child.task] = so_far
            case Failed(words=words, operator=operator):
                raise OperatorError(words) if operator else RuntimeError(words)
            case _:
                done[child.task] = tasks[child.task].size
                child.task = None

    def _ended(self, child: _Child) -> Interrupted:
        child.process.join(_LOOK_SECONDS)
        code = child.process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"
        return Interrupted(
            f"a process of the replay ended {how} (out of memory?); what is done is kept: run the"
            " same command again, with fewer --processes if need be"
        )
