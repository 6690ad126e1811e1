"""For whom a value in a CSV rose or fell, as the command says it and the evaluation asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from streams.errors import OperatorError
from streams.moments import Moments
from streams.tables import read
from windows.forecasts import Forecast, Records, TooShort, forecast
from windows.slice_rows import explain_rows
from windows.slices import MAX_CANDIDATES, Candidate, Slice


class BadOnset(OperatorError):
    """Give another onset, or more rows around it."""


class Place(msgspec.Struct, frozen=True):
    """A slice: its `share` of the change, `lift` that over the share expected without a cause,
    `score` what naming it gains (nats); rates are per count, None without counts."""

    attributes: dict[str, str]
    share: float
    lift: float
    score: float
    observed: float
    expected: float
    rate: float | None
    usual_rate: float | None


class Explanation(msgspec.Struct, frozen=True):
    """`attributes` is empty if it `abstained`; `also` are slices with the same trouble.

    `start` and `end` are RFC 3339, `change` is rise or fall, `basis` says what the expected values
    rest on, `left_out` and `skipped` what of the file was not used and why.
    """

    abstained: bool
    attributes: dict[str, str]
    also: tuple[dict[str, str], ...]
    reason: str
    change: str
    start: str
    end: str
    observed: float
    expected: float
    basis: str
    candidates: tuple[Place, ...]
    left_out: dict[str, str]
    skipped: dict[str, int]


def explain_records(
    attributes: Sequence[str],
    records: Records,
    onset: int,
    until: int | None = None,
    top: int = MAX_CANDIDATES,
) -> tuple[Forecast, Slice]:
    """Forecast and explain. Raises TooShort."""
    usual = forecast(records, onset, until)
    return usual, explain_rows(attributes, usual.rows, history=usual.history, top=top)


def explain_file(
    path: Path,
    *,
    time: str,
    onset: str,
    value: str | None = None,
    count: str | None = None,
    until: str | None = None,
    ignore: Sequence[str] = (),
    top: int = MAX_CANDIDATES,
    time_format: str | None = None,
) -> Explanation:
    """Explain what happened to a CSV from the onset on. Raises BadTable, BadOnset."""
    table = read(path, time=time, value=value, count=count, ignore=ignore, time_format=time_format)
    times = table.records.times
    begin = _moment("--onset", onset, table.moments)
    end = None if until is None else _moment("--until", until, table.moments)
    if not times.min() < begin <= times.max():
        span = f"{_rfc3339(int(times.min()))} to {_rfc3339(int(times.max()))}"
        raise BadOnset(f"--onset {onset} is not inside the data, which spans {span}")
    if end is not None and end <= begin:
        raise BadOnset(f"--until {until} is not after --onset {onset}")
    if not table.attributes:
        why = "; ".join(f"{name} is {reason}" for name, reason in table.left_out.items())
        raise BadOnset(f"{path} has no column left to be an attribute{f': {why}' * bool(why)}")
    try:
        usual, found = explain_records(table.attributes, table.records, begin, end, top)
    except TooShort as error:
        raise BadOnset(f"--onset {onset}: {error}") from None
    observed, expected = (sum(part) for part in zip(*(r[1::2] for r in usual.rows), strict=True))
    return Explanation(
        found.abstained,
        found.attributes,
        tuple(one.attributes for one in found.also),
        found.reason,
        "rise" if observed >= expected else "fall",
        _rfc3339(usual.start),
        _rfc3339(usual.end),
        round(observed, 3),
        round(expected, 3),
        usual.basis,
        tuple(_place(one, table.attributes, usual) for one in found.candidates),
        table.left_out,
        table.skipped,
    )


def _moment(option: str, text: str, moments: Moments) -> int:
    for reader in (moments, Moments()):
        try:
            return reader.ms(text)
        except ValueError:
            continue
    raise BadOnset(f"{option} {text}: no time is understood; write 2026-11-20T09:14Z")


def _place(one: Candidate, attributes: Sequence[str], usual: Forecast) -> Place:
    wanted = [(attributes.index(name), value) for name, value in one.attributes.items()]
    rows = [row for row in usual.rows if all(row.values[n] == value for n, value in wanted)]
    observed, expected = sum(row.observed for row in rows), sum(row.expected for row in rows)
    exposure = sum(row.exposure or 0.0 for row in rows)
    return Place(
        one.attributes,
        round(one.share, 4),
        round(one.lift, 3),
        round(one.score, 2),
        round(observed, 3),
        round(expected, 3),
        round(observed / exposure, 6) if exposure else None,
        round(expected / exposure, 6) if exposure else None,
    )


def _rfc3339(ms: int) -> str:
    return (
        datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )
