import pytest

from agents.models.ngrams import grams
from streams.training.lexicon import lexicon, prior
from streams.training.sentiment import PLANS


@pytest.mark.parametrize("lang", ["zh", "en", "other"])
def test_no_word_says_both(lang: str) -> None:
    words = lexicon(lang)
    assert set(words.values()) == {1.0, -1.0}
    assert len(words) > 200


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_most_words_have_a_place_in_their_model(plan) -> None:  # type: ignore[no-untyped-def]
    words = lexicon(*plan.lexicon)
    keys, said = prior(words, plan.settings.recipe)
    assert keys.size == said.size > 0.9 * len(words)
    met = {int(key) for word in words for key in grams([word], plan.settings.recipe)[1]}
    assert len({int(key) for key in keys} & met) > 0.9 * len(words)
