from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from agents.detect import moments as module
from agents.detect.moments import HOUR, Moments
from agents.detect.snapshot import pack, unpack
from schemas.signals import LocalCluster
from windows.authors import SIZE, AuthorSketch
from windows.tally import OTHER

NOON = 29_000_000
IOS, ANDROID = ("app", "", "ios"), ("app", "", "android")
PAY, LOGIN = 3, 8


def hashes(first: int, n: int) -> tuple[int, ...]:
    return tuple(sorted(xxh3_64_intdigest(str(first + k).encode()) >> 12 for k in range(n)))


def said(ios: int, android: int = 0, authors: Sequence[int] = ()) -> LocalCluster:
    leaves = tuple((leaf, n) for leaf, n in ((ANDROID, android), (IOS, ios)) if n)
    return LocalCluster(7, ios + android, {"pay": 1}, 0, tuple(authors), leaves)


def filled(minutes: dict[int, list[tuple[int, LocalCluster]]]) -> Moments:
    moments = Moments()
    for minute, parts in minutes.items():
        moments.add(minute, parts)
    return moments


def test_a_minute_sums_the_local_clusters_of_a_theme() -> None:
    parts = [(PAY, said(2, 1, hashes(0, 3))), (LOGIN, said(0, 4)), (PAY, said(3, 0, hashes(2, 2)))]
    moments = filled({NOON: parts})
    assert moments.leaves([PAY], NOON, NOON + 1) == {IOS: 5, ANDROID: 1}
    assert moments.leaves([LOGIN], NOON, NOON + 1) == {ANDROID: 4}
    assert moments.leaves([PAY + 1], NOON, NOON + 1) == {}
    assert moments.totals(NOON, NOON + 1) == {IOS: 5, ANDROID: 5}
    assert moments.authors([PAY], NOON, NOON + 1).estimate().value == 4
    assert moments.authors([LOGIN], NOON, NOON + 1).estimate().value == 0


def test_the_range_of_minutes_is_half_open() -> None:
    moments = filled({NOON + n: [(PAY, said(1 << n))] for n in range(4)})
    assert moments.leaves([PAY], NOON + 1, NOON + 3) == {IOS: 6}
    assert moments.totals(NOON + 1, NOON + 3) == {IOS: 6}
    assert moments.leaves([PAY], NOON + 4, NOON + 9) == {}
    assert moments.totals(NOON + 4, NOON + 9) == {}


def test_a_minute_is_forgotten_after_an_hour() -> None:
    moments = filled({NOON: [(PAY, said(1))], NOON + 1: [(PAY, said(2))]})
    moments.add(NOON + HOUR - 1, [])
    assert moments.totals(0, NOON + HOUR) == {IOS: 3}
    moments.add(NOON + HOUR, [])
    assert moments.totals(0, NOON + HOUR) == {IOS: 2}


def test_many_authors_are_kept_as_the_smallest_hashes() -> None:
    parts = [hashes(start, 60) for start in range(0, 3000, 50)]
    moments = Moments()
    moments.add(NOON, [(PAY, said(1, 0, part)) for part in parts[:30]])
    moments.add(NOON + 1, [(PAY, said(1, 0, part)) for part in parts[30:]])
    whole = AuthorSketch.from_list(author for part in parts for author in part).estimate()
    found = moments.authors([PAY], NOON, NOON + 2).estimate()
    assert found.value == pytest.approx(whole.value, abs=1)
    assert [minute[-1].size for minute in moments.state()["minutes"]] == [SIZE, SIZE]


def test_rare_leaves_of_one_theme_and_minute_are_lumped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LEAVES", 2)
    leaves = [(("app", str(n)), count) for n, count in enumerate((1, 5, 1, 7, 2))]
    local = LocalCluster(7, 16, {"pay": 1}, leaves=tuple(leaves))
    moments = filled({NOON: [(PAY, local), (LOGIN, said(1))]})
    found = moments.leaves([PAY], NOON, NOON + 1)
    assert found == {("app", "1"): 5, ("app", "3"): 7, (OTHER, OTHER): 4}
    assert moments.leaves([LOGIN], NOON, NOON + 1) == {IOS: 1}


_minutes = st.dictionaries(
    st.integers(0, 3 * HOUR),
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 400), max_size=4),
            st.lists(st.integers(0, 2**52 - 1), max_size=4),
        ),
        max_size=5,
    ),
    max_size=12,
)


