import json
import math
import random
from collections import Counter
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.centroids import IDLE_HALF_LIFE, IDLE_SHARE, ONE_WORD, TERMS_KEPT, Centroids
from windows.vocabulary import WORDS_KEPT


def learnt(*topics: str) -> Centroids:
    """One centroid per topic, each of one text, all in minute 0."""
    centroids = Centroids(10_000)
    for key, topic in enumerate(topics):
        centroids.add(key)
        learn(centroids, key, topic)
    return centroids


def learn(centroids: Centroids, key: int, text: str, share: float = 1.0) -> None:
    centroids.learn(key, centroids.weigh(Counter(text.split())), share)


def nearest(
    centroids: Centroids, text: str, enough: float = 0.1, without: Collection[int] = ()
) -> tuple[int | None, float]:
    return centroids.nearest(centroids.weigh(Counter(text.split())), enough, without=without)


def test_a_word_weighs_by_documents_and_by_clusters() -> None:
    centroids = learnt("app crash", "app slow")
    learn(centroids, 0, "crash")
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
        theirs = centroids.vector([key])
        dot = sum(vector[word] * theirs[word] for word in shared)
        slow[key] = alone * dot / length / math.sqrt(sum(x * x for x in vector.values()))
    found, similarity = centroids.nearest(centroids.weigh(text), 2.0)
    best = max(slow.values())
    assert similarity == pytest.approx(min(1.0, best))
    if best:
        assert found is not None
        assert slow[found] == pytest.approx(best)


def test_a_tie_goes_to_the_lowest_id_whatever_the_order() -> None:
    state = learnt("parcel late", "payment spins").state()
    first = state["centroids"][0]
    state["centroids"] = [[7, *first[1:]], [3, *first[1:]], state["centroids"][1]]
    centroids = Centroids(10_000)
    centroids.restore(state)
    assert nearest(centroids, "parcel late")[0] == 3
    assert nearest(centroids, "parcel late", without=[3])[0] == 7
    assert nearest(centroids, "unheard") == (None, 0.0)


def test_an_idle_centroid_loses_a_share() -> None:
    centroids = learnt("parcel late", "payment spins")
    now = nearest(centroids, "parcel")[1]
    centroids.advance(IDLE_HALF_LIFE)
    later = nearest(centroids, "parcel")[1]
    assert later == pytest.approx(now * (1 - IDLE_SHARE / 2))
    assert nearest(centroids, "parcel", without=[1])[1] == pytest.approx(now)


def test_the_norm_follows_the_weights() -> None:
    centroids = learnt("app crash", "app slow")
    rng = random.Random(1)
    for _ in range(200):
        words = rng.choices([f"w{n}" for n in range(200)], k=4)
        learn(centroids, 0, " ".join(["crash", *words]))
    assert len(centroids[0].weights) <= TERMS_KEPT + 32
    exact = math.fsum(x * x for x in centroids.vector([0]).values())
    assert centroids[0].square == pytest.approx(exact, rel=0.05)


def test_several_are_added_up_at_what_they_count_today() -> None:
    centroids = learnt("payment spins", "payment wheel", "parcel late")
    centroids.advance(10_000)
    learn(centroids, 1, "payment payment")
    assert centroids.learnt([0, 1]) == 3
    counts = {"payment": 3.0, "spins": 0.5, "wheel": 0.5}
    assert centroids.counts([0, 1]) == counts
    assert centroids[0].weights == {"payment": 1.0, "spins": 1.0}, "left as they are"
    weights = centroids.weights(counts)
    assert centroids.vector([0, 1]) == {
        word: n * weight for (word, n), weight in zip(counts.items(), weights, strict=True)
    }
    assert centroids.vector([]) == {}
    with pytest.raises(KeyError):
        centroids.vector([0, 9])


def test_a_word_leads_to_those_that_hold_it() -> None:
    centroids = learnt("payment spins", "payment wheel", "parcel late")
    assert [sorted(centroids.holding(word)) for word in ("payment", "wheel", "no")] == [
        [0, 1],
        [1],
        [],
    ]
    centroids.drop(1)
    assert [*centroids.holding("wheel")] == []
    assert (0 in centroids, 1 in centroids) == (True, False)


def test_state_survives_json() -> None:
    centroids = learnt("payment spins", "parcel late", "payment wheel")
    centroids.advance(25_000)
    learn(centroids, 1, "parcel lost", share=2.0)
    again = Centroids(10_000)
    again.restore(json.loads(json.dumps(centroids.state())))
    assert again.state() == centroids.state()
    text = "payment lost lost parcel"
    assert nearest(again, text) == nearest(centroids, text)


def test_a_word_is_kept_once_whoever_learns_it() -> None:
    said = json.dumps(["支付 转圈", "支付 失败"])  # decoded twice: strings of their own
    first, second = learnt(*json.loads(said)), learnt(*json.loads(said))
    again = Centroids(10_000)
    again.restore(json.loads(json.dumps(first.state())))
    kept = [
        next(word for word in words if word == "支付")
        for centroids in (first, second, again)
        for words in (centroids.vocabulary.df, centroids[0].weights, centroids[1].weights)
    ]
    assert len({id(word) for word in kept}) == 1


def test_a_large_centroid_loses_the_words_that_became_too_rare() -> None:
    centroids = learnt("payment spins", " ".join(f"many{n}" for n in range(TERMS_KEPT)), "app")
    for n in range(WORDS_KEPT):
        learn(centroids, 2, f"app odd{n}")
    assert not centroids[1].weights.keys() & centroids.vocabulary.df.keys()
    assert len(centroids[1].weights) == TERMS_KEPT // 2
    assert nearest(centroids, " ".join(centroids[1].weights))[0] == 1
    assert nearest(centroids, "payment spins")[0] == 0, "a small one has nothing else"
