import numpy as np
import pytest

from schemas.times import MINUTE_MS
from windows.forecasts import DAY_MS, Records, TooShort, bin_width, forecast

START = 1_773_000_000_000 // DAY_MS * DAY_MS
HOUR_MS = 60 * MINUTE_MS


def records(
    rows: list[tuple[int, str, float]], counts: list[float] | None = None, step: int = MINUTE_MS
) -> Records:
    """Rows of (step, value of the one attribute, value)."""
    leaves = sorted({(leaf,) for _, leaf, _ in rows})
    return Records(
        tuple(leaves),
        np.array([START + n * step for n, _, _ in rows], np.int64),
        np.array([leaves.index((leaf,)) for _, leaf, _ in rows], np.int64),
        np.array([value for _, _, value in rows], np.float64),
        None if counts is None else np.array(counts, np.float64),
    )


def expected(of: Records, onset: int, until: int | None = None) -> dict[str, float]:
    return {row.values[0]: row.expected for row in forecast(of, onset, until).rows}


def test_what_came_before_lasts() -> None:
    rows = [(n, leaf, 2.0 if leaf == "a" else 6.0) for n in range(12) for leaf in "ab"]
    found = forecast(records(rows), START + 10 * MINUTE_MS, START + 12 * MINUTE_MS)
    assert [(row.values, row.observed) for row in found.rows] == [(("a",), 4.0), (("b",), 12.0)]
    assert [row.expected for row in found.rows] == pytest.approx([4.0, 12.0])
    assert found.history == pytest.approx(5.0)
    assert found.basis == "the 10 minutes before"
    assert found.rows[0].exposure is None


def test_rates_last_not_values() -> None:
    rows = [(n, "a", 10.0 if n < 10 else 40.0) for n in range(12)]
    counts = [100.0 if n < 10 else 400.0 for n in range(12)]
    found = forecast(records(rows, counts), START + 10 * MINUTE_MS, START + 12 * MINUTE_MS)
    assert found.rows[0].exposure == 800.0
    assert found.rows[0].expected == pytest.approx(80.0)


def test_a_rate_of_few_counts_is_nearly_that_of_all() -> None:
    rows = [(n, leaf, 10.0 if leaf == "a" else 0.0) for n in range(11) for leaf in "ab"]
    counts = [100.0 if leaf == "a" else 1.0 for _, leaf, _ in rows]
    of = records(rows, counts)
    found = expected(of, START + 10 * MINUTE_MS)
    # 100 events of 1010 counts; b adds one expected event to none in 10 counts.
    assert found["b"] == pytest.approx(1 / (10 + 1010 / 100))


def test_the_window_ends_where_the_change_is_clearest() -> None:
    values = [10.0] * 20 + [40.0] * 5 + [10.0] * 10
    found = forecast(records([(n, "a", v) for n, v in enumerate(values)]), START + 20 * MINUTE_MS)
    assert found.end == START + 25 * MINUTE_MS
    fall = [40.0] * 20 + [10.0] * 5 + [40.0] * 10
    found = forecast(records([(n, "a", v) for n, v in enumerate(fall)]), START + 20 * MINUTE_MS)
    assert found.end == START + 25 * MINUTE_MS


def test_a_change_that_began_before_the_onset_is_not_usual() -> None:
    values = [10.0] * 18 + [40.0] * 7
    of = records([(n, "a", v) for n, v in enumerate(values)])
    assert expected(of, START + 20 * MINUTE_MS)["a"] == pytest.approx(50.0)


def test_two_days_of_history_give_the_same_hours() -> None:
    # 100 an hour at 10:00, else 10; today everything is double.
    hours = range(3 * 24 + 11)
    rows = [(n, "a", (100.0 if n % 24 == 10 else 10.0) * (2.0 if n >= 72 else 1.0)) for n in hours]
    found = forecast(records(rows, step=HOUR_MS), START + (72 + 10) * HOUR_MS)
    assert found.basis == "the same hours of 3 days before"
    assert found.rows[0].observed == 200.0
    assert found.rows[0].expected == pytest.approx(200.0, rel=0.05)


def test_the_busy_hours_of_every_day_are_no_change() -> None:
    # 100 an hour from 12:00 to 20:00, else 10; 15 more in the three hours from 10:00 of day 4.
    hours = range(7 * 24)
    busy = {n: 100.0 if 12 <= n % 24 < 20 else 10.0 for n in hours}
    rows = [(n, "a", busy[n] + 15.0 * (82 <= n < 85)) for n in hours]
    found = forecast(records(rows, step=HOUR_MS), START + 82 * HOUR_MS)
    assert found.end <= START + 85 * HOUR_MS
    assert found.rows[0].observed > 1.3 * found.rows[0].expected


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [(n, leaf, float(n % 3 + 1)) for n in range(20) for leaf in "ab"]
    one = forecast(records(rows), START + 15 * MINUTE_MS)
    other = forecast(records(rows[::-1]), START + 15 * MINUTE_MS)
    assert one == other


def test_refuses_what_it_cannot_forecast_from() -> None:
    rows = [(n, "a", 1.0) for n in range(5)]
    with pytest.raises(TooShort, match="two points in time"):
        forecast(records(rows), START + MINUTE_MS)
    with pytest.raises(TooShort, match="no rows from the onset"):
        forecast(records(rows), START + 5 * MINUTE_MS)
    with pytest.raises(TooShort, match="before the onset are 0"):
        forecast(
            records([(n, "a", 0.0 if n < 3 else 5.0) for n in range(5)]), START + 3 * MINUTE_MS
        )


def test_points_in_time_lie_a_typical_gap_apart() -> None:
    hourly = np.array([0, 1, 2, 4, 5], np.int64) * HOUR_MS
    assert bin_width(hourly) == HOUR_MS
    assert bin_width(np.array([0, 700, 1900], np.int64)) == MINUTE_MS
    assert bin_width(np.array([5], np.int64)) == MINUTE_MS
