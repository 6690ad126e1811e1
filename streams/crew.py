"""Processes that work side by side, and leave nothing behind."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, TypeVar

from streams.errors import OperatorError

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Tasks taken per process, so that none waits for its next one."""


class CrewLost(OperatorError):
    """A process is gone; what is done stays done. Mend what it names and run it again."""


class Crew(AbstractContextManager["Crew"]):
    """`prepare(*given)` runs once in each process, before its first task."""

    def __init__(self, processes: int, prepare: Callable[..., None], *given: Any) -> None:
        self._ahead = _AHEAD * processes
        self._pool = ProcessPoolExecutor(
            processes,
            # Forked ones would inherit threads and locks of Kafka's client.
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(prepare, given),
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

    def each(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """The results in the order of the tasks, which are taken as they are needed.

        Raises CrewLost, and what `work` raises.
        """
        waiting: deque[Future[R]] = deque()
        try:
            for task in tasks:
                waiting.append(self._pool.submit(work, task))
                if len(waiting) >= self._ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise CrewLost(
                "a process was killed, perhaps for want of memory: run the same command again,"
                " which goes on where it stopped, with fewer --processes"
            ) from None


def _begin(prepare: Callable[..., None], given: tuple[Any, ...]) -> None:
    # Ctrl-C reaches the whole group; the one who leads it decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*given)


def _end_with_parent() -> None:
    """One that is killed cannot tell its children, and they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
