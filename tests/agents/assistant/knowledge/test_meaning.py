from datetime import date
from pathlib import Path

from agents.assistant.knowledge import Library
from agents.assistant.knowledge.library import shipped
from agents.assistant.knowledge.markdown import parse
from agents.models.encoder import Encoder
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
