import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.habits import Habits

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY
MONDAY = 2_900 * WEEK


def is_habit(habits: Habits, slot: int, excess: float, minute: int) -> bool:
    return slot in habits.usual({slot: excess}, minute)


def alarms(habits: Habits, start: int, size: float, slot: int = 3) -> int:
    """Minutes not excused in a burst of 25 that grows to `size` events too many and fades."""
    loud = 0
    for step in range(25):
        excess = size * (1 - abs(step - 12) / 13)
        loud += not is_habit(habits, slot, excess, start + step)
        habits.learn({slot: excess}, start + step)
    return loud


def quiet(habits: Habits, minute: int) -> None:
    habits.learn({}, minute)


def test_a_nightly_job_alarms_the_first_night_only() -> None:
    habits = Habits()
    at = MONDAY + 2 * HOUR + 17
    assert alarms(habits, at, 40.0) == 25
    for night, (late, size) in enumerate([(20, 70.0), (-20, 30.0), (5, 44.0), (-17, 130.0)], 1):
        assert alarms(habits, at + night * DAY + late, size) == 0


def test_a_job_three_times_as_large_alarms() -> None:
    habits = Habits()
    for night in range(3):
        alarms(habits, MONDAY + night * DAY + 2 * HOUR + 17, 40.0)
    assert alarms(habits, MONDAY + 3 * DAY + 2 * HOUR + 17, 120.0) > 5


def test_twice_as_much_is_the_limit() -> None:
    habits = Habits()
    habits.learn({3: 40.0}, MONDAY)
    assert is_habit(habits, 3, 80.0, MONDAY + DAY)
    assert not is_habit(habits, 3, 80.1, MONDAY + DAY)


def test_parts_of_a_job_may_change_places_if_the_job_is_as_large() -> None:
    habits = Habits()
    habits.learn({3: 10.0, 4: 30.0, 5: 20.0}, MONDAY)
    assert habits.usual({3: 28.0, 4: 12.0, 5: 22.0, 6: 5.0}, MONDAY + DAY) == {3, 4, 5}
    # More than three times is another story, and so is a job of another size.
    assert habits.usual({3: 31.0, 4: 12.0, 5: 22.0}, MONDAY + DAY) == {4, 5}
    assert habits.usual({3: 28.0, 4: 70.0, 5: 38.0}, MONDAY + DAY) == {5}


@pytest.mark.parametrize("shift", [-HOUR, HOUR])
def test_a_shift_to_daylight_saving_changes_nothing(shift: int) -> None:
    habits = Habits()
    alarms(habits, MONDAY + 2 * HOUR + 17, 40.0)
    assert alarms(habits, MONDAY + DAY + 2 * HOUR + 17 + shift, 40.0) == 0


def test_two_hours_away_is_another_time() -> None:
    habits = Habits()
    alarms(habits, MONDAY + 10 * HOUR, 40.0)
    for away in (-2 * HOUR, 2 * HOUR):
        assert alarms(habits, MONDAY + DAY + 10 * HOUR + away, 40.0) == 25


def test_a_weekly_sale_alarms_in_week_one_only() -> None:
    habits = Habits()
    sale = MONDAY + 4 * DAY + 20 * HOUR
    assert alarms(habits, sale, 80.0) == 25
    for week in range(1, 4):
        for hour in range(1, 7 * 24 - 1):
            quiet(habits, sale + (week - 1) * WEEK + hour * HOUR)
        # Twice in the same hour: what came first must not have replaced last week's.
        assert alarms(habits, sale + week * WEEK, 20.0) == 0
        assert alarms(habits, sale + week * WEEK + 25, 80.0) == 0


def test_a_one_off_masks_neither_another_hour_nor_another_theme() -> None:
    habits = Habits()
    alarms(habits, MONDAY + 10 * HOUR, 40.0)
    assert not is_habit(habits, 3, 10.0, MONDAY + DAY + 15 * HOUR)
    assert not is_habit(habits, 4, 10.0, MONDAY + DAY + 10 * HOUR)
    assert is_habit(habits, 3, 10.0, MONDAY + DAY + 10 * HOUR)


