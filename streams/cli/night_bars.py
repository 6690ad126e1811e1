"""What a night does, on stderr: a bar at a terminal, a line a stage elsewhere."""

from __future__ import annotations

import time
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_EVERY_S = 30.0


class NightBars:
    """Follows one night after the other; use it with `with`.

    Between them, and after `rest`, the terminal belongs to others.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description:20}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None, visible=False)
        self._name = ""
        self._records = 0
        self._told = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """Off the screen until the next stage."""
        self._progress.stop()

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins."""
        self._progress.start()
        self._name, self._records, self._told = name, 0, time.monotonic()
        self._progress.reset(self._task, description=name, total=total, visible=True)
        if not self._console.is_terminal:
            of = f" of {total:,}" if total is not None else ""
            self._console.print(f"{name}{of} ...", markup=False, highlight=False)

    def done(self, records: int) -> None:
        """So many records more went through it."""
        self._records += records
        self._progress.update(self._task, completed=self._records)
        if not self._console.is_terminal and time.monotonic() - self._told > _EVERY_S:
            self._told = time.monotonic()
            self._console.print(f"{self._name}: {self._records:,}", markup=False, highlight=False)

    def asked(self, done: int, of: int) -> None:
        """So many of the questions to a language model have an answer."""
        self._progress.update(self._task, completed=done, total=of)
