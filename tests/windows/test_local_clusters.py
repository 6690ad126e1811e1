import random
import string
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.local_clusters import CHUNK, LADDER, LocalClusters
from windows.texts import terms

Texts = list[list[str]]


def word(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(5, 9)))


def themes(n: int, count: int, *, seed: int = 1, noise: int = 4) -> tuple[Texts, list[int]]:
    """`n` distinct texts of 8 out of 12 words of their theme and some common ones."""
    rng = random.Random(seed)
    words = [word(rng) for _ in range(3000)]
    topics = [rng.sample(words, 12) for _ in range(count)]
    truth = [rng.randrange(count) for _ in range(n)]
    texts = [rng.sample(topics[t], 8) + rng.sample(words, noise) for t in truth]
    return [list(dict.fromkeys(text)) for text in texts], truth


def run(clusters: LocalClusters, texts: Sequence[Sequence[str]]) -> list[int]:
    """What each text is part of in the end."""
    places: list[int] = []
    for start in range(0, len(texts), CHUNK):
        places += clusters.assign(texts[start : start + CHUNK])
    return [clusters.root(place) for place in places]


def purity(places: Sequence[int], truth: Sequence[int]) -> float:
    """Share of texts that belong to the most frequent theme of their cluster."""
    members: dict[int, list[int]] = {}
    for place, theme in zip(places, truth, strict=True):
        members.setdefault(place, []).append(theme)
    return sum(max(map(m.count, set(m))) for m in members.values()) / len(places)


def test_near_copies_meet_and_others_do_not() -> None:
    texts = [
        terms("payment keeps spinning at checkout since the update yesterday evening"),
        terms("login code never arrives by message"),
        terms("payment keeps spinning at checkout since the update yesterday morning"),
        terms("支付一直转圈，付不了款，怎么回事"),
        terms("支付一直转圈，付不了款，怎么回事啊"),
        terms("验证码收不到，登录不了"),
    ]
    assert LocalClusters().assign(texts) == [0, 1, 0, 2, 2, 3]


def test_log_lines_with_the_same_variable_do_not_meet() -> None:
    lines = ["invalid user webmaster from", "failed password for webmaster port ssh"]
    assert LocalClusters().assign([terms(line) for line in lines]) == [0, 1]


def test_texts_without_terms_meet() -> None:
    clusters = LocalClusters()
    assert clusters.assign([[], ["payment"], []]) == [0, 1, 0]
    assert clusters.terms({0: 2, 1: 1}) == {0: {}, 1: {"payment": 1}}


def test_nothing_in_nothing_out() -> None:
    assert LocalClusters().assign([]) == []


def test_first_of_equals_wins() -> None:
    texts = [["a1", "b1", "c1", "d1"], ["e1", "f1", "g1", "h1"], ["a1", "b1", "e1", "f1"]]
    assert LocalClusters(threshold=0.2).assign(texts) == [0, 1, 0]


@pytest.mark.parametrize("n", [CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK])
def test_indices_appear_in_order_and_stay_within_the_limit(n: int) -> None:
    clusters = LocalClusters(limit=20)
    texts, _ = themes(n, 60)
    places: list[int] = []
    for start in range(0, n, CHUNK):
        places += clusters.assign(texts[start : start + CHUNK])
        live = {clusters.root(place) for place in places}
        assert len(live) <= 20
    assert list(dict.fromkeys(places)) == list(range(max(places) + 1))
    assert all(clusters.root(root) == root for root in live)


def test_few_texts_are_not_lumped_together() -> None:
    texts, truth = themes(250, 50)
    places = run(LocalClusters(), texts)
    assert purity(places, truth) == 1.0


def test_volume_follows_themes_not_texts() -> None:
    texts, truth = themes(12 * CHUNK, 100)
    clusters = LocalClusters()
    places = run(clusters, texts)
    assert len(set(places)) <= 256
    assert purity(places, truth) > 0.97
    assert clusters.overflow is None


