from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.evaluation.outbreaks import DAY, day_shape, simulate
from windows.scores import Scores
from windows.slots import State
from windows.spikes import SpikeDetector

Counts = npt.NDArray[np.float32]


def feed(detector: SpikeDetector, rows: Iterable[npt.ArrayLike], minute: int = 0) -> list[Scores]:
    """Score, then learn, one row of counts a bin from ``minute`` on."""
    scores = []
    for offset, row in enumerate(rows):
        at = minute + offset * detector.bin_minutes
        scores.append(detector.score_many(row, at))
        detector.learn_many(row, at)
    return scores


def started(n: int, **parameters: float) -> SpikeDetector:
    detector = SpikeDetector(**parameters)  # type: ignore[arg-type]
    detector.add(n)
    return detector


def steady(minutes: int, rates: npt.ArrayLike, seed: int = 1) -> Counts:
    rates = np.asarray(rates)
    draws = np.random.default_rng(seed).poisson(rates, (minutes, rates.size))
    return draws.astype(np.float32)


@pytest.fixture(scope="module")
def mature() -> State:
    """A product of 50 clusters of .02-.5 a minute after 3000 minutes."""
    detector = started(50)
    feed(detector, steady(3000, np.geomspace(0.02, 0.5, 50)))
    return detector.state()


def restored(state: State) -> SpikeDetector:
    detector = SpikeDetector()
    detector.restore(state)
    return detector


def same(left: Scores, right: Scores) -> bool:
    return all(
        np.asarray(getattr(left, name)).tobytes() == np.asarray(getattr(right, name)).tobytes()
        for name in Scores.__slots__
    )


def test_forty_complaints_in_the_first_minute_of_a_cluster_alarm(mature: State) -> None:
    detector = restored(mature)
    slot = int(detector.add(1)[0])
    counts = np.zeros(detector.capacity)
    counts[slot] = 40
    scores = detector.score_many(counts, 3000)
    assert scores.alarm[slot]
    assert scores.lift[slot] > 50
    assert scores.alarm.sum() == 1


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_complaints_in_the_first_minute_do_not(mature: State, count: int) -> None:
    detector = restored(mature)
    slot = int(detector.add(1)[0])
    counts = np.zeros(detector.capacity)
    counts[slot] = count
    assert not detector.score_many(counts, 3000).alarm.any()


def test_a_cluster_does_not_take_its_own_first_burst_for_its_level(mature: State) -> None:
    detector = restored(mature)
    slot = int(detector.add(1)[0])
    counts = np.zeros(detector.capacity)
    counts[slot] = 40
    scores = feed(detector, [counts] * 10, 3000)
    assert scores[-1].expected[slot] < 10
    assert all(step.score[slot] > 1 for step in scores)


def test_a_product_that_just_started_raises_no_storm() -> None:
    rng = np.random.default_rng(2)
    rates = 10 ** rng.uniform(-3, 2, 200)
    detector, slot_of = SpikeDetector(), np.full(200, -1)
    alarms = 0
    for minute in range(600, 900):
        drawn = rng.poisson(rates)
        # A cluster is born by its first complaint, as in production.
        new = np.flatnonzero((drawn > 0) & (slot_of < 0))
        slot_of[new] = detector.add(new.size)
        counts = np.zeros(detector.capacity)
        counts[slot_of[slot_of >= 0]] = drawn[slot_of >= 0]
        alarms += int(feed(detector, [counts], minute)[0].alarm.sum())
    assert alarms <= 1


def test_a_half_hour_old_product_already_finds_an_outbreak() -> None:
    detector = started(20)
    feed(detector, steady(30, np.geomspace(0.05, 0.5, 20)))
    counts = np.zeros(20)
    counts[3] = 15
    assert feed(detector, [counts] * 3, 30)[-1].score[3] > 1


def test_quiet_clusters_do_not_alarm_below_four_complaints(mature: State) -> None:
    detector = restored(mature)
    feed(detector, np.zeros((1500, 50)), 3000)
    one, none = np.eye(50)[7], np.zeros(50)
    scores = feed(detector, [one, one, none, one], 4500)
    assert not any(step.alarm.any() for step in scores)
    assert feed(detector, [2 * one, 3 * one], 4504)[-1].alarm[7]


def test_empty_minutes_tick_the_level_down(mature: State) -> None:
    detector = restored(mature)
    before = detector.score_many(np.zeros(50), 3000).expected
    after = feed(detector, np.zeros((DAY, 50)), 3000)[-1].expected
    assert (after < 0.7 * before).all()


