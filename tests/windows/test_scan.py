import math
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.windows.scan_product import (
    QUIET,
    SIZE,
    Minute,
    Product,
    burst,
    by_value,
    predicted,
    ratio,
    slow_share,
)
from windows.rises import Rise
from windows.scan import LENGTHS, PENALTY, THRESHOLD


@pytest.mark.parametrize("events", [20, 28, 40])
def test_a_slice_is_compared_with_the_gamma_poisson_predictive(events: int) -> None:
    product = Product([4.0])
    product.hear(QUIET, 100)
    product.hear(burst({(1, 0): events}))
    rise = by_value(product.rises())[1]
    (member,) = rise.best.members
    recent = product.history[-rise.best.minutes :]
    inside = sum(minute[1, 0] for minute in recent)
    outside = sum(minute[v, 0] for minute in recent for v in (0, 2))
    share, unsure = slow_share(product.history, 1, 0)
    e, k = predicted(share, 4.0 * rise.best.minutes, outside)
    assert member.events == inside
    assert member.expected == pytest.approx(e, rel=1e-4)
    gain = ratio(inside, e, 1 / (1 / k + unsure)) - PENALTY
    assert member.gain == pytest.approx(gain, rel=1e-3)
    # Thirty slices are reckoned with, though there are three.
    assert rise.best.charge == pytest.approx(math.log(30))
    assert rise.best.score == pytest.approx(member.gain - math.log(30))


def test_for_everybody_it_is_compared_with_the_mean_or_what_was_before() -> None:
    for mean, before in ((4.0, 4.0), (1.0, 4.0), (6.0, 4.0)):
        product = Product([mean])
        product.hear(QUIET, 100)
        product.hear(burst({(v, 0): 15 for v in range(3)}))
        rise = by_value(product.rises())[None]
        (member,) = rise.best.members
        assert member.events == 4 * rise.best.minutes + 45
        assert member.expected == pytest.approx(max(mean, before) * rise.best.minutes)
        gain = ratio(member.events, member.expected, SIZE) - PENALTY
        assert member.gain == pytest.approx(gain)


def test_every_window_that_found_something_is_read() -> None:
    product = Product([4.0])
    product.hear(QUIET, 100)
    product.hear(burst({(v, 0): 15 for v in range(3)}))
    rise = by_value(product.rises())[None]
    gains = {m: ratio(4 * m + 45, 4.0 * m, SIZE) - PENALTY for m in LENGTHS}
    assert [reading.minutes for reading in rise.scales] == [m for m in LENGTHS if gains[m] > 0]
    assert len(rise.scales) == 2
    for reading in rise.scales:
        (member,) = reading.members
        assert member.events == 4 * reading.minutes + 45
        assert reading.score == pytest.approx(gains[reading.minutes])
    assert rise.best == max(rise.scales, key=lambda reading: reading.score)


def test_the_best_window_is_reported() -> None:
    product = Product([4.0])
    product.hear(QUIET, 100)
    product.hear(burst({(v, 0): 4 for v in range(3)}), 15)
    rise = by_value(product.rises())[None]
    scores = [ratio(16 * min(m, 15) + 4 * max(0, m - 15), 4.0 * m, SIZE) - PENALTY for m in LENGTHS]
    # With these events the two minutes say less than the fifteen.
    assert rise.best.minutes == LENGTHS[int(np.argmax(scores))]
    assert rise.best.score == pytest.approx(max(scores))


def test_the_traffic_of_a_slice_is_no_problem() -> None:
    usual: Minute = Counter({(v, s): 3 for v in range(2) for s in range(8)})
    found = []
    for others in (0, 1):
        product = Product([6.0] * 8)
        product.hear(usual, 200)
        more = {(1, s): others for s in range(1, 8)}
        product.hear(burst({(1, 0): 24, **more}, usual), 2)
        rise = by_value(product.rises())[1]
        assert (rise.best.minutes, [member.slot for member in rise.best.members]) == (2, [0])
        found.append(rise.best.members[0].expected)
    share, _ = slow_share(product.history, 1, 0)
    # Seven themes with 8 events where their 14 at the usual share are expected, and 5 for both.
    traffic = (7 * 8 + 5) / (7 * 14 * share + 5)
    assert traffic > 1.1
    assert found[1] / found[0] == pytest.approx(traffic, rel=1e-3)


def incident(product: Product, extra: int) -> None:
    """Twelve themes in four values, steady; then three themes are up in value 2 for 4 minutes."""
    usual: Minute = Counter({(v, s): 1 for v in range(4) for s in range(12)})
    product.hear(usual, 150)
    product.hear(burst({(2, s): extra for s in (1, 5, 9)}, usual), 4)


