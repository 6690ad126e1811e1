"""A CSV of values over time: which columns are the time, the value, the count, and what is left."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from streams.errors import OperatorError
from streams.moments import Moments
from windows.forecasts import Records, bin_width

_DELIMITERS = ",;\t|"
_MISSING = frozenset(("", "nan", "null", "none", "na", "n/a"))
# A column with a different value in every second row names rows, not slices of them.
_IDENTIFIER = 0.5
_FEW_VALUES = 50


class BadTable(OperatorError):
    """Mend the file or the names of its columns."""


@dataclass(frozen=True)
class Table:
    """`records` over `attributes`; columns `left_out` and rows `skipped`, with the reasons."""

    attributes: tuple[str, ...]
    records: Records
    left_out: dict[str, str]
    skipped: dict[str, int]
    moments: Moments


def read(
    path: Path,
    *,
    time: str,
    value: str | None = None,
    count: str | None = None,
    ignore: Sequence[str] = (),
    time_format: str | None = None,
) -> Table:
    """Read a CSV; without `value` every row counts 1. Raises BadTable."""
    header, rows = _rows(path)
    for name in (time, value, count, *ignore):
        if name is not None and name not in header:
            raise BadTable(f"{path} has no column {name!r}; it has {', '.join(header)}")
    moments, skipped = Moments(time_format), Counter[str]()
    kept, times, values, counts = [], [], [], []
    for row in rows:
        try:
            moment = moments.ms(row[time] or "")
        except ValueError:
            skipped["time not understood (give --time-format)"] += 1
            continue
        seen = 1.0 if value is None else _number(row[value])
        exposed = 1.0 if count is None else _number(row[count])
        if seen is None or exposed is None:
            skipped[f"{value if seen is None else count} is no number from 0 up"] += 1
            continue
        kept.append(row)
        times.append(moment)
        values.append(seen)
        counts.append(exposed)
    if not kept:
        why = f": {next(iter(skipped))}" if skipped else ""
        raise BadTable(f"{path} has no rows that can be used{why}")
    stamps = np.array(times, np.int64)
    names = [name for name in header if name not in {time, value, count, *ignore}]
    columns = {name: [_named(row[name]) for row in kept] for name in names}
    left_out = {name: why for name, of in columns.items() if (why := _useless(of, stamps))}
    attributes = tuple(name for name in names if name not in left_out)
    leaves = list(zip(*(columns[name] for name in attributes), strict=True)) or [()] * len(kept)
    distinct = sorted(set(leaves))
    index = {leaf: n for n, leaf in enumerate(distinct)}
    records = Records(
        tuple(distinct),
        stamps,
        np.array([index[leaf] for leaf in leaves], np.int64),
        np.array(values, np.float64),
        None if count is None else np.array(counts, np.float64),
    )
    return Table(attributes, records, left_out, dict(skipped), moments)


def _rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            delimiter = max(_DELIMITERS, key=first.count)
            file.seek(0)
            reader = csv.DictReader(file, delimiter=delimiter, restval="")
            header, rows = list(reader.fieldnames or ()), list(reader)
    except OSError as error:
        raise BadTable(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadTable(f"{path} is not UTF-8 (byte {error.start}); convert it") from None
    except csv.Error as error:
        raise BadTable(f"{path}: {error}") from None
    if not rows:
        raise BadTable(f"{path} is empty" if not header else f"{path} has no rows")
    return header, rows


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _named(text: str | None) -> str:
    """The value of an attribute, "" if it is missing."""
    value = (text or "").strip()
    return "" if value.lower() in _MISSING else value


def _useless(values: list[str], times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    """Why a column cannot say for whom it breaks, or "" if it can."""
    distinct = set(values) - {""}
    if len(distinct) < 2:
        return "the same in all rows"
    if len(distinct) > _FEW_VALUES:
        if len(distinct) > _IDENTIFIER * len(values):
            return "different in most rows"
        if all("." in one and _number(one) is not None for one in distinct):
            return "a measure"
    if _follows_time(values, times):
        return "only says when"
    return ""


def _follows_time(values: Iterable[str], times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bool:
    """Whether all rows of a point in time have one value, as in a column of hours or days."""
    bins = (times // bin_width(times)).tolist()
    held: dict[int, set[str]] = {}
    for place, value in zip(bins, values, strict=True):
        held.setdefault(place, set()).add(value)
    crowded = [place for place, rows in Counter(bins).items() if rows > 1]
    return len(crowded) > 2 and all(len(held[place]) == 1 for place in crowded)
