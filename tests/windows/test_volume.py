import numpy as np
import pytest

from windows.volume import LENGTHS, Volume


def hear(volume: Volume, counts: list[float]) -> list[int | None]:
    return [volume.close(count) for count in counts]


def test_a_launch_is_told_within_minutes() -> None:
    volume = Volume()
    assert hear(volume, [2, 1, 0, 2, 0, 0, 1, 3, 9, 6, 9])[-1] is None
    assert volume.close(7) == LENGTHS[0]


def test_a_steady_product_is_no_surge_however_it_begins() -> None:
    volume = Volume()
    assert set(hear(volume, [150] * 200)) == {None}


@pytest.mark.parametrize(("factor", "told"), [(4, False), (8, True)])
def test_four_times_the_usual_is_a_good_day_and_eight_times_is_told(
    factor: int, told: bool
) -> None:
    volume = Volume()
    usual = np.random.default_rng(3).poisson(20, 600).tolist()
    assert set(hear(volume, usual)) == {None}
    assert (LENGTHS[0] in hear(volume, [20 * factor] * 10)) is told


def test_a_morning_after_a_quiet_night_is_none() -> None:
    volume = Volume()
    rise = [2 + 18 * minute / 180 for minute in range(180)]
    assert set(hear(volume, [2.0] * 400 + rise + [20.0] * 60)) == {None}


def test_few_events_are_none_and_silence_before_says_nothing() -> None:
    assert set(hear(Volume(), [0.1] * 60 + [5.0] * 5)) == {None}
    assert set(hear(Volume(), [0.0] * 60 + [50.0] * 5)) == {None}


def test_a_snapshot_goes_on_alike() -> None:
    counts = np.random.default_rng(1).poisson(5, 200).tolist()
    volume, other = Volume(), Volume()
    hear(volume, counts)
    other.restore(volume.state())
    burst = [60.0] * 20
    assert hear(volume, burst) == hear(other, burst)
    assert volume.state() == other.state()