def test_a_burst_of_one_slice_over_three_themes_is_found_and_named() -> None:
    product = Product([4.0] * 12)
    incident(product, 5)
    first, *rest = product.rises()
    assert first.value == 2
    assert sorted(member.slot for member in first.best.members) == [1, 5, 9]
    assert first.best.score >= THRESHOLD
    assert all(member.gain - first.best.charge < THRESHOLD for member in first.best.members)
    assert all(rise.best.score < first.best.score for rise in rest)
    assert all(rise.value is None for rise in rest)


def test_one_authors_repeats_count_nothing() -> None:
    product = Product([4.0] * 12)
    incident(product, 5)
    assert by_value(product.rises())[2].best.score > THRESHOLD
    asked = set()

    def repeats(slot: int, minutes: int) -> float:
        asked.add((slot, minutes))
        return 5.0 * min(minutes, 4)

    assert product.rises(repeats) == []
    assert {slot for slot, _ in asked} >= {1, 5, 9}
    one = by_value(product.rises(lambda slot, _: 100.0 if slot == 5 else 0.0))[2]
    assert [member.slot for member in one.best.members] == [1, 9]


steady = st.lists(
    st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(lambda n: sum(n) >= 2),
    min_size=10,
    max_size=20,
)


@settings(max_examples=12, deadline=None)
@given(steady, st.integers(2, 20), st.integers(1, 12))
def test_a_surge_of_everything_is_no_rise_for_anybody(
    rates: list[list[int]], factor: int, lasts: int
) -> None:
    usual: Minute = Counter({(v, s): n for s, row in enumerate(rates) for v, n in enumerate(row)})
    product = Product([float(sum(row)) for row in rates])
    product.hear(usual, 150)
    loud: Minute = Counter({pair: n * factor for pair, n in usual.items()})
    for _ in range(lasts):
        product.hear(loud)
        assert [rise for rise in product.rises() if rise.best.score >= THRESHOLD] == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(6, 9))
def test_the_order_of_cells_within_a_minute_does_not_matter(seed: int, extra: int) -> None:
    rng = random.Random(seed)
    one, two = Product([4.0] * 6), Product([4.0] * 6)
    usual: Minute = Counter({(v, s): 1 for v in range(4) for s in range(6)})
    loud = burst({(2, 1): extra, (2, 3): extra + 2}, usual)
    for minute in (*[usual] * 40, *[loud] * 3):
        one.hear(minute)
        two.hear(minute, order=lambda n: rng.sample(n, len(n)))
    assert one.rises() != []
    assert one.rises() == two.rises()


@pytest.mark.slow
def test_a_restored_copy_goes_on_the_same() -> None:
    rng = np.random.default_rng(7)
    one, two = Product([3.0] * 20), Product([3.0] * 20)

    def minute(n: int) -> Minute:
        counts = rng.poisson(np.full((4, 20), 0.75))
        counts[2, :3] += 5 * (n % 25 >= 20)
        return Counter({(v, s): int(counts[v, s]) for v, s in zip(*np.nonzero(counts))})  # noqa: B905

    for n in range(70):
        one.hear(minute(n))
    two.scan.restore(one.scan.state())
    two.history = list(one.history)
    seen = 0
    for n in range(70, 150):
        news = minute(n)
        one.hear(news)
        two.hear(news)
        seen += len(one.rises())
        assert one.rises() == two.rises()
    assert seen > 10


def test_a_reused_slot_inherits_neither_cells_nor_shares() -> None:
    reused, fresh = Product([2.0] * 8), Product([2.0] * 8)
    usual: Minute = Counter({(v, s): 1 for v in range(2) for s in range(6)})
    for product in (reused, fresh):
        # The theme in slot 6 is all about value 3, and loud until it is dropped.
        product.hear(burst({(3, 6): 4}, usual), 60)
        product.hear(burst({(3, 6): 30}, usual), 3)
        product.scan.forget([6])
        for past in product.history:
            del past[3, 6]
    reused.scan.start([6], 0)
    fresh.scan.start([7], 0)
    assert reused.rises() == fresh.rises() == []
    seen: set[int | None] = set()
    for _ in range(40):
        reused.hear(burst({(3, 6): 4, (0, 6): 1}, usual))
        fresh.hear(burst({(3, 7): 4, (0, 7): 1}, usual))
        seen |= set(by_value(reused.rises()))
        for got, wanted in zip(reused.rises(), fresh.rises(), strict=True):
            assert (got.value, got.best.minutes) == (wanted.value, wanted.best.minutes)
            moved = {member.slot: member for member in wanted.best.members}
            for member in got.best.members:
                assert member == moved[7 if member.slot == 6 else member.slot]._replace(
                    slot=member.slot
                )
    assert seen == {3}


