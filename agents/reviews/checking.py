"""Every rule and model that looks at one review alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.models.sentiment import SentimentCall, Sentiments
from agents.reviews.attributes.finding import Attributes
from agents.reviews.contacts import contacts
from agents.reviews.drafts import Versions, Word, draft, refused
from agents.reviews.human import needs_human
from agents.reviews.language import language
from agents.reviews.words import BannedWords
from schemas.events import MAX_TEXT
from schemas.reviews import Lang, Review, ReviewLabel
from windows.texts import clean

_SAID_BY_STARS = 0.5
"""Confidence in a sentiment that only the stars tell."""


@dataclass(frozen=True)
class Checker:
    """What a night checks with; safe to use for any number of chunks."""

    banned: BannedWords
    attributes: Attributes
    sentiments: Sentiments
    versions: Versions

    def check(self, reviews: Sequence[Review], date: str) -> list[ReviewLabel]:
        """A draft of a label for each, whatever is in it. Raises nothing."""
        texts = [review.text[:MAX_TEXT] for review in reviews]
        langs = [language(text, review.lang) for text, review in zip(texts, reviews, strict=True)]
        calls = self.sentiments.judge(texts, langs)
        return [self._draft(*each, date) for each in zip(reviews, texts, langs, calls, strict=True)]

    def _draft(
        self, review: Review, text: str, lang: Lang, call: SentimentCall, date: str
    ) -> ReviewLabel:
        if lang == "none" and review.rating is None and not clean(text).strip():
            return refused(review.source, review.time_ms, date, "empty_text", "", self.versions)
        try:
            word = self._word(review, text, lang, call)
        except Exception as error:
            # One text must not cost the night; what a rule cannot take is told and looked into.
            reason = f"failed_{type(error).__name__}"
            return refused(review.source, review.time_ms, date, reason, text, self.versions)
        reason = "text_cut" if len(review.text) > MAX_TEXT else ""
        return draft(review, date, word, self.versions, reason)

    def _word(self, review: Review, text: str, lang: Lang, call: SentimentCall) -> Word:
        sentiment, confidence = call.sentiment, call.confidence
        if lang == "none" and not confidence and review.rating is not None:
            stars = review.rating
            sentiment = "positive" if stars >= 4 else "negative" if stars <= 2 else "neutral"
            confidence = _SAID_BY_STARS
        findings = [*self.banned.find(text), *contacts(text), *needs_human(text)]
        return Word(lang, sentiment, confidence, self.attributes.find(text), findings)
