from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from windows.postings import Postings

WORDS = ("app", "crash", "late")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 4)), max_size=60))
def test_who_holds_a_word_is_as_in_sets(turned: list[tuple[str, int]]) -> None:
    postings, holders = Postings(), defaultdict[str, set[int]](set)
    for word, key in turned:
        if key in holders[word]:
            postings.unpost(word, key)
        else:
            postings.post(word, key)
        holders[word] ^= {key}
        held = {word: sorted(keys) for word, keys in holders.items() if keys}
        assert {word: sorted(keys) for word, keys in postings.items()} == held


def test_words_of_one_centroid_share_its_posting() -> None:
    postings = Postings()
    for word in WORDS:
        postings.post(word, 7)
    postings.post("app", 8)
    postings.unpost("app", 8)
    assert postings["app"] is postings["crash"] is postings["late"]
