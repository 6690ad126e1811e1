import json
import math

import pytest

from windows.vocabulary import Vocabulary


def learnt(documents: list[str], half_life: int = 100) -> Vocabulary:
    vocabulary = Vocabulary(half_life)
    for document in documents:
        vocabulary.learn(document.split())
    return vocabulary


def test_a_word_in_fewer_documents_tells_more() -> None:
    vocabulary = learnt(["app crash", "app slow", "app ads"])
    assert vocabulary.idf("app") == pytest.approx(math.log(1 + 3 / 4) / math.log(4))
    assert vocabulary.idf("crash") == pytest.approx(math.log(1 + 3 / 2) / math.log(4))
    assert vocabulary.idf("never") == 1.0
    assert Vocabulary(100).idf("never") == 1.0


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


def test_a_word_is_frequent_above_a_share_and_never_in_a_young_stream() -> None:
    young = learnt(["app"] * 20)
    assert young.split(["app"]) == (["app"], [])
    old = learnt(["app"] * 60 + ["crash"] * 50 + ["other"] * 890)
    assert old.split(["app", "crash"]) == (["crash"], ["app"])


def test_state_survives_json() -> None:
    vocabulary = learnt(["app crash", "app"])
    vocabulary.advance(250)
    again = Vocabulary(100)
    again.restore(json.loads(json.dumps(vocabulary.state())))
    assert again.state() == vocabulary.state()
    assert again.period == vocabulary.period
