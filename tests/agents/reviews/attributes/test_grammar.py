import tomllib
from collections import Counter
from importlib.resources import files

from agents.reviews.attributes.grammar import Cue, cues


def test_a_word_has_one_role() -> None:
    table = (files("agents.reviews.attributes") / "grammar.toml").read_text(encoding="utf-8")
    words = Counter(word for words in tomllib.loads(table).values() for word in words)
    assert [word for word, count in words.items() if count > 1] == []


def test_every_role_has_words() -> None:
    assert set(cues().values()) == set(Cue) - {Cue.NONE}
