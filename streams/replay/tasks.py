"""What there is to do, in pieces that processes share, and how one of them does a piece."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from sinks.files import locked
from streams.crew import Crew, mark
from streams.replay.job import Job, Report
from streams.replay.plan import Stretch

BUSY = ".busy"
"""Locked by every process that still works in the folder, also after its parent was killed."""
_GC_OBJECTS = 50_000


@dataclass(frozen=True)
class Read:
    """A stretch of one input partition through intake; done when its last chunk is there."""

    stretch: Stretch

    @property
    def size(self) -> int:
        """Offsets to go through."""
        return self.stretch.size


@dataclass(frozen=True)
class Detect:
    """The signals of all sources through detect, of one shard; `size`: signals in all chunks."""

    shard: int
    size: int


Task = Read | Detect
_doers: list[Callable[[Task, Report], None]] = []
_held = ExitStack()
"""To the end of the process."""


def run(crew: Crew, tasks: Sequence[Task], advance: Callable[[int], None]) -> None:
    """Run all, the largest first; `advance` is told the sum of what is done, now and then.

    Raises OperatorError: the first of a task, or that a process was killed.
    """
    for place in range(len(crew.marks)):
        crew.marks[place] = 0
    order = sorted(enumerate(tasks), key=lambda one: (-one[1].size, one[0]))
    for _ in crew.each(do, order, lambda: advance(sum(crew.marks))):
        pass


def prepare(job: Job) -> None:
    """Once in each process."""
    _held.enter_context(locked(job.folder / BUSY, shared=True, wait=True))
    _doers.append(_doer(job))
    # As a worker: what was built by now stays, and events make few cycles.
    gc.freeze()
    gc.set_threshold(_GC_OBJECTS)


def _doer(job: Job) -> Callable[[Task, Report], None]:
    # Here, for only who works needs what judges, and it takes a second to import.
    from streams.replay.detecting import detect
    from streams.replay.reading import read
    from streams.replay.tools import Tools

    tools = Tools(job)

    def do(task: Task, report: Report) -> None:
        match task:
            case Read(stretch=stretch):
                read(stretch, tools, report)
            case Detect(shard=shard):
                detect(shard, job, report)

    return do


def do(numbered: tuple[int, Task]) -> None:
    """The task, and how far it has come. Raises OperatorError."""
    place, task = numbered
    _doers[0](task, partial(mark, place))
    mark(place, task.size)
