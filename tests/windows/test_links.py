import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from windows.centroids import Centroids
from windows.links import Aliases, Link, pairs


def learnt(*topics: str) -> Centroids:
    centroids = Centroids(10_000)
    for key, topic in enumerate(topics):
        centroids.add(key)
        centroids.learn(key, centroids.weigh(Counter(topic.split())), 1.0)
    return centroids


def test_pairs_share_two_words_and_most_of_their_weight() -> None:
    centroids = learnt(
        "payment spins wheel", "parcel late again", "payment spins forever", "late night food"
    )
    assert pairs(centroids, [0, 1, 2, 3], 1) == [Link(0, 2)]
    assert pairs(centroids, [2], 1) == [Link(0, 2)]
    assert pairs(centroids, [1, 3], 1) == []
    assert pairs(centroids, [0, 1, 2, 3], 2) == []


def test_the_most_similar_pair_comes_first() -> None:
    centroids = learnt(
        "payment spins wheel turns", "payment spins", "code late sms", "code late sms today"
    )
    assert pairs(centroids, range(4), 1) == [Link(2, 3), Link(0, 1)]


def test_words_of_all_clusters_link_nothing() -> None:
    common = "app please fix "
    own = ["crash start icon", "refund money bank", "code sms phone", "map route bridge"] * 10
    topics = [
        common + " ".join(f"{word}{n}" for word in text.split()) for n, text in enumerate(own)
    ]
    assert pairs(learnt(*topics), range(len(topics)), 1) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30))
def test_every_id_has_the_root_of_an_obvious_partition(asked: list[tuple[int, int]]) -> None:
    aliases = Aliases(21)
    parts = [{n} for n in range(21)]
    for a, b in asked:
        one, other = (next(part for part in parts if n in part) for n in (a, b))
        if one is other:
            continue
        into, gone = sorted((min(one), min(other)))
        aliases.link(Link(into, gone))
        parts.remove(other)
        one |= other
    assert [aliases.root(n) for n in range(21)] == [
        min(next(part for part in parts if n in part)) for n in range(21)
    ]
    again = Aliases(21)
    again.restore(json.loads(json.dumps(aliases.state())))
    assert again.state() == aliases.state()
    for part in parts:
        again.forget(min(part))
    assert [again.root(n) for n in range(21)] == list(range(21))


def test_the_first_linked_are_forgotten_first() -> None:
    aliases = Aliases(2)
    for link in (Link(3, 4), Link(1, 2), Link(1, 3)):
        aliases.link(link)
    again = Aliases(2)
    again.restore(json.loads(json.dumps(aliases.state())))
    for each in (aliases, again):
        assert [each.root(n) for n in (1, 2, 3, 4)] == [1, 1, 1, 4]
        each.link(Link(1, 9))
        each.link(Link(0, 8))
        assert each.state() == [[9, 1], [8, 0]]
        each.link(Link(5, 7))
        each.forget(1)
        assert each.state() == [[8, 0], [7, 5]]
