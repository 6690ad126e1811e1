import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.centroids import TERMS_KEPT
from windows.clusters import (
    FACES_KEPT,
    FEW_IDLE,
    LINK_AFTER,
    LINK_EVERY,
    TEXTS_KEPT,
    THRESHOLD,
    Assignment,
    Clusters,
)
from windows.links import Link


def put(
    clusters: Clusters, text: str, fingerprint: int, *, count: int = 1, minute: int = 0
) -> Assignment:
    return clusters.assign(dict.fromkeys(text.split(), count), count, fingerprint, minute)


def filled(texts: list[str], **options: Any) -> Clusters:
    """Each text is its own local cluster, one a minute, fingerprint = minute = position."""
    clusters = Clusters(**options)
    for n, text in enumerate(texts):
        put(clusters, text, n, minute=n)
    return clusters


def revived(clusters: Clusters, **options: Any) -> Clusters:
    again = Clusters(**options)
    again.restore(json.loads(json.dumps(clusters.state())))
    return again


def test_similar_texts_share_a_cluster_and_others_found_their_own() -> None:
    clusters = Clusters()
    assert put(clusters, "payment spins forever", 1) == (0, True, 0.0)
    assert put(clusters, "parcel late again", 2) == (1, True, 0.0)
    joined = put(clusters, "payment spins today", 3)
    assert joined[:2] == (0, False)
    assert THRESHOLD <= joined.similarity < 1.0
    assert len(clusters) == 2


def test_the_threshold_decides_and_a_newborn_tells_its_nearest() -> None:
    clusters = Clusters(threshold=0.9)
    put(clusters, "payment spins forever", 1)
    born = put(clusters, "payment spins today", 2)
    assert born[:2] == (1, True)
    assert 0.1 < born.similarity < 0.9


def test_a_known_text_decides_alone_and_teaches_nothing() -> None:
    clusters = filled(["payment spins forever", "parcel late again"])
    before = clusters.state()
    assert put(clusters, "parcel late again", 0) == (0, False, 1.0)
    after = clusters.state()
    assert after["centroids"]["vocabulary"] == before["centroids"]["vocabulary"]
    assert clusters.terms(0, 9) == ["forever", "payment", "spins"]


def test_only_the_latest_fingerprints_are_remembered() -> None:
    clusters = Clusters()
    for fingerprint in range(TEXTS_KEPT):
        put(clusters, "payment spins", fingerprint)
    assert put(clusters, "parcel late", TEXTS_KEPT - 1) == (0, False, 1.0)
    assert put(clusters, "parcel late", 0)[:2] == (1, True)


def test_texts_without_terms_cluster_by_fingerprint() -> None:
    clusters = filled(["payment spins", ""])
    assert put(clusters, "", 1) == (1, False, 1.0)
    assert put(clusters, "", 2) == (2, True, 0.0)
    assert clusters.terms(2, 5) == []


def test_a_huge_local_cluster_does_not_drown_the_topic_it_joins() -> None:
    clusters = Clusters()
    for fingerprint in range(10):
        put(clusters, f"login fails blank odd{fingerprint}", fingerprint)
    put(clusters, "login fails code expired", 60, count=5_000)
    assert put(clusters, "blank", 70)[:2] == (0, False)
    assert put(clusters, "code", 71)[:2] == (0, False)


def test_texts_of_frequent_words_alone_still_find_their_cluster() -> None:
    clusters = filled(
        [f"odd{n} rare{n} x{n} y{n} z{n}" for n in range(300)] + ["app down"] * 40, threshold=0.45
    )
    where = put(clusters, "app down", 339).cluster
    assert put(clusters, "app down", 900)[:2] == (where, False)
    assert put(clusters, "app down odd200", 901)[:2] == (where, False)


def test_frequent_words_count_for_a_cluster_found_by_a_rare_one() -> None:
    clusters = filled([f"app down odd{n}" for n in range(60)])
    close = put(clusters, "app down odd3", 900)
    assert close.cluster == 0
    assert close.similarity > put(clusters, "odd3", 901).similarity


