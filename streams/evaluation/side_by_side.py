"""Simulations judged side by side, one on each core."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from os import cpu_count
from typing import TypeVar

from streams.errors import OperatorError

Job = TypeVar("Job")
Judged = TypeVar("Judged")


class Stopped(OperatorError):
    """A process was ended from outside, as for want of memory: make room, and run it again."""


def side_by_side(
    task: str,
    judge: Callable[[Job], Judged],
    jobs: Sequence[Job],
    report: Callable[[str], None],
) -> Iterator[Judged]:
    """In the order of `jobs`, on as many processes as there are cores. Raises Stopped.

    `judge` is a function of a module, for processes import it; `report` is told how many are done.
    """

    def say(done: int) -> None:
        report(f"{task}: {done} of {len(jobs)} simulations done")

    workers = min(cpu_count() or 1, len(jobs))
    if workers == 1:
        for done, job in enumerate(jobs):
            say(done)
            yield judge(job)
        return
    say(0)
    with ProcessPoolExecutor(
        workers, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    ) as pool:
        running = [pool.submit(judge, job) for job in jobs]
        try:
            for done, one in enumerate(as_completed(running), 1):
                one.result()
                say(done)
        except BrokenProcessPool:
            raise Stopped(
                f"{task}: a process was ended from outside: make room in memory for {workers}"
            ) from None
        except BaseException:
            # Whoever interrupts does not wait for the simulations that have begun.
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                child.terminate()
            raise
        yield from (one.result() for one in running)
