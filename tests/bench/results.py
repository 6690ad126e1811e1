"""What a benchmark hands over: a table, and goals that are met or not."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Value = str | int | float


@dataclass(frozen=True)
class Goal:
    """A ratio or figure that must not be above `limit`."""

    name: str
    value: float
    limit: float

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.value <= self.limit


@dataclass(frozen=True)
class Result:
    """Rows of one table, all with the same columns."""

    title: str
    rows: list[dict[str, Value]]
    goals: list[Goal] = field(default_factory=list)

    def show(self, console: Console) -> None:
        """Print the table and its goals."""
        table = Table(title=self.title, title_justify="left")
        for name in self.rows[0]:
            table.add_column(name, justify="left" if name == next(iter(self.rows[0])) else "right")
        for row in self.rows:
            table.add_row(*map(_word, row.values()))
        console.print(table)
        for goal in self.goals:
            verdict = "[green]met" if goal.met else "[red]missed"
            console.print(f"{goal.name}: {goal.value:.2f}, goal <= {goal.limit:g}: {verdict}")

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"goals": [asdict(g) | {"met": g.met} for g in self.goals]}


@dataclass(frozen=True)
class Bench:
    """What every benchmark is given.

    `events` replaces the number of events of intake, soak, partitions and delivery, for a trial
    run.
    """

    bootstrap: str
    home: Path
    seed: int
    quick: bool
    events: int | None
    console: Console

    def count(self, full: int, quick: int) -> int:
        """How many events to send."""
        return self.events or (quick if self.quick else full)

    def say(self, line: str) -> None:
        """Show progress."""
        self.console.print(f"[dim]{line}")


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank; not a number if there are none."""
    if not values:
        return math.nan
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def _word(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else value
