from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from streams.reviews.day import date_of, moment_ms, zone_of
from streams.reviews.schedule import Daily, due, due_ms

SHANGHAI = zone_of("Asia/Shanghai")
NEW_YORK = zone_of("America/New_York")
TWO = time(2)
MINUTE, HOUR = 60_000, 3_600_000
THURSDAY = date(2026, 11, 19)


def nothing(_: date) -> bool:
    return False


def at(day: date, hour: int, minute: int = 0) -> int:
    return moment_ms(day, time(hour, minute), SHANGHAI)


def test_last_night_is_due_from_its_time_on() -> None:
    friday = THURSDAY + timedelta(days=1)
    before, then = at(friday, 1, 59), at(friday, 2)
    assert due(before, TWO, SHANGHAI, nothing, 0) == [date(2026, 11, 18)]
    assert due(then, TWO, SHANGHAI, nothing, 0) == [THURSDAY]
    assert due(then, TWO, SHANGHAI, lambda d: d == THURSDAY, 0) == []


def test_missed_nights_come_oldest_first_and_no_more_than_asked_for() -> None:
    now = at(THURSDAY + timedelta(days=1), 9)
    done = {date(2026, 11, 17)}.__contains__
    assert due(now, TWO, SHANGHAI, done, 3) == [
        date(2026, 11, 16),
        date(2026, 11, 18),
        THURSDAY,
    ]


@pytest.mark.parametrize(
    ("day", "moment", "hours"),
    [
        # 02:30 is left out: 03:30; 01:30 comes twice: the first one.
        (date(2026, 3, 7), time(2, 30), 26.5),
        (date(2026, 10, 31), time(1, 30), 25.5),
        # The day has 25 hours, and the night waits for its end.
        (date(2026, 11, 1), time(0), 25.0),
    ],
)
def test_a_night_runs_once_where_clocks_are_changed(day: date, moment: time, hours: float) -> None:
    start = moment_ms(day, time(), NEW_YORK)
    assert due_ms(day, moment, NEW_YORK) == start + hours * HOUR


@pytest.mark.parametrize("moment", [time(0), time(1, 30), time(2, 30), time(23, 59)])
def test_every_date_of_a_year_is_due_once(moment: time) -> None:
    ran: list[date] = []
    day = date(2026, 1, 1)
    now = moment_ms(day, time(), NEW_YORK)
    while date_of(now, NEW_YORK) < date(2027, 1, 1):
        ran += due(now, moment, NEW_YORK, ran.__contains__, 0)
        now += 30 * MINUTE
    assert ran == [ran[0] + timedelta(days=n) for n in range(len(ran))]
    assert len(ran) >= 365


class World:
    """A clock that waiting moves, and nights that fail as often as told."""

    def __init__(self, now: int, *, stop_after: int, catch_up: int = 0) -> None:
        self.now = now
        self.stop = now + stop_after
        self.fails: dict[date, int] = {}
        self.told: list[str] = []
        self.finished: set[date] = set()
        self.daily = Daily(
            run=self.run,
            at=TWO,
            zone=SHANGHAI,
            done=self.finished.__contains__,
            catch_up=catch_up,
            clock=lambda: self.now,
            wait=self.wait,
            failed=lambda night, error, wait: self.tell(f"{night} {error} {wait:.0f}"),
            given_up=lambda night: self.tell(f"{night} given up"),
        )

    def run(self, night: date) -> None:
        if self.fails.get(night, 0) > 0:
            self.fails[night] -= 1
            raise OSError("disk full")
        self.tell(f"{night} ran")
        self.finished.add(night)

    def tell(self, what: str) -> None:
        local = (self.now - at(THURSDAY, 0)) // MINUTE
        self.told.append(f"{local // 60}:{local % 60:02} {what}")

    def wait(self, seconds: float) -> bool:
        assert 0 <= seconds <= 60
        self.now += round(seconds * 1000)
        return self.now >= self.stop


def test_a_daemon_runs_every_night_at_its_time() -> None:
    world = World(at(THURSDAY, 1), stop_after=49 * HOUR)
    world.finished.add(date(2026, 11, 17))
    world.daily.forever()
    assert world.told == ["2:00 2026-11-18 ran", "26:00 2026-11-19 ran"]


def test_a_failed_night_is_told_and_tried_again_and_holds_up_no_other() -> None:
    world = World(at(THURSDAY, 2), stop_after=26 * HOUR, catch_up=1)
    world.fails = {date(2026, 11, 17): 3}
    world.daily.forever()
    assert world.told == [
        "2:00 2026-11-17 disk full 300",
        "2:00 2026-11-18 ran",
        "2:05 2026-11-17 disk full 600",
        "2:15 2026-11-17 disk full 1200",
        "2:35 2026-11-17 ran",
        "26:00 2026-11-19 ran",
    ]


def test_a_night_that_goes_on_failing_is_tried_hourly_and_given_up_when_it_is_too_old() -> None:
    world = World(at(THURSDAY, 2), stop_after=25 * HOUR)
    world.fails = {date(2026, 11, 18): 1_000}
    world.daily.forever()
    waits = [float(line.split()[-1]) for line in world.told if "disk full" in line]
    assert waits[:5] == [300, 600, 1200, 2400, 3600]
    assert set(waits[5:]) == {3600}
    assert "26:00 2026-11-18 given up" in world.told
    assert world.told[-1] == "26:00 2026-11-19 ran"


def test_a_night_that_ends_and_is_not_done_is_no_hot_loop() -> None:
    world = World(at(THURSDAY, 2), stop_after=HOUR)
    world.daily.run = lambda night: world.tell(f"{night} pretends")
    world.daily.forever()
    assert len([line for line in world.told if "pretends" in line]) == 4
    assert "ended, and is not done 300" in world.told[1]


def test_it_stops_between_two_nights_and_while_it_waits() -> None:
    world = World(at(THURSDAY, 2), stop_after=0, catch_up=5)
    world.daily.once()
    assert world.told == ["2:00 2026-11-13 ran"]
    world.daily.forever()
    assert len(world.told) == 1


def test_what_stops_a_process_is_not_held_back() -> None:
    world = World(at(THURSDAY, 2), stop_after=HOUR)

    def interrupted(_: date) -> None:
        raise KeyboardInterrupt

    world.daily.run = interrupted
    forever: Callable[[], None] = world.daily.forever
    with pytest.raises(KeyboardInterrupt):
        forever()


def test_a_clock_that_is_set_is_noticed() -> None:
    world = World(at(THURSDAY, 3), stop_after=100 * HOUR)
    world.finished.add(date(2026, 11, 18))
    jumps = iter([24 * HOUR])
    plain = world.wait

    def wait(seconds: float) -> bool:
        stop = plain(seconds)
        world.now += next(jumps, 0)
        return stop or bool(world.told)

    world.daily.wait = wait
    world.daily.forever()
    assert world.told == ["27:01 2026-11-19 ran"]