def test_scoring_changes_nothing(mature: State) -> None:
    detector, counts = restored(mature), steady(1, np.full(50, 3.0), seed=9)[0]
    first = detector.score_many(counts, 3000)
    assert same(first, detector.score_many(counts, 3000))
    detector.score_many(counts + 1, 3000)
    state = detector.state()
    assert all(state[name].tobytes() == array.tobytes() for name, array in mature.items())


def test_learning_alone_is_learning_after_scoring(mature: State) -> None:
    left, right, rows = restored(mature), restored(mature), steady(90, np.full(50, 1.0))
    feed(left, rows, 3000)
    for offset, row in enumerate(rows):
        right.learn_many(row, 3000 + offset)
    assert all((left.state()[name] == array).all() for name, array in right.state().items())


@pytest.mark.parametrize("cut", [1, 61, 1500, 3100])
def test_a_restored_detector_goes_on_byte_by_byte(cut: int) -> None:
    rows = steady(cut + 200, np.geomspace(0.01, 20, 12), seed=3)
    detector = started(12)
    feed(detector, rows[:cut])
    copy = restored(detector.state())
    for left, right in zip(
        feed(detector, rows[cut:], cut), feed(copy, rows[cut:], cut), strict=True
    ):
        assert same(left, right)
    ours, theirs = detector.state(), copy.state()
    assert ours.keys() == theirs.keys()
    assert all(ours[name].dtype == theirs[name].dtype for name in ours)
    assert all(ours[name].tobytes() == theirs[name].tobytes() for name in ours)


@pytest.mark.slow
@settings(max_examples=3, deadline=None)
@given(st.permutations(range(9)))
def test_the_order_of_the_clusters_does_not_matter(order: list[int]) -> None:
    rows = steady(1700, np.geomspace(0.01, 20, 9), seed=4)
    rows[1600:1610, 2] += 30
    straight = feed(started(9), rows)[-110:]
    shuffled = feed(started(9), rows[:, order])[-110:]
    for left, right in zip(straight, shuffled, strict=True):
        assert left.score[order].tobytes() == right.score.tobytes()
        assert left.expected[order].tobytes() == right.expected.tobytes()
        assert (left.alarm[order] == right.alarm).all()


def test_a_reused_slot_knows_nothing_of_the_cluster_before(mature: State) -> None:
    used, fresh = restored(mature), restored(mature)
    wild = np.zeros(50)
    wild[11] = 500
    feed(used, [wild] * 30, 3000)
    feed(fresh, np.zeros((30, 50)), 3000)
    for detector in (used, fresh):
        detector.remove([11])
        # What the wild cluster taught the product stays; only its own past must go.
        product = [name for name in mature if name.startswith(("prior.", "profile."))]
        detector.restore(detector.state() | {name: mature[name] for name in product})
        assert detector.add(1).tolist() == [11]
    rows = steady(120, np.full(50, 0.2), seed=5)
    for left, right in zip(feed(used, rows, 3030), feed(fresh, rows, 3030), strict=True):
        assert left.score[11] == right.score[11]


def test_a_free_slot_neither_scores_nor_teaches(mature: State) -> None:
    left, right = restored(mature), restored(mature)
    rows = steady(120, np.full(50, 0.2), seed=6)
    loud = rows.copy()
    loud[:, 4] = 1000
    for detector in (left, right):
        detector.remove([4])
    quiet, noisy = feed(left, rows, 3000), feed(right, loud, 3000)
    assert all(same(a, b) for a, b in zip(quiet, noisy, strict=True))
    assert not any(step.score[4] or step.expected[4] or step.alarm[4] for step in noisy)


def test_scores_fit_their_definitions(mature: State) -> None:
    detector = restored(mature)
    rows = steady(70, np.full(50, 0.3), seed=7)
    rows[60:, 9] += 4
    scores = feed(detector, rows, 3000)
    last = scores[-1]
    assert last.windows == (5, 15, 60)
    assert last.counts[:, 9] == pytest.approx([rows[-n:, 9].sum() for n in (5, 15, 60)])
    means = [sum(step.expected[9] for step in scores[-n:]) for n in (5, 15, 60)]
    assert last.means[:, 9] == pytest.approx(means, rel=1e-4)
    assert last.score[9] > 1
    row = last.windows.index(int(last.window[9]))
    assert last.tails[row, 9] == last.tails[:, 9].max()
    assert last.lift[9] == pytest.approx(last.counts[row, 9] / last.means[row, 9])


