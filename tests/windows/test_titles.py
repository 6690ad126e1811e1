import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.texts import clean, terms
from windows.titles import WIDTH, title


@pytest.mark.parametrize(
    ("heaviest", "texts", "expected"),
    [
        (
            ["crash", "opening"],
            ["hi team, it crashes", "Hi, the app will crash on opening! Please fix"],
            "the app will crash on opening",
        ),
        (["支付", "转圈"], ["你好,支付一直转圈😡😡,求解决"], "支付一直转圈"),
        (["late", "parcel"], ["Parcel is late. Parcel late"], "Parcel late"),
        (
            ["update"],
            ["since 7.2.0 the update fails, order [id] 1,299"],
            "since 7.2.0 the update fails",
        ),
        (["nothing"], ["has none of it"], ""),
        ([], ["a text"], ""),
        (["word"], [], ""),
    ],
)
def test_title(heaviest: list[str], texts: list[str], expected: str) -> None:
    assert title(heaviest, texts) == expected


def test_a_long_clause_is_cut_between_words() -> None:
    found = title(["payment"], ["payment " + "never comes through " * 9])
    assert len(found) <= WIDTH
    assert found.split()[-1] in {"never", "comes", "through"}


@settings(max_examples=60)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_a_title_is_made_of_words_of_the_texts(texts: list[str]) -> None:
    cleaned = [clean(text) for text in texts]
    words = sorted({term for text in cleaned for term in terms(text)})
    found = title(words[:8], cleaned)
    assert len(found) <= WIDTH
    assert not found or set(terms(found)) & set(words[:8])
