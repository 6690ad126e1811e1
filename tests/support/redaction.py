"""What the bundled pack's redactor takes out of a text, and tests of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from agents.records.pack import Pack
from agents.records.redaction import Redactor

_REDACTOR = Redactor(Pack.load().redaction)


def removed(text: str) -> list[str]:
    """The words that are gone, in order."""
    made = _REDACTOR.redact(text, days=-40).removed
    return [text[one.span.start : one.span.end] for one in made]


def gone_and_kept(
    gone: Sequence[tuple[str, str]], kept: Sequence[str]
) -> tuple[Callable[[str, str], None], Callable[[str], None]]:
    """That a word of a text is gone, and that of others nothing is."""

    @pytest.mark.parametrize(("text", "word"), gone)
    def test_gone(text: str, word: str) -> None:
        assert any(word in one for one in removed(text))

    @pytest.mark.parametrize("text", kept)
    def test_kept(text: str) -> None:
        assert removed(text) == []

    return test_gone, test_kept