def test_the_last_bins_of_a_slot_come_oldest_first(mature: State) -> None:
    detector, rows = restored(mature), steady(70, np.full(50, 0.5), seed=14)
    expected = [step.expected[6] for step in feed(detector, rows, 3000)]
    counts, means = detector.last(6, 20)
    assert counts.tolist() == rows[-20:, 6].tolist()
    assert means.tolist() == expected[-20:]


def test_an_alarm_is_raised_once_while_the_score_does_not_rise(mature: State) -> None:
    detector = restored(mature)
    counts = np.zeros((90, 50))
    counts[:10, 20] = 30
    counts[60:65, 20] = 10
    alarms = [bool(step.alarm[20]) for step in feed(detector, counts, 3000)]
    assert any(alarms[:10])
    assert not any(alarms[15:])


def test_minutes_go_forward_and_shapes_fit() -> None:
    detector = started(2)
    detector.learn_many([1, 2], 10)
    with pytest.raises(ValueError, match="minute 10 is not after 10"):
        detector.score_many([1, 2], 10)
    with pytest.raises(ValueError, match="shape"):
        detector.score_many([1, 2, 3], 11)
    with pytest.raises(IndexError):
        detector.remove([2])


@pytest.mark.slow
def test_the_learned_season_saves_false_alarms() -> None:
    minutes = np.arange(5 * DAY, dtype=np.float64)
    rates = np.geomspace(0.2, 10, 16)
    means = 0.15 + 0.85 * day_shape(minutes % DAY)
    rows = np.random.default_rng(8).poisson(means[:, None] * rates).astype(np.float32)
    detector = started(16)
    scores = feed(detector, rows)
    known = sum(int(step.alarm.sum()) for step in scores[3 * DAY :])
    assert known <= 3
    # The same counts, but each day of each cluster starts at another hour: no season holds.
    rng = np.random.default_rng(15)
    for day in np.split(rows, 5):
        for cluster in range(16):
            day[:, cluster] = np.roll(day[:, cluster], int(rng.integers(DAY)))
    unknown = sum(int(step.alarm.sum()) for step in feed(started(16), rows)[3 * DAY :])
    assert unknown > 5 * max(known, 1)


@pytest.mark.slow
def test_a_burst_of_every_night_falls_silent_and_a_larger_one_does_not() -> None:
    rng = np.random.default_rng(9)
    detector, nightly, minutes = started(16), [], np.arange(DAY)[:, None]
    for night in range(9):
        begins = 120 + rng.integers(-20, 20, 8)
        means = np.full((DAY, 16), 0.5)
        means[:, :8] += 3 * ((minutes >= begins) & (minutes < begins + 30))
        if night == 8:
            means[800:830, [2, 12]] += 12
        scores = feed(detector, rng.poisson(means), night * DAY)
        nightly.append(np.any([step.alarm[:8] for step in scores[:400]], axis=0).mean())
    assert nightly[0] == 1
    assert np.mean(nightly[6:]) <= 0.15
    found = np.any([step.alarm for step in scores[800:845]], axis=0)
    assert np.flatnonzero(found).tolist() == [2, 12]


