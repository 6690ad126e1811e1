"""What rows of a table would have shown after an onset had nothing happened."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.times import MINUTE_MS
from windows.slice_rows import Row

DAY_MS = 86_400_000

# Whole days before the onset from which on the same hours of earlier days are the forecast.
_DAYS = 2
_LAST_DAYS = 14
# The last rows before the onset that say what is usual: so many windows, and at least so many bins.
_WINDOWS = 10
_BINS = 60
# Standard deviations beyond which a point in time before the onset belongs to the change.
_FAR = 4.0
_NORMAL_MAD = 0.6745
# Same hours, give or take one.
_AROUND_MS = 3_600_000


class Records(NamedTuple):
    """A table: epoch milliseconds, the index of the combination in `leaves`, the value, and the
    count that the value is a part of (None where nobody counted). Rows in any order."""

    leaves: tuple[tuple[str, ...], ...]
    times: NDArray[np.int64]
    places: NDArray[np.int64]
    values: NDArray[np.float64]
    counts: NDArray[np.float64] | None


class Forecast(NamedTuple):
    """The window from the onset, [start, end) in epoch milliseconds; the rows in it; `history`
    times as many events as expected are what the expected values rest on; `basis` in words."""

    start: int
    end: int
    rows: list[Row]
    history: float
    basis: str


class TooShort(ValueError):
    """Give rows before and after the onset: there are none, or nothing was counted in them."""


def forecast(records: Records, onset: int, until: int | None = None) -> Forecast:
    """Observed and expected values per combination from `onset` until `until`.

    Without `until` the window ends where the change, rise or fall, is clearest. Expected are, given
    two days of history, the same hours of the days before at the level of the last hours, else the
    last rows before the onset; with counts it is their rate that lasts. Raises TooShort.
    """
    width = bin_width(records.times)
    before, after = records.times < onset, records.times >= onset
    if until is not None:
        after &= records.times < until
    if len(np.unique(records.times[before] // width)) < 2:
        raise TooShort("two points in time before the onset are needed, at least")
    if not after.any():
        raise TooShort("there are no rows from the onset on")
    end = until if until is not None else _end(records, onset, width)
    selected, windows, basis = _usual(records, _calm(records, onset, end, width), onset, end, width)
    size = len(records.leaves)
    window = (records.times >= onset) & (records.times < end)
    observed = _sums(records.places[window], records.values[window], size)
    past = _sums(records.places[selected], records.values[selected], size)
    if records.counts is None:
        expected, exposure = past / windows, None
    else:
        exposure = _sums(records.places[window], records.counts[window], size)
        seen = _sums(records.places[selected], records.counts[selected], size)
        expected = exposure * _rates(past, seen)
    if not past.sum():
        raise TooShort("all values before the onset are 0")
    rows = [
        Row(leaf, float(u), None if exposure is None else float(exposure[n]), float(b))
        for n, (leaf, u, b) in enumerate(zip(records.leaves, observed, expected, strict=True))
        if u or b or (exposure is not None and exposure[n])
    ]
    return Forecast(onset, end, rows, float(past.sum() / max(expected.sum(), 1e-9)), basis)


def bin_width(times: NDArray[np.int64]) -> int:
    """Milliseconds between two points in time: the typical gap, at least a minute."""
    gaps = np.diff(np.unique(times))
    return max(MINUTE_MS, int(np.median(gaps))) if len(gaps) else MINUTE_MS


def _sums(
    places: NDArray[np.int64], weights: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Sum of the weights at each place."""
    return np.bincount(places, weights, size).astype(np.float64)


