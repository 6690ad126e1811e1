import pytest

from agents.reviews.words.folding import exact, places, squeezed, told
from agents.reviews.words.sounds import crossing, sounded
from agents.reviews.words.variants import How, variants
from tests.agents.reviews.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("ⓐ⒜🅰🄰🇦", "aaaaa"),
        ("單號發票", "单号发票"),
        ("Ünïcôdé", "unicode"),
        ("\ud800好", " 好"),
    ],
)
def test_one_form_whatever_the_width_case_and_script(text: str, folded: str) -> None:
    assert exact(text) == folded


@pytest.mark.parametrize("text", HOSTILE)
def test_folding_keeps_the_length_and_the_places(text: str) -> None:
    folded = told(exact(text))
    assert len(folded) == len(text)
    assert len(places(folded)) == len(squeezed(text))


def test_only_letters_are_searched_and_look_alikes_are_letters() -> None:
    assert squeezed("微 ❤\u200b信!") == "微信"
    assert squeezed("+V a$$ sh!t") == "加vassshit"
    assert squeezed("仿$真$枪") == "仿真枪"
    assert squeezed("роrn") == squeezed("p0rn") == "porn"


def test_characters_of_one_sound_are_one_sign() -> None:
    assert sounded("薇信") == sounded("微信") != sounded("徽信")
    assert len(sounded("a微1信")) == 4


def test_words_around_claim_their_characters() -> None:
    assert crossing("天下注目", 1, 3) == (False, False, False, False)
    assert crossing("来下注吧", 1, 3)[:3] == (True, True, False)
    assert crossing("枪支架", 0, 2).claimed
    assert crossing("混蛋白粉", 0, 2).claimed


def test_a_word_is_written_in_many_ways() -> None:
    ways = {variant.letters: variant.how for variant in variants("加V 群")}
    assert ways["加v群"] is How.PLAIN
    assert ways["力口v君羊"] is How.SPLIT
    ways = {variant.letters: variant.how for variant in variants("刷单")}
    assert ways["shuadan"] is ways["shua单"] is ways["刷dan"] is How.PINYIN
    assert ways["涮单"] is How.LOOK


def test_common_texts_take_a_shorter_way_to_the_same_form() -> None:
    apart = [
        character
        for character in map(chr, range(0x30000))
        # A far one in company keeps the short way closed.
        if exact(character) != exact(f"{character}\U000e0100")[:-1]
    ]
    assert not apart
    assert exact("ΣΟΦΟΣ") == "σοφοσ"


def test_quotes_are_apostrophes() -> None:
    assert exact("isn’t ＇x＇ İ") == "isn't 'x' i"
