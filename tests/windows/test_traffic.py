import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.slots import SlotTable
from windows.traffic import TrafficFactor, surge_factor

themes = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0, 12.0])), max_size=30
)


def factor(pairs: list[tuple[float, float]]) -> float:
    grid = np.array(pairs, np.float32).reshape(-1, 2)
    return surge_factor(grid[:, 0], grid[:, 1])


def slow_factor(pairs: list[tuple[float, float]]) -> float:
    """The ratio at which half of the weight is passed, by a walk through the sorted themes."""
    says = [((x + 0.5) / (m + 0.5), m**0.5) for x, m in pairs if m >= 1]
    if len(says) < 5:
        return 1.0
    half, passed = sum(weight for _, weight in says) / 2, 0.0
    for ratio, weight in sorted(says):
        passed += weight
        if passed >= half - 1e-9:
            return ratio if ratio >= 1.3 - 1e-6 else 1.0
    raise AssertionError


def between(pairs: list[tuple[int, float]]) -> bool:
    """Whether half of the weight falls on the border of two themes, where rounding decides."""
    says = sorted(((x + 0.5) / (m + 0.5), m**0.5) for x, m in pairs if m >= 1)
    half = sum(weight for _, weight in says) / 2
    return any(
        abs(sum(weight for _, weight in says[: n + 1]) - half) < 1e-4 for n in range(len(says))
    )


@settings(max_examples=60)
@given(themes.filter(lambda pairs: not between(pairs)))
def test_equals_a_walk_through_the_sorted_themes(pairs: list[tuple[int, float]]) -> None:
    assert factor(list(pairs)) == pytest.approx(slow_factor(list(pairs)), rel=1e-5)


@pytest.mark.parametrize("times", [2, 3, 10])
def test_all_themes_up_is_a_surge_of_that_size(times: int) -> None:
    pairs = [(float(m * times), float(m)) for m in range(20, 40)]
    assert factor(pairs) == pytest.approx(times, rel=0.03)


def test_few_themes_up_are_no_surge_however_large() -> None:
    usual = [(5.0, 5.0)] * 12
    assert factor([*usual, *[(500.0, 5.0)] * 5]) == 1.0
    assert factor([*usual, (90_000.0, 60.0)]) == 1.0


def test_four_themes_have_no_say() -> None:
    assert factor([(50.0, 5.0)] * 4) == 1.0
    assert factor([(50.0, 5.0)] * 4 + [(50.0, 0.9)] * 20) == 1.0
    assert factor([(50.0, 5.0)] * 5) > 9


def test_below_a_third_more_is_chance() -> None:
    assert factor([(12.0, 10.0)] * 10) == 1.0
    assert factor([(14.0, 10.0)] * 10) == pytest.approx(14.5 / 10.5)


def test_the_trailing_sums_forget_with_a_half_life_of_two_minutes() -> None:
    table = SlotTable()
    traffic = TrafficFactor(table, 1)
    table.add(6)
    base = np.full(6, 4, np.float32)
    history: list[float] = []
    for count in (4.0, 4.0, 9.0, 30.0, 30.0, 4.0):
        now = np.full(6, count, np.float32)
        history.append(count)
        weights = [0.5 ** (ago / 2) for ago in range(len(history))][::-1]
        x = sum(w * n for w, n in zip(weights, history, strict=True))
        m = sum(w * 4 for w in weights)
        wanted = (x + 0.5) / (m + 0.5)
        assert traffic.factor(now, base) == pytest.approx(wanted if wanted >= 1.3 else 1.0)
        traffic.learn(now, base)


def test_free_slots_have_no_say() -> None:
    table = SlotTable()
    traffic = TrafficFactor(table, 1)
    slots = table.add(30)
    base = np.full(30, 4, np.float32)
    table.remove(slots[6:])
    count = np.where(np.arange(30) < 6, 20, 0).astype(np.float32)
    assert traffic.factor(count, base) == pytest.approx(20.5 / 4.5)
