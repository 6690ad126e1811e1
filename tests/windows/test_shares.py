import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from windows.shares import Shares

VALUES, SLOTS = 4, 5
KEEP = 0.5 ** (1 / 1440)
KINDS = [0, 1, 0, 1, 0]

# Counts by value and slot; the last row is events without a value.
minutes = st.lists(
    st.lists(st.integers(0, 6), min_size=(VALUES + 1) * SLOTS, max_size=(VALUES + 1) * SLOTS).map(
        lambda flat: np.array(flat, np.float32).reshape(VALUES + 1, SLOTS)
    ),
    max_size=12,
)
Grid = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def started() -> Shares:
    shares = Shares(VALUES, 2)
    shares.start([0, 2, 4], 0)
    shares.start([1, 3], 1)
    return shares


def learn(shares: Shares, grid: Grid) -> None:
    values, slots = np.nonzero(grid[:VALUES])
    shares.learn(values, slots, grid[values, slots], grid.sum(axis=0))


def slow_share(history: list[Grid], value: int, slot: int) -> float:
    """The share before the cap, by plain sums over all that was learnt."""
    weights = [KEEP**ago for ago in range(len(history))][::-1]
    alike = [other for other in range(SLOTS) if KINDS[other] == KINDS[slot]]

    def events(who: list[int], what: slice | int) -> float:
        return sum(
            w * float(grid[what, other].sum())
            for w, grid in zip(weights, history, strict=True)
            for other in who
        )

    usual = (events(alike, value) + 0.5) / (events(alike, slice(None)) + 10)
    return (events([slot], value) + 10 * usual) / (events([slot], slice(None)) + 10)


def every(shares: Shares) -> tuple[list[float], list[float]]:
    values, slots = np.divmod(np.arange(VALUES * SLOTS), SLOTS)
    share, unsure = shares.at(values, slots)
    return share.tolist(), unsure.tolist()


@settings(max_examples=20)
@given(minutes)
def test_share_is_the_posterior_of_a_dirichlet(history: list[Grid]) -> None:
    shares = started()
    for grid in history:
        learn(shares, grid)
    got, unsure = every(shares)
    for n, (share, dispersion) in enumerate(zip(got, unsure, strict=True)):
        value, slot = divmod(n, SLOTS)
        wanted = min(0.98, slow_share(history, value, slot))
        assert share == pytest.approx(wanted, rel=1e-4)
        total = 10 + sum(
            float(grid[:, slot].sum()) * KEEP**ago for ago, grid in enumerate(reversed(history))
        )
        beta = stats.beta(share * total, (1 - share) * total)
        assert share == pytest.approx(beta.mean())
        assert dispersion == pytest.approx(beta.var() / beta.mean() ** 2, rel=1e-4)


@settings(max_examples=20)
@given(
    minutes,
    st.lists(st.integers(0, 30), min_size=SLOTS, max_size=SLOTS),
    st.sets(st.integers(0, VALUES - 1)),
)
def test_expected_is_the_sum_of_events_times_shares(
    history: list[Grid], totals: list[int], asked: set[int]
) -> None:
    shares = started()
    for grid in history:
        learn(shares, grid)
    values = np.array(sorted(asked), np.intp)
    got = shares.expected(values, np.array(totals, np.float32))
    wanted = [
        sum(totals[slot] * slow_share(history, value, slot) for slot in range(SLOTS))
        for value in sorted(asked)
    ]
    assert got.tolist() == pytest.approx(wanted, rel=1e-4)


def test_a_young_theme_has_the_share_of_its_kind() -> None:
    shares = started()
    grid = np.zeros((VALUES + 1, SLOTS), np.float32)
    grid[1, 0], grid[2, 1] = 30, 30
    for _ in range(100):
        learn(shares, grid)
    share, unsure = shares.at(np.array([1, 2, 1, 1]), np.array([2, 3, 3, 0]))
    assert share[:2] == pytest.approx([0.98, 0.98], abs=0.02)
    assert share[2] < 0.01
    # Its own share is surer than that of a theme that has only its kind's.
    assert unsure[3] < unsure[0]


def test_a_reused_slot_inherits_nothing_of_its_own() -> None:
    shares = started()
    grid = np.zeros((VALUES + 1, SLOTS), np.float32)
    grid[1, 0], grid[2, 2] = 5, 200
    for _ in range(50):
        learn(shares, grid)
    assert shares.at(np.array([1]), np.array([0]))[0][0] > 0.9
    shares.start([0], 0)
    one, four = (shares.at(np.array([1]), np.array([slot])) for slot in (0, 4))
    assert one == four
    shares.start([0], 1)
    assert shares.at(np.array([2]), np.array([0])) == shares.at(np.array([2]), np.array([1]))


def test_a_reused_value_inherits_nothing() -> None:
    shares = started()
    grid = np.full((VALUES + 1, SLOTS), 3, np.float32)
    for _ in range(20):
        learn(shares, grid)
    shares.forget_values(np.array([2]))
    share = dict(enumerate(every(shares)[0]))
    assert max(share[2 * SLOTS + slot] for slot in range(SLOTS)) < 0.001
    assert share[1 * SLOTS] == pytest.approx(0.2, rel=0.02)


def test_growing_keeps_what_was_learnt() -> None:
    shares = started()
    grid = np.arange((VALUES + 1) * SLOTS, dtype=np.float32).reshape(VALUES + 1, SLOTS)
    learn(shares, grid)
    before = every(shares)
    for slot in range(SLOTS, 300):
        shares.start([slot], 0)
    assert every(shares) == before


def test_no_values_are_fine() -> None:
    shares = started()
    none = np.zeros(0, np.intp)
    assert shares.expected(none, np.ones(SLOTS, np.float32)).size == 0
    assert shares.at(none, none)[0].size == 0


@settings(max_examples=20)
@given(minutes, minutes)
def test_merged_slots_were_always_one(before: list[Grid], after: list[Grid]) -> None:
    two, one = started(), started()
    for grid in before:
        together = grid.copy()
        together[:, 2] += grid[:, 4]
        together[:, 4] = 0
        learn(two, grid)
        learn(one, together)
    two.merge(2, 4)
    for grid in after:
        learn(two, grid)
        learn(one, grid)
    for got, wanted in zip(every(two), every(one), strict=True):
        assert got == pytest.approx(wanted, rel=1e-4)


@settings(max_examples=20)
@given(minutes, minutes)
def test_a_restored_copy_goes_on_the_same(before: list[Grid], after: list[Grid]) -> None:
    one, two = started(), Shares(VALUES, 2)
    for grid in before:
        learn(one, grid)
    two.restore(one.state())
    for grid in after:
        learn(one, grid)
        learn(two, grid)
        assert every(one) == every(two)
