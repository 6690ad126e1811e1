import math

from agents.assistant.knowledge.postings import Postings


def test_a_rare_term_tells_more_and_so_does_a_short_document() -> None:
    index = Postings.bm25([{"card": 1, "fee": 1}, {"card": 1}, {"card": 1, "a": 1, "b": 1, "c": 1}])
    card = index.scores({"card": 1.0})
    assert card[1] > card[0] > card[2] > 0
    fee = index.scores({"fee": 1.0})
    assert fee[0] > card[0]
    assert fee[1] == fee[2] == 0
    assert index.rarity("unknown") == max(index.rarity("fee"), index.rarity("a"))


def test_a_document_is_wholly_like_itself() -> None:
    index = Postings.cosine([["a", "b"], ["b", "c", "c"], ["d"]])
    for n, document in enumerate((["b", "a"], ["c", "b", "c"], ["d"])):
        scores = index.scores(index.unit(document))
        assert math.isclose(scores[n], 1.0)
        assert scores.argmax() == n
    # A term that nothing holds makes a question less like everything.
    assert index.scores(index.unit(["d", "x"]))[2] < 0.8


def test_nothing_is_like_nothing() -> None:
    assert Postings.bm25([]).scores({"x": 1.0}).size == 0
    index = Postings.cosine([[], ["a"]])
    assert index.scores(index.unit([])).tolist() == [0, 0]
