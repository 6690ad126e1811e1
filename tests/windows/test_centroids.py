import json
import math
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.centroids import IDLE_HALF_LIFE, IDLE_SHARE, ONE_WORD, TERMS_KEPT, Centroids


def learnt(*topics: str) -> Centroids:
    """One centroid per topic, each of one text, all in minute 0."""
    centroids = Centroids(10_000)
    for key, topic in enumerate(topics):
        centroids.add(key)
        centroids.learn(key, Counter(topic.split()), 1.0)
    return centroids


def cosine(a: dict[str, float], b: dict[str, float]) -> float:
    dot = sum(x * b.get(word, 0.0) for word, x in a.items())
    return dot / math.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))


def test_a_word_weighs_by_documents_and_by_clusters() -> None:
    centroids = learnt("app crash", "app slow")
    centroids.learn(0, Counter(["crash"]), 1.0)
    app = math.log(1 + 3 / 3) / math.log(4) * math.log(1 + 2 / 3) / math.log(3)
    crash = math.log(1 + 3 / 3) / math.log(4) * math.log(1 + 2 / 2) / math.log(3)
    assert centroids.weights(["app", "crash"]) == pytest.approx([app**0.5, crash**0.5])
    assert centroids.weights(["never"]) == [1.0]
    assert Centroids(10).weights(["never"]) == [1.0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_nearest_is_that_of_a_slow_search(seed: int) -> None:
    rng = random.Random(seed)
    words = [f"w{n}" for n in range(30)]
    topics = (" ".join(rng.choices(words, k=rng.randint(1, 6))) for _ in range(rng.randint(1, 80)))
    centroids = learnt(*topics)
    text = {word: float(rng.randint(1, 3)) for word in rng.sample(words, rng.randint(1, 5))}
    weights = dict(zip(text, centroids.weights(list(text)), strict=True))
    vector = {word: n * weights[word] for word, n in text.items()}
    slow = {}
    for key in range(len(centroids)):
        shared = text.keys() & centroids[key].weights.keys()
        alone = ONE_WORD if len(shared) < 2 <= len(text) else 1.0
        # Lengths are of when the centroid last learnt, which the search keeps.
        length = math.sqrt(centroids[key].square)
        theirs = centroids.vector(key)
        dot = sum(vector[word] * theirs[word] for word in shared)
        slow[key] = alone * dot / length / math.sqrt(sum(x * x for x in vector.values()))
    nearest, similarity = centroids.nearest(text, 2.0)
    best = max(slow.values())
    assert similarity == pytest.approx(min(1.0, best))
    if best:
        assert nearest is not None
        assert slow[nearest] == pytest.approx(best)


def test_a_tie_goes_to_the_lowest_id_whatever_the_order() -> None:
    state = learnt("parcel late", "payment spins").state()
    first = state["centroids"][0]
    state["centroids"] = [[7, *first[1:]], [3, *first[1:]], state["centroids"][1]]
    centroids = Centroids(10_000)
    centroids.restore(state)
    assert centroids.nearest({"parcel": 1.0, "late": 1.0}, 0.1)[0] == 3
    assert centroids.nearest({"parcel": 1.0, "late": 1.0}, 0.1, without=3)[0] == 7
    assert centroids.nearest({"unheard": 1.0}, 0.1) == (None, 0.0)


def test_an_idle_centroid_loses_a_share() -> None:
    centroids = learnt("parcel late", "payment spins")
    now = centroids.nearest({"parcel": 1.0}, 0.1)[1]
    centroids.advance(IDLE_HALF_LIFE)
    later = centroids.nearest({"parcel": 1.0}, 0.1)[1]
    assert later == pytest.approx(now * (1 - IDLE_SHARE / 2))
    assert centroids.nearest({"parcel": 1.0}, 0.1, without=1)[1] == pytest.approx(now)


def test_the_norm_follows_the_weights() -> None:
    centroids = learnt("app crash", "app slow")
    rng = random.Random(1)
    for _ in range(200):
        words = rng.choices([f"w{n}" for n in range(200)], k=4)
        centroids.learn(0, Counter(["crash", *words]), 1.0)
    assert len(centroids[0].weights) <= TERMS_KEPT + 32
    exact = math.fsum(x * x for x in centroids.vector(0).values())
    assert centroids[0].square == pytest.approx(exact, rel=0.05)


def test_two_become_one() -> None:
    centroids = learnt("payment spins", "payment wheel", "parcel late")
    together = cosine(centroids.vector(0), centroids.vector(1))
    assert 0.0 < together < 1.0
    centroids.merge(0, 1)
    assert centroids[0].weights == {"payment": 2.0, "spins": 1.0, "wheel": 1.0}
    assert centroids[0].learnt == 2
    assert len(centroids) == 2
    assert centroids.nearest({"wheel": 1.0}, 0.1)[0] == 0
    assert sorted(centroids.sharing(["wheel", "late"])) == [0, 2]
    with pytest.raises(KeyError):
        centroids.vector(1)


def test_state_survives_json() -> None:
    centroids = learnt("payment spins", "parcel late", "payment wheel")
    centroids.advance(25_000)
    centroids.learn(1, Counter(["parcel", "lost"]), 2.0)
    again = Centroids(10_000)
    again.restore(json.loads(json.dumps(centroids.state())))
    assert again.state() == centroids.state()
    text = {"payment": 1.0, "lost": 2.0, "parcel": 1.0}
    assert again.nearest(text, 0.1) == centroids.nearest(text, 0.1)