def test_a_burst_that_lasts_does_not_excuse_itself() -> None:
    habits = Habits()
    for minute in range(20 * HOUR):
        assert not is_habit(habits, 3, 30.0, MONDAY + minute)
        habits.learn({3: 30.0}, MONDAY + minute)


def test_midnight_is_an_hour_like_any_other() -> None:
    habits = Habits()
    alarms(habits, MONDAY + DAY - 30, 40.0)
    assert alarms(habits, MONDAY + 2 * DAY + 10, 40.0) == 0


def test_it_is_forgotten_after_a_week_and_with_its_slot() -> None:
    habits = Habits()
    habits.learn({3: 40.0, 4: 40.0}, MONDAY)
    habits.forget([4, 99])
    assert not is_habit(habits, 4, 10.0, MONDAY + DAY)
    habits.learn({}, MONDAY + WEEK + 2 * HOUR)
    assert habits.state()["peaks"] == []


def test_only_a_week_takes_room() -> None:
    habits = Habits()
    for minute in range(3 * WEEK):
        habits.learn({2: 30.0}, MONDAY + minute)
    ((slot, peaks),) = habits.state()["peaks"]
    assert slot == 2
    assert len(peaks) == 7 * 24 + 2


bursts = st.lists(
    st.tuples(st.integers(0, 2), st.floats(1.0, 100.0), st.integers(0, 12 * 24 * 4)), max_size=40
)


@settings(max_examples=60)
@given(bursts, st.integers(0, 2), st.floats(1.0, 100.0), st.integers(0, 24 * 4))
def test_equals_a_search_of_the_whole_history(
    history: list[tuple[int, float, int]], slot: int, excess: float, wait: int
) -> None:
    habits = Habits()
    history = sorted(history, key=lambda burst: burst[2])
    for who, size, quarter in history:
        habits.learn({who: size}, MONDAY + 15 * quarter)
    last = history[-1][2] if history else 0
    now = MONDAY + 15 * (last + wait)
    hour = now // HOUR
    same_time = [
        size
        for who, size, quarter in history
        for ago in [hour - (MONDAY + 15 * quarter) // HOUR]
        if who == slot and 20 <= ago <= 169 and ago % 24 in (23, 0, 1)
    ]
    assert is_habit(habits, slot, excess, now) == (excess <= 2 * max(same_time, default=0))


@settings(max_examples=30)
@given(bursts)
def test_a_restored_copy_goes_on_the_same(history: list[tuple[int, float, int]]) -> None:
    habits, copy = Habits(), Habits()
    history = sorted(history, key=lambda burst: burst[2])
    for who, size, quarter in history[:20]:
        habits.learn({who: size}, MONDAY + 15 * quarter)
    copy.restore(json.loads(json.dumps(habits.state())))
    for who, size, quarter in history[20:]:
        minute = MONDAY + 15 * quarter
        assert is_habit(copy, who, size, minute) == is_habit(habits, who, size, minute)
        habits.learn({who: size}, minute)
        copy.learn({who: size}, minute)
    assert copy.state() == habits.state()


def test_a_merged_slot_has_the_habits_of_both() -> None:
    habits = Habits()
    habits.learn({3: 40.0, 7: 20.0}, MONDAY)
    habits.learn({7: 60.0}, MONDAY + 2 * HOUR)
    habits.learn({3: 50.0, 8: 30.0}, MONDAY + 4 * HOUR)
    habits.merge(3, 7)
    habits.merge(9, 8)
    for hour, most in ((0, 80.0), (2, 120.0), (4, 100.0)):
        minute = MONDAY + DAY + hour * HOUR
        assert is_habit(habits, 3, most, minute)
        assert not is_habit(habits, 3, most + 0.1, minute)
        assert not is_habit(habits, 7, 10.0, minute)
    assert is_habit(habits, 9, 60.0, MONDAY + DAY + 4 * HOUR)
