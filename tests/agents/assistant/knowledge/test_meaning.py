from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from agents.assistant.knowledge import Library
from agents.assistant.knowledge.library import shipped
from agents.assistant.knowledge.markdown import parse
from agents.assistant.knowledge.meaning import Meaning
from agents.models.encoder import Encoder, Vectors
from tests.support.encoders import toy

DAY = date(2026, 11, 21)
# A thing, its fate, and all else: "plastic" means a card, "vanished" means lost.
WORDS = {
    "?": (0.0, 0.0, 0.0, 1.0),
    "card": (9.0, 0.0, 0.0, 0.0),
    "plastic": (9.0, 0.0, 0.0, 0.0),
    "lost": (0.0, 9.0, 0.0, 0.0),
    "Lost": (0.0, 9.0, 0.0, 0.0),
    "vanished": (0.0, 9.0, 0.0, 0.0),
}


def _first(library: Library, question: str, day: date = DAY) -> str:
    return library.search(question, "en", day)[0].id.partition("#")[0]


def test_an_article_is_found_by_words_that_it_does_not_have(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, WORDS))
    question = "plastic vanished"
    assert "lost" not in _first(Library.load(), question)
    assert "lost" in _first(Library.load({"en": encoder}), question)


def test_an_article_that_is_not_valid_is_not_found_by_meaning_either(tmp_path: Path) -> None:
    library = Library.load({"en": Encoder(toy(tmp_path, WORDS))})
    assert library.search("plastic vanished", "en", date(1999, 1, 1)) == ()


def test_one_article_and_none_make_a_library_too(tmp_path: Path) -> None:
    encoder = Encoder(toy(tmp_path, WORDS))
    told = [one for name, text in shipped() if (one := parse(name, text)[0])]
    lost = [one for one in told if one.head.id == "card-lost" and one.head.lang == "en"]
    assert _first(Library(lost, {"en": encoder}), "I lost my card") == "card-lost"
    assert Library([], {"en": encoder, "zh": encoder}).search("card", "en", DAY) == ()


def test_what_articles_share_is_encoded_once(tmp_path: Path) -> None:
    encoded: list[str] = []

    class Counted(Encoder):
        def vectors(self, texts: Sequence[str]) -> Vectors:
            encoded.extend(texts)
            return super().vectors(texts)

    encoder = Counted(toy(tmp_path, WORDS))
    texts, first = ["lost card", "fees", "lost card", "card"], np.asarray([0, 2])
    encoded.clear()
    found = Meaning(encoder, texts, first)
    assert encoded == ["lost card", "fees", "card"]
    best = found.scores("lost card")
    assert best[0] == best[1] == pytest.approx(1.0)
