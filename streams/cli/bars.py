"""Progress of a bounded run: bytes played, then records accounted for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

Bars = tuple[Callable[[int], None], Callable[[int, int], None]]


@contextmanager
def run_bars(console: Console, bytes_total: int) -> Iterator[Bars]:
    """(played(bytes), accounted(done, total)), shown on a terminal and silent elsewhere."""
    columns = (
        TextColumn("{task.description:9}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as p:
        playing = p.add_task("playing", total=max(1, bytes_total))
        reading = p.add_task("detecting", total=None)
        yield (
            lambda size: p.advance(playing, size),
            lambda done, total: p.update(reading, completed=done, total=max(1, total)),
        )
