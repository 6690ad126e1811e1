"""How messages arrive: delayed, late, out of order, twice, or broken."""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from schemas.errors import Reason
from schemas.events import MAX_TEXT
from schemas.times import MINUTE_MS, format_ms
from streams.simulation.scenario import DAY, Scenario

_DELAY_MS = 700
_LATE_SHARE = 0.003
_LATE_MS = (65_000, 900_000)
LATE_MS = 60_000
"""An event further behind the newest one counts as late, a nearer one as out of order."""
_DUPLICATE_SHARE = 0.01
_DUPLICATE_MS = 40_000
_BROKEN_SHARE = 0.001
_BROKEN = (
    Reason.NOT_JSON,
    Reason.WRONG_TYPE,
    Reason.INVALID_UTF8,
    Reason.EMPTY_TEXT,
    Reason.TEXT_TOO_LONG,
    Reason.CONTROL_CHARACTERS,
    Reason.FUTURE,
    Reason.TIME_OUT_OF_RANGE,
)


@dataclass(frozen=True)
class Delivery:
    """Messages of one topic in order of arrival.

    `rows[i]` is the event (row of its topic, in order of event time) or, counted on after the
    events, a record of `broken`; `arrival_ms[i]` is when it arrives; `late` and `out_of_order`
    count first deliveries that are behind the newest event time before them.
    """

    rows: NDArray[np.int64]
    arrival_ms: NDArray[np.int64]
    broken: list[tuple[Reason, bytes]]
    duplicates: int
    late: int
    out_of_order: int


def deliver(scenario: Scenario, topic: str, time_ms: NDArray[np.int64]) -> Delivery:
    """Deliver events with the given times (sorted, epoch ms)."""
    rng = scenario.rng("delivery", topic)
    n = len(time_ms)
    delay = rng.exponential(_DELAY_MS, n).astype(np.int64)
    late = rng.random(n) < _LATE_SHARE
    delay[late] += rng.integers(*_LATE_MS, int(late.sum()))
    arrival = time_ms + delay
    again = np.flatnonzero(rng.random(n) < _DUPLICATE_SHARE)
    broken_count = int(rng.binomial(n, _BROKEN_SHARE)) if n else 0
    broken_at = np.sort(rng.choice(arrival, broken_count)) if n else arrival
    rows = np.concatenate([np.arange(n), again, n + np.arange(broken_count)])
    arrivals = np.concatenate(
        [arrival, arrival[again] + rng.integers(1, _DUPLICATE_MS, len(again)), broken_at]
    )
    order = np.argsort(arrivals, kind="stable")
    late_count, disordered = _behind(time_ms, rows[order][order < n])
    return Delivery(
        rows=rows[order],
        arrival_ms=arrivals[order],
        broken=[
            _broken(_BROKEN[(number + len(topic)) % len(_BROKEN)], f"{topic}-{number}", int(at))
            for number, at in enumerate(broken_at)
        ],
        duplicates=len(again),
        late=late_count,
        out_of_order=disordered,
    )


def _behind(time_ms: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[int, int]:
    times = time_ms[rows]
    behind = np.maximum.accumulate(times) - times
    late = int((behind > LATE_MS).sum())
    return late, int((behind > 0).sum()) - late


def _broken(reason: Reason, identity: str, at_ms: int) -> tuple[Reason, bytes]:
    """A record that has to be refused with `reason`, without a newline in it."""
    message: dict[str, object] = {
        "id": f"broken-{identity}",
        "time": format_ms(at_ms),
        "product": "wallet",
        "text": "付款页面打不开，please fix",
    }
    match reason:
        case Reason.NOT_JSON:
            return reason, msgspec.json.encode(message)[:-9]
        case Reason.INVALID_UTF8:
            # A producer that still writes GBK.
            return reason, msgspec.json.encode(message).decode().encode("gbk") + b"\xff"
        case Reason.WRONG_TYPE:
            message["text"] = {"body": message["text"]}
        case Reason.EMPTY_TEXT:
            message["text"] = "  "
        case Reason.TEXT_TOO_LONG:
            message["text"] = "at Frame.call(Frame.java:77) " * (MAX_TEXT // 29 + 1)
        case Reason.CONTROL_CHARACTERS:
            message["text"] = "\x1b[31mERROR\x1b[0m payment \x00 failed"
        case Reason.FUTURE:
            message["time"] = format_ms(at_ms + 3 * DAY * MINUTE_MS)
        case _:
            # Epoch seconds sent as milliseconds.
            message["time"] = at_ms // 1000
    return reason, msgspec.json.encode(message)
