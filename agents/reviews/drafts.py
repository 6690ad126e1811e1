"""A review as a draft of its label: what it says by itself, before its company is known."""

from collections.abc import Sequence
from typing import NamedTuple

from agents.privacy import redact
from agents.reviews.contacts import without_contacts
from schemas.reviews import MAX_EXCERPT, Aspect, Finding, Lang, Review, ReviewLabel, Sentiment
from schemas.times import format_ms
from windows.texts import clean

MAX_AUTHOR = 64
MAX_PRODUCT = 128
"""Characters that are kept."""
_SLACK = 3
"""Cleaning may shorten a text; so many times the excerpt are enough to fill it."""


class Versions(NamedTuple):
    """Which rules and which models have judged."""

    rules: str
    models: str


class Word(NamedTuple):
    """What the parts of the check have found in one text."""

    lang: Lang
    sentiment: Sentiment
    confidence: float
    aspects: Sequence[Aspect]
    findings: Sequence[Finding]


def draft(review: Review, date: str, word: Word, versions: Versions, reason: str) -> ReviewLabel:
    """The label of a review but for what only its company tells. All texts in it are redacted."""
    return ReviewLabel(
        source=clean(review.source),
        date=date,
        time=format_ms(review.time_ms),
        product=_name(review.product, MAX_PRODUCT),
        author=_name(review.author, MAX_AUTHOR),
        channel=_name(review.channel, MAX_AUTHOR),
        rating=review.rating,
        lang=word.lang,
        status="labelled",
        reason=reason,
        sentiment=word.sentiment,
        sentiment_confidence=round(word.confidence, 3),
        aspects=tuple(word.aspects),
        findings=tuple(word.findings),
        campaign="",
        cause="",
        excerpt=_quoted(review.text, word.findings),
        by="rules",
        rules=versions.rules,
        models=versions.models,
    )


def refused(
    source: str, time_ms: int, date: str, reason: str, detail: str, versions: Versions
) -> ReviewLabel:
    """The row of a record that is no review: it is accounted for, with the reason."""
    return ReviewLabel(
        source=clean(source),
        date=date,
        time=format_ms(time_ms),
        product="",
        author="",
        channel="",
        rating=None,
        lang="none",
        status="refused",
        reason=reason,
        sentiment="neutral",
        sentiment_confidence=0.0,
        aspects=(),
        findings=(),
        campaign="",
        cause="",
        # Nobody has looked for account names in it.
        excerpt=without_contacts(excerpt(detail))[:MAX_EXCERPT],
        by="rules",
        rules=versions.rules,
        models=versions.models,
    )


def excerpt(text: str) -> str:
    """The beginning of a text as it may be shown: cleaned, redacted, cut and marked."""
    # Redacted before it is cut, or half a number would be left.
    shown = redact(clean(text[: _SLACK * MAX_EXCERPT]))
    return shown if len(shown) <= MAX_EXCERPT else shown[: MAX_EXCERPT - 1] + "…"


def _quoted(text: str, findings: Sequence[Finding]) -> str:
    shown = excerpt(text)
    # Account names and disguised numbers are no form that `redact` knows.
    if any(finding.kind in ("contact", "advert") for finding in findings):
        return without_contacts(shown)[:MAX_EXCERPT]
    return shown


def _name(text: str, most: int) -> str:
    return redact(clean(text[: _SLACK * most]))[:most]
