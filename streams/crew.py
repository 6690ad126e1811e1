"""Processes that work side by side, and leave nothing behind."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from multiprocessing.connection import wait as wait_for_end
from types import TracebackType
from typing import Any, TypeVar

from streams.errors import OperatorError

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Tasks taken per process, so that none waits for its next one."""
_LOOK_SECONDS = 0.2
_SPAWN = multiprocessing.get_context("spawn")
"""Forked ones would inherit threads and locks of Kafka's client."""
_marks: list[ctypes.Array[ctypes.c_longlong]] = []


class CrewLost(OperatorError):
    """A process is gone; what is done stays done. Mend what it names and run it again."""


class Crew(AbstractContextManager["Crew"]):
    """`prepare(*given)` runs once in each process, before its first task.

    `marks`: numbers that tasks `mark`, and that can be read here meanwhile.
    """

    def __init__(
        self, processes: int, prepare: Callable[..., None], *given: Any, marks: int = 1
    ) -> None:
        self._ahead = _AHEAD * processes
        self.marks: ctypes.Array[ctypes.c_longlong] = _SPAWN.RawArray("q", marks)
        # As bytes, for what it imports may take long, and who leads may be killed meanwhile.
        preparation = pickle.dumps((prepare, given))
        self._pool = ProcessPoolExecutor(
            processes, _SPAWN, initializer=_begin, initargs=(preparation, self.marks)
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            # What they are at is not waited for.
            for child in multiprocessing.active_children():
                child.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def each(
        self,
        work: Callable[[T], R],
        tasks: Iterable[T],
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[R]:
        """The results in the order of the tasks, which are taken as they are needed.

        `meanwhile` is called now and then. Raises CrewLost, and what `work` raises.
        """
        waiting: deque[Future[R]] = deque()
        more = iter(tasks)
        try:
            while True:
                open_ = [future for future in waiting if not future.done()]
                for task in islice(more, self._ahead - len(open_)):
                    waiting.append(self._submit(work, task))
                if not waiting:
                    return
                if waiting[0].done():
                    yield waiting.popleft().result()
                else:
                    open_ = [future for future in waiting if not future.done()]
                    wait(open_, _LOOK_SECONDS, FIRST_COMPLETED)
                if meanwhile is not None:
                    meanwhile()
        except BrokenProcessPool:
            raise CrewLost(
                "a process was killed, perhaps for want of memory: run the same command again,"
                " which goes on where it stopped, with fewer --processes"
            ) from None

    def _submit(self, work: Callable[[T], R], task: T) -> Future[R]:
        # The first one starts the processes.
        with _deaf():
            return self._pool.submit(work, task)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C reaches the whole group: who is started here never hears it, we hear it later."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def mark(place: int, number: int) -> None:
    """Say how far a task has come, in a process of a crew."""
    _marks[0][place] = number


def _begin(preparation: bytes, marks: ctypes.Array[ctypes.c_longlong]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _marks.append(marks)
    prepare, given = pickle.loads(preparation)
    prepare(*given)


def _end_with_parent() -> None:
    """One that is killed cannot tell its children, and they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_end([parent.sentinel])
        os._exit(1)
