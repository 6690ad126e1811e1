"""Tables with a spike whose cause is known: made up from a seed, or read from a folder.

A folder holds CSV files and `truth.json`:

    {"cases": [{"file": "0001.csv", "time": "minute", "value": "failed", "count": "orders",
                "onset": "2026-03-10T10:00:00Z", "causes": [{"os": "ios"}], "scenario": "one"}]}

`count` is null for tables without counts; `causes` is empty if the cause lies outside of the
columns, and has several entries if several slices break at once; `scenario` may be left out. All
other columns are attributes. `onset` is written like the times of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

import msgspec
import numpy as np

from streams.errors import OperatorError
from streams.evaluation.slice_world import ONSET_MS, Cause, World, made
from streams.tables import read as read_table
from windows.forecasts import Records

INSIDE = ("one", "two", "three")
OUTSIDE = ("unrecorded", "tilted", "scattered", "surge", "growth")
"""A cause in an attribute that the table lacks; everything rises, some values by more; random
combinations rise; more traffic; for ratios the largest value has more traffic at its usual rate."""

STANDARD = World()
VARIANTS = {
    "few rows": World(
        attributes=(3, 4), cards=(2, 7), before=(5, 12), after=(1, 3), traffic=(200, 2_000)
    ),
    "dominant values": World(cards=(2, 8), zipf=(1.5, 2.5), before=(5, 30), apart=1.2),
    "sparse": replace(STANDARD, values=(0.5, 4), traffic=(100, 500)),
    "dense": replace(STANDARD, values=(2_000, 50_000), traffic=(50_000, 500_000), scatter=0.1),
    "wide": replace(STANDARD, attributes=(7, 9), cards=(2, 40)),
    "flat sizes": replace(STANDARD, zipf=(0.0, 0.3)),
    "clumps": replace(STANDARD, scatter=0.6, correlation=1.0),
    "hours of five days": replace(
        STANDARD, step_minutes=60, before=(120, 120), after=(2, 5), swing=0.7, values=(50, 500)
    ),
    "uneven causes": replace(STANDARD, uneven=1.0),
    "onset seen late": replace(STANDARD, late=2),
    "slow start": replace(STANDARD, ramp=6, after=(8, 15)),
    "missing values": replace(STANDARD, missing=0.3),
}
"""Worlds unlike the standard one."""

_OF_TEN = ("one", "two", "three", "one", "two", "three", "one", "out", "out", "out")
_TRUTH = "truth.json"
_COLUMNS = ("minute", "value", "count")


class BadCases(OperatorError):
    """Give a folder with a truth.json that its files agree with."""


@dataclass(frozen=True)
class Case:
    """A table and the causes of its spike (none: outside the attributes); onset in epoch ms."""

    scenario: str
    attributes: tuple[str, ...]
    causes: tuple[Cause, ...]
    onset: int
    records: Records

    @property
    def kind(self) -> str:
        """ratio or count."""
        return "count" if self.records.counts is None else "ratio"


class _Truth(msgspec.Struct):
    file: str
    time: str
    value: str
    onset: str
    causes: tuple[Cause, ...]
    count: str | None = None
    scenario: str = ""


class _Truths(msgspec.Struct):
    cases: list[_Truth]


def cases(seed: int, number: int, world: World = STANDARD) -> Iterator[Case]:
    """Ratio and count tables in turn, three in ten with the cause outside."""
    for n in range(number):
        ratio, turn = n % 2 == 0, n // 2
        scenario = _OF_TEN[turn % 10]
        if scenario == "out":
            outside = OUTSIDE if ratio else OUTSIDE[:-1]
            scenario = outside[(turn // 10 * 3 + turn % 10 - 7) % len(outside)]
        size = INSIDE.index(scenario) + 1 if scenario in INSIDE else 0
        rng = np.random.default_rng([seed, n])
        tries = (made(scenario, size, ratio=ratio, world=world, rng=rng) for _ in repeat(None))
        names, cause, records = next(found for found in tries if found is not None)
        yield Case(scenario, names, (cause,) if cause else (), ONSET_MS, records)


def write(folder: Path, seed: int, number: int, world: World = STANDARD) -> None:
    """Write made-up cases as CSV files with their truth."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = []
    for n, case in enumerate(cases(seed, number, world)):
        counted = case.records.counts is not None
        time, value, count = _COLUMNS
        name = f"{n:04}.csv"
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow([time, *case.attributes, value, *([count] if counted else [])])
            lines.writerows(_lines(case.records))
        truths.append(
            _Truth(
                name,
                time,
                value,
                _iso(case.onset),
                case.causes,
                count if counted else None,
                case.scenario,
            )
        )
    (folder / _TRUTH).write_bytes(
        msgspec.json.format(msgspec.json.encode(_Truths(truths)), indent=1)
    )


def read(folder: Path) -> Iterator[Case]:
    """The cases of a folder. Raises BadCases and BadTable."""
    try:
        truths = msgspec.json.decode((folder / _TRUTH).read_bytes(), type=_Truths)
    except OSError as error:
        raise BadCases(f"cannot read {folder / _TRUTH}: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise BadCases(f"{folder / _TRUTH}: {error}") from None
    for truth in truths.cases:
        table = read_table(
            folder / truth.file, time=truth.time, value=truth.value, count=truth.count
        )
        try:
            onset = table.moments.ms(truth.onset)
        except ValueError:
            raise BadCases(f"{truth.file}: onset {truth.onset!r} is not understood") from None
        size = max(map(len, truth.causes), default=0)
        scenario = truth.scenario or (INSIDE[size - 1] if 0 < size <= 3 else "outside")
        yield Case(scenario, table.attributes, truth.causes, onset, table.records)


def _lines(records: Records) -> Iterable[tuple[str | int, ...]]:
    for row in np.argsort(records.times, kind="stable").tolist():
        counts = () if records.counts is None else (int(records.counts[row]),)
        leaf = records.leaves[records.places[row]]
        yield _iso(int(records.times[row])), *leaf, int(records.values[row]), *counts


def _iso(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