@pytest.mark.slow
def test_a_moved_baseline_is_learned_anew_within_half_a_day() -> None:
    means = np.full((DAY * 9 // 2, 3), 2.0)
    means[4 * DAY :, 1] *= 8
    rows = np.random.default_rng(10).poisson(means)
    scores = feed(started(3, season_hours=24), rows)
    assert scores[-1].expected[1] > 8
    assert scores[-1].expected[0] == pytest.approx(2, rel=0.25)


def test_five_minute_bins_expect_five_times_as_much() -> None:
    rows = steady(3000, [0.4, 3.0], seed=11)
    fine, coarse = started(2), started(2, bin_minutes=5)
    feed(fine, rows)
    scores = feed(coarse, rows.reshape(-1, 5, 2).sum(axis=1))[-1]
    assert scores.windows == (5, 15, 60)
    expected = fine.score_many([0, 0], 3000).expected
    assert scores.expected == pytest.approx(5 * expected, rel=0.15)


def test_one_series_is_the_same_code() -> None:
    rows = steady(400, [1.0], seed=12)
    rows[350:355] += 20
    single = SpikeDetector(bin_minutes=5, season_hours=24)
    ones = []
    for i, count in enumerate(rows[:, 0].tolist()):
        x = {"count": count, "minute": 5 * i}
        ones.append(single.score_one(x))
        single.learn_one(x)
    many = [step.score[0] for step in feed(started(1, bin_minutes=5, season_hours=24), rows)]
    assert np.argmax(ones) == np.argmax(many)
    assert max(ones) == max(many) > 1
    assert all(one in (0, score) for one, score in zip(ones, many, strict=True))


@pytest.mark.slow
def test_outbreaks_are_found_at_a_bearable_rate_of_false_alarms() -> None:
    """A short look at the generator: 150 clusters, 8 days to learn, one to test."""
    world = simulate(150, 9, 8, seed=13)
    alarms = np.array([step.alarm for step in feed(started(150), world.counts)])
    clean, sick = world.duration == 0, np.flatnonzero(world.duration)
    # The first weekend and the Monday after it are in here.
    assert alarms[2 * DAY : 8 * DAY].any(axis=0).mean() <= 0.12
    assert alarms[8 * DAY :, clean].any(axis=0).mean() <= 0.04
    found = [
        alarms[world.start[c] : world.start[c] + world.duration[c] + 15, c].any() for c in sick
    ]
    assert np.mean(found) > 0.35


RATES = np.geomspace(0.02, 0.5, 50)


def next_hour(detector: SpikeDetector, pairs: Iterable[tuple[int, int]], seed: int) -> list[Scores]:
    """Merge pairs of the mature clusters, then an hour like those before."""
    counts = steady(60, RATES, seed)
    for into, gone in pairs:
        detector.merge(into, gone)
        counts[:, into] += counts[:, gone]
        counts[:, gone] = 0
    return feed(detector, counts, 3000)


@pytest.mark.parametrize("seed", range(8))
def test_a_merge_of_two_steady_series_does_not_alarm(mature: State, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(50).reshape(25, 2)
    pairs = [(int(into), int(gone)) for into, gone in order]
    scores = next_hour(restored(mature), pairs, seed)
    assert not any(step.alarm.any() for step in scores)


def test_a_merge_adds_what_is_expected_and_what_was_counted(mature: State) -> None:
    detector, apart = restored(mature), restored(mature)
    before = apart.score_many(np.zeros(50), 3000).expected
    counts = detector.last(40, 60)[0] + detector.last(20, 60)[0]
    detector.merge(20, 40)
    assert detector.last(20, 60)[0].tolist() == counts.tolist()
    expected = detector.score_many(np.zeros(50), 3000).expected
    assert expected[20] == pytest.approx(before[20] + before[40], rel=0.02)
    assert expected[40] == 0
    assert detector.add(1).tolist() == [40]


def test_a_burst_that_is_over_is_no_news_to_the_theme_it_is_merged_into(mature: State) -> None:
    detector = restored(mature)
    burst = steady(10, RATES, seed=3)
    burst[:8, 10] += 6
    assert any(step.alarm[10] for step in feed(detector, burst, 3000))
    state = detector.state()
    for into in (5, 45):
        detector.restore(state)
        detector.merge(into, 10)
        quiet = steady(60, RATES, seed=4)
        quiet[:, 10] = 0
        later = feed(detector, quiet, 3010)
        assert later[0].score[into] > 0.5
        assert not any(step.alarm.any() for step in later)


def test_a_merged_theme_still_finds_an_outbreak(mature: State) -> None:
    detector = restored(mature)
    next_hour(detector, [(5, 6)], 1)
    counts = steady(5, RATES, seed=5)
    counts[:, 6] = 0
    counts[:, 5] += 6
    assert any(step.alarm[5] for step in feed(detector, counts, 3060))


@pytest.mark.parametrize("pair", [(3, 50), (60, 3), (-1, 3)])
def test_a_merge_of_a_slot_that_is_not_in_use_changes_nothing(
    mature: State, pair: tuple[int, int]
) -> None:
    detector = restored(mature)
    with pytest.raises(IndexError):
        detector.merge(*pair)
    assert all(detector.state()[name].tobytes() == kept.tobytes() for name, kept in mature.items())


@pytest.mark.parametrize("complaints", [3, 4, 5])
def test_two_that_alarm_together_only_do_not_because_they_are_merged(
    mature: State, complaints: int
) -> None:
    detector, counts = restored(mature), np.zeros(50)
    counts[[10, 11]] = complaints
    apart = feed(detector, [counts, counts], 3000)[-1].score[[10, 11]]
    detector.merge(10, 11)
    after = detector.score_many(np.zeros(50), 3002)
    assert after.score[10] > max(1, apart.max())
    assert not after.alarm[10]