def _rates(past: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rate per leaf, shrunk towards the rate of all by one expected event."""
    rate = past.sum() / max(seen.sum(), 1e-9)
    weight = 1 / rate if rate else 1.0
    rates: NDArray[np.float64] = (past + 1.0 * bool(rate)) / (seen + weight)
    return rates


def _end(records: Records, onset: int, width: int) -> int:
    """End of the bins whose change is the clearest: Kulldorff's scan statistic, as in `onset`."""
    bins = (records.times - onset) // width
    last = int(bins.max())
    window = bins >= 0
    observed = _sums(bins[window], records.values[window], last + 1)
    if records.counts is None:
        expected = _per_bin(records, onset, width, last + 1)
    else:
        before = records.times < onset
        rate = records.values[before].sum() / max(records.counts[before].sum(), 1e-9)
        expected = rate * _sums(bins[window], records.counts[window], last + 1)
    x, m = (np.maximum(np.cumsum(part), 0.5) for part in (observed, expected))
    return onset + (int(np.argmax(x * np.log(x / m) - (x - m))) + 1) * width


def _per_bin(records: Records, onset: int, width: int, size: int) -> NDArray[np.float64]:
    """Values expected in each of `size` bins from the onset, of all combinations together."""
    before = records.times < onset
    bins = (records.times[before] - onset) // width
    values = records.values[before]
    days = _days(records, onset)
    if days < _DAYS or DAY_MS % width:
        recent = bins >= -_BINS
        return np.full(size, values[recent].sum() / -int(bins[recent].min()))
    a_day = DAY_MS // width
    recent = bins >= -days * a_day
    usual = _sums(bins[recent] % a_day, values[recent], a_day) / days
    repeated: NDArray[np.float64] = usual[np.arange(size) % a_day] * _level(records, onset, days)
    return repeated


def _calm(records: Records, onset: int, end: int, width: int) -> int:
    """When the last rows before the onset stopped being usual: it often began before it was seen.

    Points in time that lie as far out, on the side of the change, as only the change does are
    passed over: at most a quarter of the history.
    """
    before = (records.times >= onset - _BINS * width) & (records.times < onset)
    bins = (onset - 1 - records.times[before]) // width
    size = int(bins.max()) + 1
    values = _sums(bins, records.values[before], size)
    inside = (records.times >= onset) & (records.times < end)
    if records.counts is None:
        counts = np.ones(size)
        now = records.values[inside].sum() * width / (end - onset)
    else:
        counts = _sums(bins, records.counts[before], size)
        now = records.values[inside].sum() / max(records.counts[inside].sum(), 1e-9)
    rates = values / np.maximum(counts, 1e-9)
    usual = np.median(rates)
    spread = np.median(np.abs(rates - usual)) / _NORMAL_MAD
    far = 0.5 * abs(now - usual)
    for n in range(len(rates) // 4):
        chance = math.sqrt((usual + 1e-9) / max(counts[n], 1e-9))
        off = (rates[n] - usual) * math.copysign(1.0, now - usual)
        if off < min(far, _FAR * max(spread, chance)) or off < 2 * max(spread, chance):
            return onset - n * width
    return onset - len(rates) // 4 * width


def _usual(
    records: Records, calm: int, onset: int, end: int, width: int
) -> tuple[NDArray[np.bool_], float, str]:
    """Rows before `calm` that say what is usual, the windows they stand for, and in words."""
    times, length = records.times, end - onset
    days = _days(records, onset)
    if days < _DAYS or length > DAY_MS - 2 * _AROUND_MS:
        back = max(_WINDOWS * length, _BINS * width)
        selected = (times < calm) & (times >= calm - back)
        span = min(back, calm - int(times.min()))
        return selected, span / length, f"the {_span(span)} before"
    # Milliseconds from the start of the window at the same time of an earlier day.
    phase = (times - onset + _AROUND_MS) % DAY_MS - _AROUND_MS
    day = (onset + phase - times) // DAY_MS
    past = (times < calm) & (day >= 1) & (day <= days)
    same = past & (phase >= 0) & (phase < length)
    around = past & (phase < length + _AROUND_MS)
    value = records.values
    mean = value[same].sum() / days * _level(records, calm, days)
    windows = value[around].sum() / mean if mean > 0 else days
    return around, float(windows), f"the same hours of {days} days before"


def _days(records: Records, onset: int) -> int:
    """Whole days of history."""
    return min(int((onset - records.times.min()) // DAY_MS), _LAST_DAYS)


def _level(records: Records, onset: int, days: int) -> float:
    """Values of the last three hours over those of the same hours of earlier days."""
    lasting = 3 * _AROUND_MS
    ago = onset - records.times
    now = records.values[(ago > 0) & (ago <= lasting)].sum()
    hours = (ago > DAY_MS) & (ago <= days * DAY_MS) & ((ago - 1) % DAY_MS < lasting)
    then = records.values[hours].sum() / (days - 1)
    return float(np.clip((now + 1) / (then + 1), 0.5, 2.0))


def _span(milliseconds: int) -> str:
    minutes = milliseconds / MINUTE_MS
    if minutes < 120:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 2880 else f"{minutes / 1440:.0f} days"
