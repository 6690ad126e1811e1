"""Log templates: production's miner with one setting on labelled lines of many systems."""

import csv
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import NamedTuple

from streams.errors import OperatorError
from streams.evaluation.drain import drain3
from streams.evaluation.row import Row
from windows.templates import Templates

TASK = "log templates"
_PUBLISHED = "published, 16 systems, tuned on each: Brain 0.983, Drain 0.865"
_LABELLED = ("*_structured_corrected.csv", "*_structured.csv")
_RUNS = 3

Miner = Callable[[Sequence[str]], list[int]]
"""Takes the lines of one system in order, gives the number of each line's group."""


class NoLabelledLogs(OperatorError):
    """The folder holds no system in the layout of loghub-2k."""


class Grouping(NamedTuple):
    """GA and FGA; both count a group only if it is exactly a true one."""

    accuracy: float
    f1: float


class System(NamedTuple):
    """The lines of one program and their true templates."""

    name: str
    lines: list[str]
    labels: list[str]


class _Result(NamedTuple):
    groupings: list[Grouping]
    speed: float


def grouping(found: Sequence[Hashable], true: Sequence[Hashable]) -> Grouping:
    """How far two partitions of the same lines have the same groups.

    GA is the share of lines in groups of `found` that equal a group of `true`. FGA is the harmonic
    mean of the share of such groups in `found` and in `true` (Jiang et al., Loghub-2.0, 2024).
    Raises ValueError if the lengths differ or are 0.
    """
    if not found:
        raise ValueError("no lines to compare")
    overlaps = Counter(zip(found, true, strict=True))
    mine, theirs = Counter(found), Counter(true)
    exact = [size for (a, b), size in overlaps.items() if size == mine[a] == theirs[b]]
    return Grouping(sum(exact) / len(found), 2 * len(exact) / (len(mine) + len(theirs)))


def evaluate(data: Path) -> list[Row]:
    """GA, FGA and speed on a folder in loghub-2k's layout: each system, and the means.

    drain3 runs on the same lines if it is installed. Raises NoLabelledLogs.
    """
    systems = read(data)
    ours = _measured(mine, systems)
    peers = {name: _measured(miner, systems) for name, miner in drain3().items()}
    rows = []
    for place, (measure, goal, known) in enumerate(
        [("grouping accuracy", 0.90, f"; {_PUBLISHED}"), ("F1 of grouping", 0.85, "")]
    ):
        figures = [grouping[place] for grouping in ours.groupings]
        others = {n: [g[place] for g in peer.groupings] for n, peer in peers.items()}
        for n, system in enumerate(systems):
            beside = _words({name: f"{values[n]:.3f}" for name, values in others.items()})
            rows.append(Row(TASK, system.name, measure, figures[n], None, True, beside))
        beside = _words({name: f"{fmean(values):.3f}" for name, values in others.items()})
        rows.append(Row(TASK, "mean", measure, fmean(figures), goal, True, beside + known))
    beside = _words({name: f"{peer.speed:.0f}" for name, peer in peers.items()})
    # With masks, as ours; without them drain3 does less.
    goal_speed = next((peer.speed for peer in peers.values()), None)
    return [*rows, Row(TASK, "all", "lines/s", ours.speed, goal_speed, True, beside)]


def read(data: Path) -> list[System]:
    """The systems of a folder, one folder each, by name; corrected labels where there are some.

    Raises NoLabelledLogs.
    """
    systems = []
    for folder in sorted(data.iterdir()) if data.is_dir() else ():
        files = [file for pattern in _LABELLED for file in sorted(folder.glob(pattern))]
        if files:
            with files[0].open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
            content, labels = ([row[k] for row in rows] for k in ("Content", "EventTemplate"))
            systems.append(System(folder.name, content, labels))
    if not systems:
        raise NoLabelledLogs(f"{data}: no folder here has a {' or a '.join(_LABELLED)}")
    return systems


def mine(lines: Sequence[str]) -> list[int]:
    """Groups of production's miner in one pass, with its defaults; merges count to the end."""
    templates = Templates()
    ids = [templates.assign(line, 0) for line in lines]
    return [templates.root(key) for key in ids]


def _measured(miner: Miner, systems: Sequence[System]) -> _Result:
    """Each system with a fresh miner; the speed is over all lines, the best of some runs."""
    groupings = []
    seconds = 0.0
    for system in systems:
        fastest = float("inf")
        for _ in range(_RUNS):
            start = perf_counter()
            found = miner(system.lines)
            fastest = min(fastest, perf_counter() - start)
        seconds += fastest
        groupings.append(grouping(found, system.labels))
    return _Result(groupings, sum(len(system.lines) for system in systems) / seconds)


def _words(peers: dict[str, str]) -> str:
    if not peers:
        return "drain3 is not installed"
    return ", ".join(f"{name} {figure}" for name, figure in peers.items())
