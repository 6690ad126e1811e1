"""Is a review's author content: positive, negative, neither or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from agents.models.card import read
from agents.models.classifier import Classifier, Floats
from agents.models.errors import BadModel
from schemas.reviews import Lang, Sentiment
from windows.texts import clean

MODELS = ("sentiment-zh", "sentiment-en")
_DIGITS = 8
_LONGEST = 2_000
"""Characters of a text that are cleaned at all; the models see fewer."""

# Where one statement ends and another may begin.
_CLAUSE = re.compile(
    r"[,.!?;。、~\n]+|(?:但是?|不过|可是|只是|就是|可惜|然而|却|除了|虽然|\b(?:but|however|though|although|yet)\b)"
)
_MOST_CLAUSES = 8
_SURE, _DOUBTED = 0.85, 0.95
"""A statement takes a side from the first on; a text beyond the second has but one."""


class SentimentCall(NamedTuple):
    """What a text sounds like.

    `confidence`, 0 to 1: of positive and negative the calibrated probability; of neutral how near
    both are to a tie; of mixed that of the weaker of the two statements. 0: nothing was to be seen.
    """

    sentiment: Sentiment
    confidence: float


NOTHING = SentimentCall("neutral", 0.0)


class Sentiments:
    """Judges texts by the model of their language."""

    def __init__(self, models: Sequence[Classifier]) -> None:
        """For each language the first of `models` that names it is asked."""
        self._models = tuple(models)
        self._by_lang: dict[str, Classifier] = {}
        for model in models:
            for lang in model.card.languages:
                self._by_lang.setdefault(lang, model)

    @classmethod
    def load(cls, card: Path | None = None) -> Sentiments:
        """Our models; with the JSON card of another one, that one for the languages it names.

        Ours are loaded once a process. Raises BadModel.
        """
        if card is None:
            return cls(_ours())
        own = read(card)
        if not own.languages:
            raise BadModel(f"{card} names no languages")
        return cls((Classifier(own, card.parent), *_ours()))

    @property
    def versions(self) -> str:
        """What judged, for the rows it judged: `NAME VERSION-SHA`, by comma."""
        used = [m.card for m in self._models if m in self._by_lang.values()]
        return ", ".join(f"{card.name} {card.version}-{card.sha256[:_DIGITS]}" for card in used)

    def model_of(self, lang: Lang) -> Classifier:
        """Who is asked about texts of a language."""
        return self._by_lang[lang]

    def judge(self, texts: Sequence[str], langs: Sequence[Lang]) -> list[SentimentCall]:
        """One call a text, in their order. Raises BadModel if a model of the shop's own fails."""
        if len(texts) != len(langs):
            raise ValueError(f"{len(texts)} texts, {len(langs)} languages")
        cleaned = [clean(_ends(text)) for text in texts]
        calls = [NOTHING] * len(texts)
        for model in self._models:
            asked = [
                i for i, lang in enumerate(langs) if cleaned[i] and self._by_lang.get(lang) is model
            ]
            found = _judged(model, [cleaned[i] for i in asked])
            for i, call in zip(asked, found, strict=True):
                calls[i] = call
        return calls


def _judged(model: Classifier, texts: list[str]) -> list[SentimentCall]:
    positive = model.positive(texts)
    clauses: list[str] = []
    spans: dict[int, tuple[int, int]] = {}
    for i, text in enumerate(texts):
        if 1 - _DOUBTED < positive[i] < _DOUBTED:
            parts = _statements(text)
            if len(parts) > 1:
                spans[i] = len(clauses), len(clauses) + len(parts)
                clauses += parts
    said = model.positive(clauses)
    return [
        _call(float(one), said[slice(*spans[i])] if i in spans else None, model.card.neutral)
        for i, one in enumerate(positive.tolist())
    ]


def _call(positive: float, statements: Floats | None, neutral: float) -> SentimentCall:
    if statements is not None:
        weaker = min(float(statements.max()), 1 - float(statements.min()))
        if weaker >= _SURE:
            return SentimentCall("mixed", round(weaker, 4))
    far = abs(positive - 0.5)
    if far <= neutral:
        return SentimentCall("neutral", round(1 - 2 * far, 4)) if far else NOTHING
    side: Sentiment = "positive" if positive > 0.5 else "negative"
    return SentimentCall(side, round(0.5 + far, 4))


def _statements(text: str) -> list[str]:
    """The first and the last statements of a text."""
    parts = [part.strip() for part in _CLAUSE.split(text)]
    parts = [part for part in parts if len(part) > 1]
    return parts[: _MOST_CLAUSES // 2] + parts[_MOST_CLAUSES // 2 :][-_MOST_CLAUSES // 2 :]


def _ends(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} {text[-_LONGEST // 2 :]}"


@cache
def _ours() -> tuple[Classifier, ...]:
    folder = files("agents.models") / "data"
    return tuple(Classifier(read(folder / f"{name}.json"), folder) for name in MODELS)
