import numpy as np

from windows.records import RecordFilter
from windows.slots import Floats, SlotTable


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def start(ticks: int, n: int = 1) -> RecordFilter:
    table = SlotTable()
    record = RecordFilter(table, ticks)
    table.add(n)
    return record


def test_a_record_is_the_highest_of_24_to_25_hours() -> None:
    record = start(1440)
    scores = np.random.default_rng(5).gamma(1, 1, 5000).astype(np.float32)
    for tick, score in enumerate(scores):
        passes = bool(record.is_highest(floats(score))[0])
        if passes:
            assert score > scores[max(0, tick - 1440) : tick].max(initial=0)
        else:
            assert score <= scores[max(0, tick - 1500) : tick].max(initial=0)
        record.learn(floats(score), tick)


def test_a_tie_and_a_zero_are_no_records() -> None:
    record = start(1440)
    assert not record.is_highest(floats(0))[0]
    record.learn(floats(2), 0)
    assert not record.is_highest(floats(2))[0]
    assert record.is_highest(floats(2.1))[0]


def test_what_peaks_every_day_becomes_a_habit() -> None:
    record = start(24)
    unlike = []
    for day in range(8):
        for hour in range(24):
            score = floats(4 if hour == 3 else 0.5)
            if hour == 3:
                unlike.append(bool(record.is_unlike_habit(score)[0]))
            record.learn(score, 24 * day + hour)
    assert unlike[:3] == [True] * 3
    assert unlike[-2:] == [False] * 2
    assert record.is_unlike_habit(floats(7))[0]


def test_one_huge_day_is_no_habit() -> None:
    record = start(24)
    for tick in range(24):
        record.learn(floats(1000), tick)
    assert record.is_unlike_habit(floats(1))[0]
