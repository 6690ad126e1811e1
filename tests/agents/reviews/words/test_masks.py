import pytest

from agents.reviews.words.masks import Masks

MASKS = Masks(("bitch", "free gift", "操gun", "idiots"))


@pytest.mark.parametrize(
    ("text", "lifted"),
    [
        ("You b*tch!", "You bitch!"),
        ("B***H", "bitch"),
        ("id-ots and b%tch", "idiots and bitch"),
        ("ａ ｆｒ＊ｅ g_ft", "ａ free gift"),
    ],
)
def test_masked_words_are_written_out_at_the_same_length(text: str, lifted: str) -> None:
    assert MASKS.lifted(text) == lifted
    assert len(lifted) == len(text)


@pytest.mark.parametrize(
    "text",
    ["b*th", "b*t*h", "b-i-t-c-h", "*bitch*", "bi**", "ab*tch", "g*n", "b*tcher", "5 * 3 - 2", ""],
)
def test_what_hides_no_word_stays_as_it_is(text: str) -> None:
    assert MASKS.lifted(text) == text
