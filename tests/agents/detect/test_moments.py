from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.moments import HOUR, LeafPool, Moment, Recent, authors_of, leaves_of
from agents.detect.snapshot import pack, unpack
from schemas.signals import LocalCluster, Sample
from windows.authors import AuthorSketch

NOON = 29_000_000
IOS, ANDROID = ("app", "", "ios"), ("app", "", "android")


def sample(n: int) -> Sample:
    return Sample(f"text {n}", n, "app", f"feedback.app-0@{n}")


def cluster(n: int, *authors: int, late: int = 0) -> LocalCluster:
    leaves = ((IOS, n - 1), (ANDROID, 1))
    return LocalCluster(7, n, {"pay": n}, late, authors, leaves, tuple(map(sample, range(n))))


def test_a_moment_sums_the_local_clusters_of_its_minute() -> None:
    moment = Moment(NOON)
    moment.add(cluster(3, 1, 2, 3), LeafPool())
    moment.add(cluster(2, 3, 4, late=5), LeafPool())
    assert (moment.count, moment.late) == (5, 5)
    assert moment.leaves == {IOS: 3, ANDROID: 2}
    assert moment.authors == {1, 2, 3, 4}
    assert moment.samples == [*map(sample, range(3)), *map(sample, range(2))]


def test_a_moment_keeps_the_first_six_samples() -> None:
    moment = Moment(NOON)
    for _ in range(3):
        moment.add(cluster(4), LeafPool())
    assert moment.samples == [sample(n) for n in (0, 1, 2, 3, 0, 1)]


def test_recent_reaches_an_hour_back() -> None:
    recent = Recent()
    for minute in range(NOON, NOON + HOUR + 2):
        recent.add(Moment(minute))
    assert [m.minute for m in recent.since(0)] == list(range(NOON + 2, NOON + HOUR + 2))
    assert recent.forget(NOON + 2 * HOUR + 1)
    assert recent.since(0) == []


def test_since_and_before_part_at_the_minute() -> None:
    recent = Recent()
    for minute in (NOON, NOON + 3, NOON + 5):
        recent.add(Moment(minute))
    assert [m.minute for m in recent.before(NOON + 3)] == [NOON]
    assert [m.minute for m in recent.since(NOON + 3)] == [NOON + 3, NOON + 5]


def test_leaves_and_authors_over_several_minutes() -> None:
    one, two = Moment(NOON), Moment(NOON + 1)
    one.add(cluster(3, 1, 2), LeafPool())
    two.add(cluster(2, 2, 9), LeafPool())
    assert leaves_of([one, two]) == {IOS: 3, ANDROID: 2}
    assert authors_of([one, two]).estimate().value == 3
    assert one.leaves == {IOS: 2, ANDROID: 1}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, HOUR - 1),
            st.integers(1, 5),
            st.lists(st.integers(0, 2**52 - 1), max_size=5),
        ),
        max_size=12,
    )
)
def test_the_state_comes_back_through_a_snapshot(said: list[tuple[int, int, list[int]]]) -> None:
    recent = Recent()
    for minute, count, authors in sorted(said):
        moment = Moment(NOON + minute)
        moment.add(cluster(count, *authors, late=count), LeafPool())
        recent.add(moment)
    restored = Recent.of_state(unpack(pack({"recent": recent.state()}))["recent"])
    assert restored.since(0) == recent.since(0)
    assert pack({"recent": restored.state()}) == pack({"recent": recent.state()})


def test_many_authors_are_kept_as_the_smallest_hashes() -> None:
    whole, parts = AuthorSketch(), Moment(1)
    for start in range(0, 3000, 60):
        hashes = [(n * 7_919_777_777) % (1 << 52) for n in range(start, start + 60)]
        for hashed in hashes:
            whole.add(hashed)
        parts.add(cluster(60, *hashes), LeafPool())
    assert len(parts.authors) <= 256
    assert authors_of([parts]).estimate() == whole.estimate()
