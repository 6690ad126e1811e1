from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.play.arrival import arrivals

NOW = 1_764_000_000_000
DAY = 86_400_000
_times = st.lists(
    st.none() | st.integers(NOW - 9 * DAY, NOW + 9 * DAY) | st.sampled_from([0, -5, 10**20]),
    max_size=200,
)


def of(times: list[int | None]) -> list[int]:
    return [arrived for _, arrived in arrivals(enumerate(times), NOW)]


@settings(max_examples=60, deadline=None)
@given(_times)
def test_it_keeps_every_item_in_order_and_never_falls_or_is_ahead(times: list[int | None]) -> None:
    found = list(arrivals(enumerate(times), NOW))
    assert [item for item, _ in found] == list(range(len(times)))
    arrived = [ms for _, ms in found]
    assert arrived == sorted(arrived)
    assert all(ms <= NOW for ms in arrived)


def test_a_file_in_order_keeps_its_times_but_at_its_ends() -> None:
    times = [NOW - DAY + n * 1000 for n in range(200)]
    assert of([*times])[25:-25] == times[25:-25]


def test_late_and_future_records_do_not_pass_for_arrival() -> None:
    times: list[int | None] = [NOW - DAY + n * 1000 for n in range(200)]
    straight = of(times)
    times[100] = NOW - 5 * DAY
    times[120] = NOW - DAY + 3_600_000
    moved = [abs(a - b) for a, b in zip(of(times), straight, strict=True)]
    assert max(moved) <= 2_000


def test_without_any_time_everything_arrives_now() -> None:
    assert of([None] * 60) == [NOW] * 60
    assert of([]) == []


def test_records_without_a_time_at_the_beginning_arrive_with_the_first_that_has_one() -> None:
    times = [None] * 80 + [NOW - DAY + n for n in range(80)]
    assert of(times)[0] == NOW - DAY
    assert of(times)[-1] < NOW - DAY + 80


def test_a_long_beginning_without_time_is_not_held_back_for_ever() -> None:
    read = 0

    def endless() -> Iterator[tuple[int, None]]:
        nonlocal read
        while True:
            read += 1
            yield read, None

    first = next(arrivals(endless(), NOW))
    assert first == (1, NOW)
    assert read < 20_000