def test_what_an_incident_brings_is_not_usual() -> None:
    usual: Minute = Counter({(0, 0): 4, (1, 0): 4, (0, 1): 4, (1, 1): 4})
    found = []
    for apart in ([], [0]):
        product = Product([8.0, 8.0])
        product.hear(usual, 100)
        product.apart = apart
        # An hour of reports from the readers of value 0, and then as many as ever.
        product.hear(burst({(0, 0): 16}, usual), 60)
        product.hear(usual, 60)
        product.apart = []
        product.hear(usual, 5)
        product.hear(burst({(1, 0): 40}, usual), 2)
        rise = by_value(product.rises())[1]
        found.append(rise.best.members[0].expected / rise.best.minutes)
    # By the readers' share of before, 4 of 8 a minute.
    assert found[1] == pytest.approx(4.0, rel=0.05)
    assert found[0] < 3.5


def test_a_reused_value_inherits_nothing() -> None:
    product = Product([4.0] * 12)
    incident(product, 5)
    assert 2 in by_value(product.rises())
    product.scan.forget_values(np.array([2]))
    assert 2 not in by_value(product.rises())
    product.hear(Counter({(2, 1): 5}))
    # The next one of that number has to be heard for a while before anybody can say what is usual.
    assert 2 not in by_value(product.rises())


def test_a_new_release_that_spreads_is_no_rise() -> None:
    product = Product([4.0] * 12)
    product.hear(QUIET, 100)
    drawn = random.Random(5)
    for minute in range(120):
        spread = {(5, slot): 1 for slot in range(12) if drawn.random() < minute / 120}
        product.hear(burst(spread))
        assert by_value(product.rises()).get(5, Rise(5, ())).best.score < THRESHOLD


def test_the_founding_text_of_a_theme_is_no_evidence() -> None:
    product = Product([4.0, 0.1])
    product.hear(QUIET, 100)
    product.scan.start([1], 0)
    for age in range(1, 31):
        product.hear(burst({(0, 1): 6}))
        rise = by_value(product.rises())[None]
        (member,) = rise.best.members
        assert member.slot == 1
        born_inside = age <= rise.best.minutes
        assert member.events == 6 * min(age, rise.best.minutes) - born_inside


def test_two_events_or_four_together_are_nothing() -> None:
    product = Product([4.0] + [0.001] * 4)
    product.hear(QUIET, 100)
    product.hear(burst({(0, 1): 2, (0, 2): 2, (0, 3): 2}))
    assert product.rises() == []
    product.hear(burst({(0, 4): 4}), 1)
    assert 4 not in {member.slot for rise in product.rises() for member in rise.best.members}


def test_nothing_heard_is_nothing_found() -> None:
    product = Product([4.0, 1.0])
    assert product.rises() == []
    product.hear(Counter(), 40)
    assert product.rises() == []


def test_rises_come_highest_first_and_members_by_gain_then_slot() -> None:
    product = Product([4.0] * 12)
    usual: Minute = Counter({(v, s): 1 for v in range(4) for s in range(12)})
    product.hear(usual, 150)
    product.hear(burst({(v, s): 8 for v in (1, 3) for s in (2, 7)} | {(0, 4): 20}, usual), 3)
    rises = product.rises()
    scores = [rise.best.score for rise in rises]
    assert scores == sorted(scores, reverse=True)
    slices = by_value(rises)
    assert slices[1].best.members == slices[3].best.members
    assert rises.index(slices[1]) < rises.index(slices[3])
    assert [member.slot for member in slices[1].best.members] == [2, 7]
    assert slices[1].best.members[0].gain == slices[1].best.members[1].gain


def test_two_themes_made_one_rise_as_if_they_had_always_been_one() -> None:
    apart, one = Product([2.0, 2.0, 1.0]), Product([4.0, 0.0, 1.0])
    usual: Minute = Counter({(v, s): 1 for v in range(3) for s in range(2)}) + Counter({(0, 2): 1})
    for minute, times in ((usual, 100), (burst({(1, 0): 9, (1, 1): 7}, usual), 2)):
        apart.hear(minute, times)
        together: Minute = Counter()
        for (value, slot), count in minute.items():
            together[value, 0 if slot == 1 else slot] += count
        one.hear(together, times)
    apart.scan.merge(0, 1)
    apart.means, apart.history = one.means, one.history
    got, wanted = apart.rises(), one.rises()
    assert [rise.value for rise in got] == [rise.value for rise in wanted]
    assert {member.slot for rise in got for member in rise.best.members} == {0}
    for rise, other in zip(got, wanted, strict=True):
        assert rise.best.minutes == other.best.minutes
        assert rise.best.score == pytest.approx(other.best.score, rel=1e-4)
