import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.ngrams import (
    KEY_BITS,
    MOST_CHARACTERS,
    MOST_TEXTS,
    Recipe,
    grams,
    keys_of,
    shorten,
)
from windows.texts import clean

CHINESE = Recipe(characters=(1, 2, 3), words=(1,), dictionary=True, negated=2)
ENGLISH = Recipe(characters=(2, 3, 4), words=(1, 2, 3), negated=2, negated_of="words")
TEXTS = ["房间很大，不太干净", "", "not a good app, but I like it", "👍👍", "酒店 wifi 不好用!"]


def keys(text: str, recipe: Recipe) -> set[int]:
    return set(grams([text], recipe)[1].tolist())


def test_each_distinct_n_gram_counts_once() -> None:
    assert len(keys("abab", Recipe(characters=(1, 2)))) == 4  # a, b, ab, ba
    assert len(keys("to be or not to be", Recipe(words=(1, 2)))) == 4 + 4
    assert len(keys("好吃", Recipe(words=(1,), dictionary=True))) == 1


def test_a_character_is_no_word() -> None:
    assert not keys("好", Recipe(characters=(1,))) & keys("好", Recipe(words=(1,)))


def test_punctuation_and_emoji_are_words_of_their_own() -> None:
    assert len(keys("wow!! 👍👍 don't", Recipe(words=(1,)))) == 4


def test_vowel_signs_are_of_their_word() -> None:
    assert len(keys("बहुत अच्छा", Recipe(words=(1,)))) == 2


def test_traditional_characters_are_simplified_ones() -> None:
    assert keys("螢幕糢糊，繫帶斷了", CHINESE) == keys("萤幕糢糊，系带断了", CHINESE)


def test_no_n_gram_reaches_into_the_next_text() -> None:
    rows, found = grams(["ab", "cd"], Recipe(characters=(1, 2, 3)))
    assert rows.tolist() == [0] * 3 + [1] * 3
    assert set(found.tolist()) == keys("ab", Recipe((1, 2))) | keys("cd", Recipe((1, 2)))


@pytest.mark.parametrize("recipe", [CHINESE, ENGLISH])
def test_what_stands_beside_a_text_changes_nothing(recipe: Recipe) -> None:
    rows, found = grams(TEXTS, recipe)
    for row, text in enumerate(TEXTS):
        assert set(found[rows == row].tolist()) == keys(text, recipe)


def test_keys_are_sorted_and_fit() -> None:
    rows, found = grams(TEXTS, ENGLISH)
    packed = list(zip(rows.tolist(), found.tolist(), strict=True))
    assert packed == sorted(set(packed))
    assert found.min() > 0
    assert int(found.max()) < 1 << KEY_BITS


@pytest.mark.parametrize(
    ("one", "other"),
    [("WiFi很GOOD", "wifi很good"), ("房間很乾淨", "房间很干净"), ("住了3晚", "住了5晚")],
)
def test_case_tradition_and_digits_are_folded(one: str, other: str) -> None:
    assert keys(one, CHINESE) == keys(other, CHINESE)


@pytest.mark.parametrize(
    ("recipe", "word", "negation"), [(CHINESE, "满意", "不"), (ENGLISH, "good", "not ")]
)
def test_a_negated_word_has_a_key_of_its_own(recipe: Recipe, word: str, negation: str) -> None:
    plain, negated = keys_of(word, recipe)
    assert plain in keys(word, recipe)
    assert negated not in keys(word, recipe)
    assert {plain, negated} <= keys(negation + word, recipe)


@pytest.mark.parametrize(
    ("recipe", "text", "word"),
    [(CHINESE, "不贵,满意", "满意"), (ENGLISH, "not now. good", "good")],
)
def test_a_negation_ends_with_its_clause(recipe: Recipe, text: str, word: str) -> None:
    assert keys_of(word, recipe)[1] not in keys(text, recipe)


def test_a_word_that_no_n_gram_holds_has_no_key() -> None:
    assert keys_of("", CHINESE) == []
    assert keys_of("one two three four", ENGLISH) == []


def test_a_long_text_is_seen_at_both_ends() -> None:
    text = "好" + "无聊" * 50_000 + "差"
    assert len(shorten(text)) == MOST_CHARACTERS + 1
    assert {keys_of("好", CHINESE)[0], keys_of("差", CHINESE)[0]} <= keys(text, CHINESE)


def test_of_nothing_there_is_nothing() -> None:
    assert grams([], CHINESE)[1].size == 0
    assert grams(["", ""], ENGLISH)[1].size == 0


def test_too_many_texts_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        grams([""] * (MOST_TEXTS + 1), CHINESE)


@given(st.lists(st.text(max_size=60), max_size=4), st.sampled_from([CHINESE, ENGLISH]))
def test_any_clean_text_has_its_rows(texts: list[str], recipe: Recipe) -> None:
    rows, found = grams([clean(text) for text in texts], recipe)
    assert rows.size == found.size
    assert np.all((rows >= 0) & (rows < max(1, len(texts))))
