import json

from windows.vocabulary import Vocabulary


def learnt(documents: list[str], half_life: int = 100) -> Vocabulary:
    vocabulary = Vocabulary(half_life)
    for document in documents:
        vocabulary.learn(document.split())
    return vocabulary


def test_a_word_counts_once_a_document() -> None:
    vocabulary = learnt(["app crash", "app slow", "app ads"])
    assert vocabulary.documents == 3.0
    assert vocabulary.df == {"app": 3.0, "crash": 1.0, "slow": 1.0, "ads": 1.0}


def test_counts_halve_once_a_half_life_and_words_are_forgotten() -> None:
    vocabulary = learnt(["app crash"] + ["app"] * 7)
    vocabulary.advance(99)
    assert vocabulary.state()["df"] == {"app": 8.0, "crash": 1.0}
    vocabulary.advance(100)
    vocabulary.advance(199)
    vocabulary.advance(50)
    assert vocabulary.state() == {"documents": 4.0, "period": 1, "df": {"app": 4.0, "crash": 0.5}}
    vocabulary.advance(300)
    assert vocabulary.state() == {"documents": 1.0, "period": 3, "df": {"app": 1.0}}


def test_state_survives_json() -> None:
    vocabulary = learnt(["app crash", "app"])
    vocabulary.advance(250)
    again = Vocabulary(100)
    again.restore(json.loads(json.dumps(vocabulary.state())))
    assert again.state() == vocabulary.state()
    assert again.period == vocabulary.period


def test_the_rarest_words_are_forgotten_first_and_then_the_oldest() -> None:
    vocabulary = Vocabulary(100, limit=7)
    for document in ("a b c", "a d", "b e", "f g"):
        vocabulary.learn(document.split())
    assert [*vocabulary.df] == [*"abcdefg"]
    again = Vocabulary(100, limit=7)
    again.restore(json.loads(json.dumps(vocabulary.state())))
    for each in (vocabulary, again):
        assert each.learn(["h"]) == ["c", "d"]
        assert each.df == {"a": 2.0, "b": 2.0, "e": 1.0, "f": 1.0, "g": 1.0, "h": 1.0}
        assert each.documents == 5.0


def test_an_endless_stream_of_new_words_leaves_the_common_ones() -> None:
    vocabulary = Vocabulary(100, limit=50)
    for n in range(1_000):
        vocabulary.learn(["app", "common" if n % 9 == 0 else "often", f"odd{n}"])
        assert len(vocabulary.df) <= 50
    assert vocabulary.df["app"] == 1_000.0
    assert vocabulary.df["common"] == 112.0
    assert "odd999" in vocabulary.df
