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
