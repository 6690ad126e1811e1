from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.simulation.texts import mangle, pool, render

WORDS = {"page": ("the home page",)}


def test_choices_slots_and_slots_within_choices() -> None:
    texts = {
        render("{a|b {page}} {n}", Random(seed), WORDS).rsplit(" ", 1)[0] for seed in range(40)
    }
    assert texts == {"a", "b the home page"}


def test_an_unknown_slot_is_a_mistake_in_the_vocabulary() -> None:
    with pytest.raises(KeyError):
        render("{nothing}", Random(1), {})


def test_a_pool_uses_every_template_and_has_many_forms() -> None:
    texts = pool(["one {id}", "two {id}"], "log", 100, Random(1), {})
    assert sum(text.startswith("one ") for text in texts) == 50
    assert len(set(texts)) > 95


@settings(max_examples=60)
@given(st.text(), st.sampled_from(["zh", "en"]), st.integers(0, 1000))
def test_mangling_changes_little(text: str, language: str, seed: int) -> None:
    mangled = mangle(text, language, Random(seed))
    # An upper-case letter may be several ("ß" becomes "SS").
    assert abs(len(mangled) - len(text.upper())) <= 1 or abs(len(mangled) - len(text)) <= 2


def test_some_texts_are_misspelt_and_most_are_not() -> None:
    texts = [mangle("付不了款，余额够", "zh", Random(seed)) for seed in range(500)]
    untouched = texts.count("付不了款，余额够")
    assert 300 < untouched < 480