def test_noise_goes_to_the_overflow_and_hides_no_theme() -> None:
    rng = random.Random(3)
    theme = [word(rng) for _ in range(12)]
    texts = [[word(rng) for _ in range(8)] for _ in range(16 * CHUNK)]
    late = range(9 * CHUNK, 16 * CHUNK, 20)
    for place in late:
        texts[place] = [*rng.sample(theme, 8), word(rng)]
    clusters = LocalClusters(limit=64)
    places = run(clusters, texts)
    assert len(set(places)) <= 64
    assert places.count(clusters.overflow or -1) > 14 * CHUNK
    assert clusters.terms({clusters.overflow or -1: 5}) == {clusters.overflow: {}}
    found = [places[place] for place in late]
    largest = max(found, key=found.count)
    assert largest != clusters.overflow
    assert found.count(largest) > 0.9 * len(found)
    assert set(list(clusters.terms({largest: 100})[largest])[:12]) == set(theme)


def test_terms_are_scaled_to_the_count_heaviest_first() -> None:
    clusters = LocalClusters(threshold=0.5)
    clusters.assign([["pay", "fails", "today"], ["pay", "fails"], ["login", "broken"]])
    found = clusters.terms({0: 200, 1: 1})
    assert found == {0: {"fails": 200, "pay": 200, "today": 100}, 1: {"login": 1, "broken": 1}}
    assert list(found[0])[-1] == "today"


def test_terms_of_a_large_cluster_are_cut() -> None:
    clusters = LocalClusters()
    clusters.assign([[f"w{i}" for i in range(500)]])
    assert len(clusters.terms({0: 1})[0]) == 64


def test_terms_of_an_absorbed_cluster_are_refused() -> None:
    clusters = LocalClusters(limit=20)
    texts, _ = themes(CHUNK, 60)
    places = clusters.assign(texts)
    gone = next(place for place in places if clusters.root(place) != place)
    with pytest.raises(ValueError, match="is not in list"):
        clusters.terms({gone: 1})


@pytest.mark.parametrize("sizes", [[CHUNK + 1], [3, 1], [CHUNK, 1, 1]])
def test_only_the_last_chunk_may_be_short(sizes: list[int]) -> None:
    clusters = LocalClusters()
    for size in sizes[:-1]:
        clusters.assign([["text"]] * size)
    with pytest.raises(ValueError, match="chunks of 512"):
        clusters.assign([["text"]] * sizes[-1])


def test_limit_has_a_minimum() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        LocalClusters(limit=1)
    assert len(set(run(LocalClusters(limit=2), themes(3 * CHUNK, 10)[0]))) <= 2


def test_ladder_goes_down() -> None:
    assert all(high > low for high, low in pairwise(LADDER))


def test_more_terms_than_are_kept_still_cluster() -> None:
    rng = random.Random(8)
    texts, truth = themes(16 * CHUNK, 30, noise=0)
    noisy = [[*text, *(word(rng) for _ in range(2))] for text in texts]
    clusters = LocalClusters()
    assert purity(run(clusters, noisy), truth) > 0.97


def test_common_words_that_come_late_are_learnt() -> None:
    rng = random.Random(9)
    early = [[word(rng) for _ in range(20)] * 2 for _ in range(4 * CHUNK)]
    texts, truth = themes(8 * CHUNK, 20, seed=10)
    clusters = LocalClusters(limit=64)
    places = run(clusters, [list(dict.fromkeys(t)) for t in early] + texts)
    tail = places[-2 * CHUNK :]
    assert purity(tail, truth[-2 * CHUNK :]) > 0.8


def test_known_assignment_never_changes() -> None:
    """Replay must equal live: a new value here means that partials change."""
    texts, _ = themes(3 * CHUNK, 300, noise=6)
    places = run(LocalClusters(limit=32), texts)
    assert sum(i * place for i, place in enumerate(places)) == 34938667


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=3), unique=True, max_size=6), max_size=60), st.integers(2, 9)
)
def test_any_terms_are_taken(texts: Texts, limit: int) -> None:
    clusters = LocalClusters(limit=limit)
    places = run(clusters, texts)
    assert len(places) == len(texts)
    assert len(set(places)) <= limit
    assert places == run(LocalClusters(limit=limit), texts)
    for found in clusters.terms(dict.fromkeys(places, 1)).values():
        assert set(found) <= {term for text in texts for term in text}
