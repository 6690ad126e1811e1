import json
import math
import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.centroids import TERMS_KEPT, Centroids
from windows.links import COSINE, HEAVIEST, SHARED, Faces, Link, pairs


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
    assert pairs(centroids, Faces(), [0, 1, 2, 3], 1) == [Link(0, 2)]
    assert pairs(centroids, Faces(), [2], 1) == [Link(0, 2)]
    assert pairs(centroids, Faces(), [1, 3], 1) == []
    assert pairs(centroids, Faces(), [0, 1, 2, 3], 2) == []


def test_the_most_similar_pair_comes_first() -> None:
    centroids = learnt(
        "payment spins wheel turns", "payment spins", "code late sms", "code late sms today"
    )
    assert pairs(centroids, Faces(), range(4), 1) == [Link(2, 3), Link(0, 1)]


def test_words_of_all_clusters_link_nothing() -> None:
    common = "app please fix "
    own = ["crash start icon", "refund money bank", "code sms phone", "map route bridge"] * 10
    topics = [
        common + " ".join(f"{word}{n}" for word in text.split()) for n, text in enumerate(own)
    ]
    assert pairs(learnt(*topics), Faces(), range(len(topics)), 1) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000), st.integers(1, 3))
def test_pairs_are_those_of_an_obvious_comparison(seed: int, least: int) -> None:
    rng = random.Random(seed)
    centroids, faces = Centroids(100), Faces()
    for key in range(12):
        centroids.advance(50 * key)
        centroids.add(key)
        for _ in range(rng.randint(1, 3)):
            words = Counter(f"w{int(rng.paretovariate(0.7)) % 30}" for _ in range(6))
            centroids.learn(key, centroids.weigh(words), 1.0)
    themes = {key: [key] for key in range(12)}
    for into, gone in ((1, 4), (2, 7), (1, 2), (5, 9)):
        faces.link(Link(into, gone))
        themes[into] += themes.pop(gone)
    vectors = {theme: summed(centroids, keys) for theme, keys in themes.items()}
    learnt = {theme: sum(centroids[key].learnt for key in themes[theme]) for theme in themes}
    alike = {}
    for one, other in combinations(sorted(themes), 2):
        a, b = vectors[one], vectors[other]
        cosine = dot(a, b) / math.sqrt(dot(a, a) * dot(b, b))
        shared = len(top(a) & top(b))
        if shared >= SHARED and cosine >= COSINE and min(learnt[one], learnt[other]) >= least:
            alike[Link(one, other)] = cosine
    found = pairs(centroids, faces, themes, least)
    assert sorted(found) == sorted(alike)
    assert [alike[link] for link in found] == pytest.approx(sorted(alike.values(), reverse=True))
    touched = {1, 3}
    assert pairs(centroids, faces, touched, least) == [link for link in found if touched & {*link}]


def summed(centroids: Centroids, keys: list[int]) -> dict[str, float]:
    vector: dict[str, float] = {}
    for key in keys:
        fade = 0.5 ** (centroids.vocabulary.period - centroids[key].period)
        for word, n in centroids[key].weights.items():
            vector[word] = vector.get(word, 0.0) + n * fade * centroids.weights([word])[0]
    return vector


def top(vector: dict[str, float]) -> set[str]:
    return set(sorted(vector, key=lambda word: (-vector[word], word))[:HEAVIEST])


def dot(a: dict[str, float], b: dict[str, float]) -> float:
    return sum(x * b.get(word, 0.0) for word, x in a.items())


def test_tails_do_not_make_themes_alike() -> None:
    head = {f"head{n}": 9.0 for n in range(TERMS_KEPT)}
    tail = {f"tail{n}": 8.0 for n in range(TERMS_KEPT)}
    centroids, faces = Centroids(10_000), Faces()
    for key in (0, 1):
        own = {f"{word}of{key}": n for word, n in head.items()}
        for face, words in ((key, own | {"app": 13.0, "pay": 13.0}), (key + 2, tail)):
            centroids.add(face)
            centroids.learn(face, centroids.weigh(words), 1.0)
        faces.link(Link(key, key + 2))
    whole, other = (summed(centroids, [key, key + 2]) for key in (0, 1))
    assert dot(whole, other) / math.sqrt(dot(whole, whole) * dot(other, other)) > COSINE
    assert pairs(centroids, faces, [0, 1], 1) == []


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_faces_are_those_of_an_obvious_partition(
    asked: list[tuple[int, int]], lost: int, dropped: int
) -> None:
    faces = Faces()
    parts = [{n} for n in range(21)]

    def part(key: int) -> set[int]:
        return next(part for part in parts if key in part)

    for a, b in asked:
        one, other = part(a), part(b)
        if one is other:
            continue
        into, gone = sorted((min(one), min(other)))
        faces.link(Link(into, gone))
        parts.remove(other)
        one |= other
    if lost != min(part(lost)):
        faces.unlink(lost)
        part(lost).remove(lost)
        parts.append({lost})
    again = Faces()
    again.restore(json.loads(json.dumps(faces.state())))
    for each in (faces, again):
        assert [each.root(n) for n in range(21)] == [min(part(n)) for n in range(21)]
        assert [each.of(min(found)) for found in parts] == [sorted(found) for found in parts]
        theme = min(part(dropped))
        assert each.drop(theme) == sorted(part(dropped))
        assert [each.root(n) for n in sorted(part(dropped))] == sorted(part(dropped))
        assert each.state() == [
            sorted(found)
            for found in sorted(parts, key=min)
            if len(found) > 1 and theme not in found
        ]


def test_only_what_was_linked_can_be_unlinked() -> None:
    faces = Faces()
    faces.link(Link(1, 2))
    with pytest.raises(KeyError):
        faces.unlink(1)
