"""How far a replay has come, on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

_LINE_SECONDS = 10.0
_UNITS = {"reading": "records", "detecting": "signals"}

Show = Callable[[str, int, int], None]


@contextmanager
def replay_bars() -> Iterator[Show]:
    """`show(stage, done, total)`: a bar a stage on a terminal, a line now and then elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description:9}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {name: bars.add_task(name, total=None, start=False) for name in _UNITS}

        def show(stage: str, done: int, total: int) -> None:
            bars.start_task(tasks[stage])
            bars.update(tasks[stage], completed=done, total=max(1, total))

        yield show


class _Lines:
    def __init__(self) -> None:
        self._stage = ""
        self._began = self._next = 0.0
        self._from = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._from = stage, now, done
            self._next = now + _LINE_SECONDS
        if now < self._next:
            return
        self._next = now + _LINE_SECONDS
        line = f"{stage} {min(done, total):,} of {total:,} {_UNITS[stage]}"
        if (gained := done - self._from) > 0:
            left = (now - self._began) * (total - done) / gained
            line += f", about {max(0.0, left):,.0f} s left"
        click.echo(line, err=True)
