import numpy as np
import pytest

from schemas.errors import Reason, Refusal
from schemas.events import check_text, decode_event, event_time_ms
from streams.simulation import SMALL
from streams.simulation.delivery import LATE_MS, deliver

TIMES = np.sort(SMALL.rng("test").integers(0, 3_600_000, 40_000)) + SMALL.start_ms
DELIVERY = deliver(SMALL, "feedback.app", TIMES)


def refusal(line: bytes, arrival_ms: int) -> Reason | None:
    """What intake would say of the line."""
    try:
        event = decode_event(line)
        check_text(event.text)
        event_time_ms(event, arrival_ms, max_ahead_ms=24 * 3_600_000)
    except Refusal as refused:
        return refused.reason
    return None


def test_every_event_arrives_and_some_arrive_twice() -> None:
    rows = DELIVERY.rows[DELIVERY.rows < len(TIMES)]
    times, counts = np.unique(rows, return_counts=True)
    assert times.tolist() == list(range(len(TIMES)))
    assert (counts - 1).sum() == DELIVERY.duplicates
    assert 0.005 < DELIVERY.duplicates / len(TIMES) < 0.02
    assert counts.max() == 2


def test_nothing_arrives_before_it_happened_and_order_is_that_of_arrival() -> None:
    assert (np.diff(DELIVERY.arrival_ms) >= 0).all()
    good = DELIVERY.rows < len(TIMES)
    assert (DELIVERY.arrival_ms[good] >= TIMES[DELIVERY.rows[good]]).all()


def test_late_and_out_of_order_are_counted_against_the_newest_before() -> None:
    newest, late, disordered = 0, 0, 0
    seen = set()
    for row in DELIVERY.rows[DELIVERY.rows < len(TIMES)].tolist():
        if row not in seen:
            seen.add(row)
            behind = newest - int(TIMES[row])
            late += behind > LATE_MS
            disordered += 0 < behind <= LATE_MS
            newest = max(newest, int(TIMES[row]))
    assert (DELIVERY.late, DELIVERY.out_of_order) == (late, disordered)
    assert late > 50


def test_broken_records_are_refused_for_their_reason() -> None:
    arrivals = dict(zip(DELIVERY.rows.tolist(), DELIVERY.arrival_ms.tolist(), strict=True))
    reasons = set()
    for number, (reason, line) in enumerate(DELIVERY.broken):
        assert b"\n" not in line
        assert b"\r" not in line
        assert refusal(line, arrivals[len(TIMES) + number]) == reason
        reasons.add(reason)
    assert reasons == set(Reason) - {Reason.MESSAGE_TOO_LARGE}


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_events(count: int) -> None:
    delivery = deliver(SMALL, "feedback.web", TIMES[:count])
    assert len(delivery.rows) >= count
