import random
from itertools import combinations, islice

from windows.fingerprints import fingerprint
from windows.tally import MAX_LEAVES, MAX_SAMPLES, OTHER, Tally, Text, totals

LEAF = ("app", "pay")


def say(tally: Tally, words: str, *, offset: int = 0, author: int = 0, leaf: str = "pay") -> None:
    terms = tuple(words.split())
    name = fingerprint(terms)
    group = tally.groups.get(name)
    if group is None:
        group = tally.group(Text(name, terms, words, False), (60_000 + offset, "app", offset))
    group.count(("app", leaf), author)


def test_counts_survive_whatever_waits_to_be_counted() -> None:
    tally = Tally("t-0")
    for n in range(3000):
        say(tally, "pay fails", offset=n, author=n % 100, leaf="ab"[n % 3 == 0])
    (cluster,) = tally.clusters()
    assert cluster.count == 3000
    assert cluster.leaves == ((("app", "a"), 2000), (("app", "b"), 1000))
    assert cluster.authors == tuple(range(100))
    assert cluster.terms == {"pay": 1, "fails": 1}


def test_similar_texts_become_one_cluster_with_the_events_of_all() -> None:
    tally = Tally("t-0")
    words = [f"word{n}" for n in range(20)]
    for n, some in enumerate(islice(combinations(words, 18), 40)):
        for again in range(400 if n % 20 == 1 else 1):
            say(tally, " ".join(some), offset=n, author=1000 * n + again)
    (cluster,) = tally.clusters()
    assert cluster.count == 38 + 800
    authors = sorted([1000 * n + k for n in range(40) for k in range(400 if n % 20 == 1 else 1)])
    assert cluster.authors == tuple(authors[:128])
    assert cluster.leaves == ((LEAF, 838),)
    assert [sample.source for sample in cluster.samples] == [f"t-0@{n}" for n in range(MAX_SAMPLES)]
    assert cluster.samples[1].time_ms == 60_001


def test_rare_leaves_are_counted_together() -> None:
    tally = Tally("t-0")
    for n in range(1000):
        say(tally, "pay fails", offset=n, leaf=f"{n % 500:03}")
    (cluster,) = tally.clusters()
    leaves = dict(cluster.leaves)
    assert len(leaves) == MAX_LEAVES + 1
    assert leaves[OTHER, OTHER] == 1000 - 2 * MAX_LEAVES
    assert totals([cluster]) == cluster.leaves


def test_every_event_is_in_one_cluster() -> None:
    rng = random.Random(4)
    words = [f"{a}{b}" for a in "bcdfghjklm" for b in "aeiou"]
    tally = Tally("t-0")
    for n in range(5000):
        say(tally, " ".join(rng.sample(words, 6)), offset=n, author=n)
    clusters = list(tally.clusters())
    assert sum(cluster.count for cluster in clusters) == 5000
    assert len(clusters) <= 256
    assert dict(totals(clusters)) == {LEAF: 5000}


def test_a_long_text_is_cut_in_samples() -> None:
    tally = Tally("t-0")
    say(tally, "w" * 900)
    (cluster,) = tally.clusters()
    assert cluster.samples[0].text == "w" * 500