def _parts(given_: list[tuple[int, dict[str, int], list[int]]]) -> list[tuple[int, LocalCluster]]:
    return [
        (
            theme,
            LocalCluster(
                7,
                sum(leaves.values()),
                {},
                0,
                tuple(authors),
                tuple(((leaf,), n) for leaf, n in leaves.items()),
            ),
        )
        for theme, leaves, authors in given_
    ]


@settings(max_examples=60, deadline=None)
@given(_minutes, st.integers(0, 3 * HOUR))
def test_what_is_kept_is_what_was_said_and_a_snapshot_goes_on_alike(
    minutes: dict[int, list[tuple[int, dict[str, int], list[int]]]], cut: int
) -> None:
    whole, restored = Moments(), Moments()
    for at in sorted(minutes):
        whole.add(NOON + at, _parts(minutes[at]))
        restored.add(NOON + at, _parts(minutes[at]))
        if at <= cut:
            body = pack(restored.state())
            restored = Moments()
            restored.restore(unpack(body))
            assert pack(restored.state()) == body
    assert pack(restored.state()) == pack(whole.state())
    last = max(minutes, default=0)
    for theme in range(10):
        counts: Counter[tuple[str, ...]] = Counter()
        authors: set[int] = set()
        for at, given_ in minutes.items():
            for of, leaves, hashed in given_:
                if of == theme and at > last - HOUR:
                    counts.update({(leaf,): n for leaf, n in leaves.items()})
                    authors.update(author >> 20 for author in hashed)
        assert restored.leaves([theme], 0, NOON + last + 1) == counts
        assert restored.authors([theme], 0, NOON + last + 1).estimate().value == len(authors)


def test_a_minute_of_a_theme_takes_few_bytes() -> None:
    """A thousand themes of ten reports each, in one of the sixty minutes that are kept."""
    moments = Moments()
    parts = [
        (theme, LocalCluster(7, 10, {}, 0, hashes(theme * 10, 10), leaves))
        for theme in range(1000)
        for leaves in [
            tuple(((f"7.{n % 50}", f"os {theme % 3}"), 1) for n in range(theme, theme + 10))
        ]
    ]
    moments.add(NOON, parts)
    (minute,) = moments.state()["minutes"]
    assert sum(array.nbytes for array in minute[1:]) / len(parts) < 100


def test_several_themes_are_summed_and_counted_by_value_and_minute() -> None:
    moments = filled(
        {
            NOON: [(PAY, said(3)), (LOGIN, said(0, 2))],
            NOON + 2: [(PAY, said(1))],
        }
    )
    assert moments.leaves([PAY, LOGIN], NOON, NOON + 3) == {IOS: 4, ANDROID: 2}
    place = IOS.index("ios")
    assert moments.counts([PAY, LOGIN], place, "ios", NOON, NOON + 3).tolist() == [3, 0, 1]
    assert sorted(moments.newest()) == [(PAY, IOS, 1)]


def test_a_theme_has_said_what_its_parts_have() -> None:
    moments = filled({NOON: [(PAY, said(1, 0, hashes(0, 2))), (LOGIN, said(2, 0, hashes(1, 2)))]})
    moments.add(NOON + 1, [(LOGIN, said(4))])
    moments.merge(PAY, LOGIN, NOON + 1)
    moments.add(NOON + 2, [(PAY, said(8))])
    copy = Moments()
    copy.restore(unpack(pack(moments.state())))
    for each in (moments, copy):
        assert each.leaves([PAY], NOON, NOON + 3) == {IOS: 15}
        assert each.authors([PAY], NOON, NOON + 3).estimate().value == 3
        assert each.totals(NOON, NOON + 3) == {IOS: 15}
    moments.merge(9, PAY, NOON + 2)
    assert moments.leaves([9], NOON, NOON + 3) == {IOS: 15}


def test_parts_are_forgotten_with_their_minutes() -> None:
    moments = filled({NOON: [(LOGIN, said(1))]})
    moments.merge(PAY, LOGIN, NOON)
    moments.add(NOON + HOUR - 1, [])
    assert moments.leaves([PAY], NOON, NOON + HOUR) == {IOS: 1}
    moments.add(NOON + 3 * HOUR - NOON % HOUR, [])
    assert moments.state()["merged"] == []