def test_terms_are_the_heaviest_first_and_bounded() -> None:
    clusters = filled(["app down", "app slow", "app ads parcel", "crash start", "crash start now"])
    assert clusters.terms(clusters.assign({}, 1, 3, 9).cluster, 2) == ["crash", "start"]
    with pytest.raises(KeyError):
        clusters.terms(99, 3)
    wide = Clusters()
    wide.assign({f"w{n:03}": 1 + n for n in range(100)}, 1, 1, 0)
    assert wide.terms(0, 999) == [f"w{n:03}" for n in reversed(range(36, 100))]
    assert len(wide.state()["centroids"]["centroids"][0][-1]) == TERMS_KEPT


def test_eviction_takes_small_then_idle_and_never_the_kept() -> None:
    clusters = Clusters(limit=4)
    put(clusters, "payment spins", 0, count=9, minute=1)
    for n, text in enumerate(["parcel late", "code missing", "ads everywhere", "photo blank"], 1):
        put(clusters, text, n, count=1 + n % 2, minute=9 - n)
    put(clusters, "refund lost", 5, count=3, minute=20)
    put(clusters, "login expired", 6, count=3, minute=20)
    assert clusters.evict([4]) == [1, 2, 3]
    assert clusters.evict([]) == []
    put(clusters, "battery drains", 7, count=3, minute=21)
    assert clusters.evict([0, 4, 5, 6, 7]) == []
    assert clusters.evict([4, 5]) == [0]
    assert len(clusters) == 4


def test_few_of_the_clusters_kept_are_small() -> None:
    clusters = filled([f"odd{n}" for n in range(9)], limit=12)
    assert clusters.evict([0]) == [1, 2, 3, 4, 5, 6]
    for minute in (20, 21):
        put(clusters, "odd7", 7, minute=minute)
    put(clusters, "odd9", 9, minute=22)
    assert clusters.evict([]) == []
    assert len(clusters) == 4


def test_an_evicted_cluster_leaves_nothing_behind_and_its_id_is_not_reused() -> None:
    clusters = Clusters(limit=0)
    put(clusters, "payment spins", 5)
    assert clusters.evict([]) == [0]
    assert clusters.state()["sizes"] == clusters.state()["centroids"]["centroids"] == []
    assert put(clusters, "payment spins", 5) == (1, True, 0.0)


def test_old_weights_fade_with_event_time() -> None:
    texts = ["login blank"] * 8 + ["login code"] * 8
    steady, fading = Clusters(half_life=10_000), Clusters(half_life=10)
    for clusters in (steady, fading):
        for n, text in enumerate(texts):
            put(clusters, text, n, minute=10 * n)
    assert put(steady, "blank", 90, minute=160).similarity > 0.3
    assert put(fading, "blank", 90, minute=160).similarity < 0.1


def test_refuses_a_state_of_another_version() -> None:
    state = {**Clusters().state(), "version": 99}
    with pytest.raises(ValueError, match="version 99"):
        Clusters().restore(state)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1_000), st.integers(1, 119))
def test_going_on_from_a_snapshot_changes_nothing(seed: int, cut: int) -> None:
    options = {"limit": 12, "half_life": 1_200}
    rng = random.Random(seed)
    live = restarted = Clusters(**options)
    for n in range(120):
        if n == cut:
            restarted = revived(live, **options)
        words = {f"w{int(rng.paretovariate(0.6)) % 60}": rng.randint(1, 9) for _ in range(5)}
        call = (words, rng.randint(1, 20), rng.randrange(60), 40 * n)
        shuffled = dict(rng.sample(sorted(words.items()), len(words)))
        answer = live.assign(*call)
        if n >= cut:
            assert restarted.assign(shuffled, *call[1:]) == answer
        if n % 10 == 9:
            links = live.link()
            dropped = live.evict([live.root(answer.cluster)])
            if n >= cut:
                assert restarted.link() == links
                assert restarted.evict([live.root(answer.cluster)]) == dropped
    assert json.dumps(restarted.state()) == json.dumps(live.state())
    assert [restarted.root(n) for n in range(120)] == [live.root(n) for n in range(120)]
    assert len(live.state()["centroids"]["centroids"]) <= 12


