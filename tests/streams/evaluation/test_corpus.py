from collections import Counter

import pytest

from streams.evaluation.corpus import corpus, load_themes
from windows.texts import clean, terms


def test_many_themes_each_said_in_many_ways() -> None:
    themes = load_themes()
    assert len(themes) >= 60
    assert all(len(set(phrases)) >= 7 for phrases in themes.values())
    texts = corpus()
    assert len(texts) >= 3_000
    sizes = Counter(theme for _, theme in texts)
    assert sizes.keys() == themes.keys()
    assert min(sizes.values()) >= 15


def test_no_phrase_belongs_to_two_themes() -> None:
    phrases = [phrase for theme in load_themes().values() for phrase in theme]
    assert len(phrases) == len(set(phrases))


def test_the_same_seed_gives_the_same_stream_and_another_does_not() -> None:
    assert corpus(500, 3) == corpus(500, 3)
    assert corpus(500, 3) != corpus(500, 4)
    assert len(corpus(500, 3)) == 500


def test_the_stream_drifts() -> None:
    """Themes burst, so the first and the last third are about different things."""
    texts = corpus()
    early = Counter(theme for _, theme in texts[: len(texts) // 3])
    late = Counter(theme for _, theme in texts[-len(texts) // 3 :])
    assert sum((early - late).values()) > len(texts) // 10


@pytest.mark.parametrize("sign", ["😡", "！", "crash", "，"])
def test_texts_look_like_what_people_write(sign: str) -> None:
    assert any(sign in text for text, _ in corpus())


def test_nearly_every_text_has_terms() -> None:
    texts = corpus()
    assert sum(not terms(clean(text)) for text, _ in texts) < len(texts) / 100
