import pytest

from agents.reviews.attributes.taxonomy import ANY, read_taxonomy
from agents.reviews.attributes.terms import terms
from agents.reviews.attributes.vocabulary import Vocabulary
from agents.reviews.words.folding import exact

VOCABULARY = Vocabulary(read_taxonomy())


def words(text: str) -> list[str]:
    return [token.term.word for token in VOCABULARY.scan(exact(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("partsize sized", []),
        ("size", ["size"]),
        ("Size!", ["size", "!"]),
        ("尺码size很好", ["尺码", "size", "很好"]),
        ("not soldier", ["not"]),
        ("battery drains fast", ["battery", "drains fast"]),
        ("大家的快递", ["大家", "快递"]),
    ],
)
def test_latin_words_are_found_whole_and_the_longest_of_all(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_places_are_those_of_the_text() -> None:
    text = "😀，物流\u200b很快"
    assert [text[token.start : token.end] for token in VOCABULARY.scan(exact(text))] == [
        "，",
        "物流",
        "很快",
    ]


def test_a_word_listed_with_its_degree_judges_other_targets_as_its_parts_do() -> None:
    found = terms(read_taxonomy())
    assert found["太硬"].alone == {"taste": "negative"}
    assert found["太硬"].opinion["material"] == "negative"
    assert found["不好看"].opinion["color"] == "negative"


def test_plurals_and_comparatives_are_added() -> None:
    found = terms(read_taxonomy())
    assert found["zippers"].targets == ("quality",)
    assert found["faster"].opinion["logistics"] == "positive"
    assert found["bigger"].opinion["screen"] == "positive"


def test_words_that_mean_one_attribute_do_not_judge_all() -> None:
    found = terms(read_taxonomy())
    assert ANY in found["不错"].opinion
    assert ANY not in found["闪退"].opinion
    assert ANY not in found["好吃"].opinion