def two_halves_of_a_topic(**options: Any) -> Clusters:
    """Clusters 0 and 1 grow together: each learns the words of the other; 2 stays apart."""
    clusters = Clusters(threshold=0.5, **options)
    put(clusters, "payment spins forever", 0)
    put(clusters, "checkout wheel turning", 1)
    put(clusters, "parcel late again", 2)
    for n in range(3, 33, 3):
        put(clusters, "payment spins forever checkout", n)
        put(clusters, "checkout wheel turning payment", n + 1)
        put(clusters, "parcel late again", n + 2, minute=LINK_AFTER)
    assert len(clusters) == 3
    return clusters


def test_clusters_that_grow_together_are_linked_under_the_older_id() -> None:
    clusters = two_halves_of_a_topic()
    assert [clusters.root(key) for key in (0, 1, 2)] == [0, 1, 2]
    assert clusters.link() == [Link(into=0, gone=1)]
    assert [clusters.root(key) for key in (0, 1, 2)] == [0, 0, 2]
    assert len(clusters) == 2
    assert put(clusters, "anything", 31)[:2] == (0, False), "texts of the other are remembered"
    assert put(clusters, "payment spins checkout wheel", 99)[:2] == (0, False)
    assert clusters.terms(0, 2) == ["checkout", "payment"]
    assert {*clusters.terms(0, 9)} == {
        "payment",
        "spins",
        "forever",
        "checkout",
        "wheel",
        "turning",
    }
    with pytest.raises(KeyError):
        clusters.terms(1, 3)


def test_clusters_to_keep_apart_are_not_linked() -> None:
    clusters = two_halves_of_a_topic()
    assert clusters.link([0, 1]) == []
    clusters = two_halves_of_a_topic()
    assert clusters.link([1, 2]) == [Link(into=0, gone=1)]


def test_links_are_looked_for_after_enough_texts_or_enough_time() -> None:
    clusters = Clusters()
    for n in range(LINK_EVERY):
        assert clusters.state()["learnt"] == n
        assert clusters.link() == []
        put(clusters, f"word{n}", n)
    assert clusters.link() == []
    assert clusters.state()["learnt"] == 0
    put(clusters, "more", 999, minute=LINK_AFTER - 1)
    clusters.link()
    assert clusters.state()["learnt"] == 1
    put(clusters, "more", 999, minute=LINK_AFTER)
    clusters.link()
    assert clusters.state()["learnt"] == 0


def lone_text(minute: int) -> Clusters:
    """Cluster 1 learns the words of 0, a text last said at `minute`, up to LINK_AFTER."""
    clusters = Clusters()
    put(clusters, "wheel turning", 0, minute=minute)
    put(clusters, "payment spins forever", 7)
    for n in range(1, 7):
        put(clusters, f"payment spins forever {'wheel' if n % 2 else 'turning'}", n)
    put(clusters, "payment spins forever", 7, minute=LINK_AFTER)
    assert len(clusters) == 2
    return clusters


def test_a_lone_text_goes_where_it_would_go_today() -> None:
    assert lone_text(LINK_AFTER - FEW_IDLE).link() == [Link(0, 1)]


def test_a_lone_text_that_is_still_said_waits() -> None:
    clusters = lone_text(LINK_AFTER - FEW_IDLE + 1)
    assert clusters.link() == []
    again = revived(clusters)
    for each in (clusters, again):
        put(each, "wheel turning", 0, minute=2 * LINK_AFTER)
        assert each.link() == []
        put(each, "payment spins forever", 7, minute=3 * LINK_AFTER)
        assert each.link() == [Link(0, 1)]


def test_two_lone_texts_that_were_linked_are_not_near_themselves() -> None:
    clusters = Clusters(threshold=0.5)
    put(clusters, "wheel turning forever", 0)
    for n in range(1, 9):
        put(clusters, f"parcel{n} late{n}", n, minute=LINK_AFTER)
    later = 4 * 1_440
    assert put(clusters, "wheel turning slow", 9, minute=later).born, "the first is idle"
    put(clusters, "wheel turning forever", 0, minute=later + FEW_IDLE)
    assert clusters.link() == [Link(0, 9)]
    put(clusters, "parcel1 late1", 1, minute=later + FEW_IDLE + LINK_AFTER)
    assert clusters.link() == []
    assert clusters.root(9) == 0


