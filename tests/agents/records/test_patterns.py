"""Tests of regular expressions out of words: as the longest word first, and nothing of none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.records.patterns import any_of, any_word

_WORDS = st.lists(st.text("ab.(|未", max_size=4), min_size=1, max_size=8)


@given(_WORDS, st.text("ab.(|未", max_size=8))
def test_the_longest_word_is_found_where_the_first_one_begins(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    found = re.search(any_word(words), text)
    expected = re.search(plain, text)
    assert (found and found.span()) == (expected and expected.span())


@given(_WORDS, st.text("ab.(|未", max_size=8))
def test_what_follows_may_need_a_shorter_word(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    found = re.search(f"{any_word(words)}b$", text)
    expected = re.search(f"(?:{plain})b$", text)
    assert (found and found.span()) == (expected and expected.span())


@pytest.mark.parametrize("made", [any_word(()), any_of(())])
def test_of_no_words_nothing_is_found(made: str) -> None:
    assert re.search(made, "") is None
