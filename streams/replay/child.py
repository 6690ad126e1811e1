"""What a process of a replay does: tasks, one after the other, until nobody sends any more."""

from __future__ import annotations

import gc
import os
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from streams.errors import OperatorError
from streams.replay import files
from streams.replay.job import Job, Report
from streams.replay.tasks import Detect, Read, Task

BUSY = ".busy"
"""Locked by every process that still works in the folder, also after its parent was killed."""
_TELL_SECONDS = 0.2
_GC_OBJECTS = 50_000


@dataclass(frozen=True)
class Advance:
    """The task has come so far."""

    done: int


@dataclass(frozen=True)
class Done:
    """The task is done."""


@dataclass(frozen=True)
class Failed:
    """`operator`: one line for the person at the terminal, else a traceback."""

    words: str
    operator: bool


Word = Advance | Done | Failed


def work(pipe: Connection, job: Job) -> None:
    """Run what comes through the pipe; end with it."""
    # Ctrl-C goes to everybody at the terminal; the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with files.locked(job.folder / BUSY, shared=True), suppress(EOFError, BrokenPipeError):
        do = _worker(job)
        # As a worker: what was built by now stays, and events make few cycles.
        gc.freeze()
        gc.set_threshold(_GC_OBJECTS)
        while True:
            task: Task = pipe.recv()
            pipe.send(_outcome(do, task, _Teller(pipe)))
    # Without waiting for the client's threads: there is nobody any more.
    os._exit(0)


def _worker(job: Job) -> Callable[[Task, Report], None]:
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
                detect(shard, tools, report)

    return do


def _outcome(do: Callable[[Task, Report], None], task: Task, teller: _Teller) -> Word:
    try:
        do(task, teller)
    except BrokenPipeError:
        raise
    except OperatorError as error:
        return Failed(str(error), operator=True)
    except Exception:
        return Failed(traceback.format_exc(), operator=False)
    return Done()


class _Teller:
    """Says how far a task has come, not too often. Raises BrokenPipeError."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._next = 0.0

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_SECONDS
            self._pipe.send(Advance(done))