def test_an_evicted_theme_takes_its_faces_along() -> None:
    clusters = two_halves_of_a_topic(limit=1)
    clusters.link()
    assert clusters.root(1) == 0
    assert clusters.evict([2]) == [0]
    assert clusters.root(1) == 1
    assert clusters.state()["faces"] == clusters.state()["centroids"]["centroids"][1:] == []
    assert put(clusters, "wheel turning", 1)[:2] == (3, True), "its texts are not known any more"


def test_faces_count_against_the_limit() -> None:
    clusters = two_halves_of_a_topic(limit=2)
    clusters.link()
    put(clusters, "login code missing", 50, count=3, minute=LINK_AFTER)
    assert clusters.evict([]) == [0], "one theme of two faces makes room for two"
    assert clusters.evict([]) == []
    assert len(clusters.state()["centroids"]["centroids"]) == len(clusters) == 2


def test_a_theme_is_as_idle_as_its_latest_face() -> None:
    clusters = two_halves_of_a_topic(limit=2)
    clusters.link()
    put(clusters, "checkout wheel turning", 1, minute=LINK_AFTER + 1)
    assert clusters.evict([]) == [2]


def test_a_theme_keeps_its_oldest_face_and_those_last_heard() -> None:
    clusters = Clusters(threshold=0.5)
    minutes = [0, *random.Random(1).sample(range(1, LINK_AFTER), FACES_KEPT + 3)]
    for n in range(len(minutes)):
        for again in range(3):
            put(clusters, f"own{n} payment spins", 3 * n + again)
    for n, minute in enumerate(minutes):
        put(clusters, "", 3 * n, minute=minute)
    others = 140
    for n in range(others):
        put(clusters, f"parcel{n} late{n}", 1_000 + n, minute=LINK_AFTER)
    assert len(clusters) == len(minutes) + others
    assert len(clusters.link()) == FACES_KEPT + 3
    assert len(clusters) == 1 + others
    kept = [0, *sorted(range(1, len(minutes)), key=minutes.__getitem__)[1 - FACES_KEPT :]]
    assert len(clusters.state()["centroids"]["centroids"]) == len(kept) + others
    assert clusters.state()["faces"] == [sorted(kept)]
    assert put(clusters, "", 3 * kept[-1])[:2] == (0, False)
    dropped = next(n for n in range(len(minutes)) if n not in kept)
    assert put(clusters, "", 3 * dropped)[1], "what a face knew is forgotten with it"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1_000))
def test_links_change_names_and_nothing_else(seed: int) -> None:
    linked, unlinked = Clusters(threshold=0.4), Clusters(threshold=0.4)
    partition: dict[int, int] = {}
    rng = random.Random(seed)
    sizes: dict[int, int] = {}
    for n in range(120):
        # Fewer texts a topic than a theme may have faces.
        words = {f"t{n % 9}w{rng.randrange(8)}": 1 for _ in range(4)} | {f"odd{n}": 1}
        call = (words, rng.randint(1, 3), rng.randrange(400), 40 * n)
        alone = unlinked.assign(*call)
        if alone.born:
            partition[alone.cluster] = alone.cluster
        theme = partition[alone.cluster]
        assert linked.assign(*call) == alone._replace(cluster=theme)
        sizes[theme] = sizes.get(theme, 0) + call[1]
        for into, gone in linked.link():
            assert into < gone
            partition = {key: into if of == gone else of for key, of in partition.items()}
            sizes[into] += sizes.pop(gone)
    assert 0 < len(sizes) < len(partition), "some were linked"
    assert {key: linked.root(key) for key in partition} == partition
    assert dict(linked.state()["sizes"]) == sizes
    assert linked.state()["centroids"] == unlinked.state()["centroids"]


def test_links_survive_a_restart() -> None:
    clusters = two_halves_of_a_topic()
    clusters.link()
    again = revived(clusters, threshold=0.5)
    assert [again.root(key) for key in (0, 1, 2)] == [0, 0, 2]
    assert put(again, "wheel turning", 99) == put(clusters, "wheel turning", 99)
