import numpy as np

from windows.drift import BaselineDrift
from windows.slots import Floats, Slots

SLOTS: Slots = np.array([3, 8])
LEVELS: Floats = np.array([1.7, 1.7], np.float32)
MEANS: Floats = np.array([100, 100], np.float32)


def hours(drift: BaselineDrift, factor: float, n: int, seed: int) -> list[list[int]]:
    """Feed ``n`` hours in which slot 8 has ``factor`` times its mean; the slots that moved."""
    rng = np.random.default_rng(seed)
    lift = np.array([1, factor])
    return [
        drift.moved(SLOTS, rng.poisson(lift * MEANS).astype(np.float32), MEANS, LEVELS).tolist()
        for _ in range(n)
    ]


def test_a_moved_baseline_is_found_within_a_day_and_only_there() -> None:
    drift = BaselineDrift()
    assert not any(hours(drift, 1, 200, seed=1))
    moved = hours(drift, 3, 24, seed=2)
    assert [8] in moved
    assert not any(3 in slots for slots in moved)


def test_restored_drift_goes_on_the_same() -> None:
    drift, copy = BaselineDrift(), BaselineDrift()
    hours(drift, 1, 100, seed=3)
    copy.restore(drift.state())
    assert hours(copy, 2, 24, seed=4) == hours(drift, 2, 24, seed=4)
    assert all(
        (a == b).all() for a, b in zip(drift.state().values(), copy.state().values(), strict=True)
    )


def test_a_forgotten_slot_starts_anew() -> None:
    drift = BaselineDrift()
    hours(drift, 1, 100, seed=5)
    drift.forget([8])
    assert not any(hours(drift, 3, 24, seed=6))
