"""A review, what the nightly check says of it, and the tickets that come of it."""

from typing import Literal

import msgspec

from schemas.errors import NotOurs
from schemas.times import Timestamp

Lang = Literal["zh", "en", "other", "none"]
"""`none`: a text without words, such as emoji only."""
Polarity = Literal["positive", "negative", "neutral"]
Sentiment = Literal["positive", "negative", "neutral", "mixed"]
Author = Literal["rules", "model"]
FindingKind = Literal["duplicate", "fake", "banned", "contact", "advert", "human"]
TicketKind = Literal["campaign", "fake", "banned", "contact", "advert", "human"]
TicketSeverity = Literal["critical", "error", "warning", "info"]
LabelStatus = Literal["labelled", "open", "refused"]

MAX_EVIDENCE = 80
"""Characters of the words that carried a finding or an aspect."""
MAX_EXCERPT = 300
"""Characters of a review's text that a label keeps, redacted."""


class Review(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One review as its source gives it; the text is the author's, neither cut nor redacted.

    `source`: its coordinates, of which no other review has the same: `feedback.app-3@8812` on a
    topic, `NAME:ID` in a warehouse. `rating`: 1 to 5. `account_days`: age of the author's account.
    """

    source: str
    time_ms: int
    text: str
    product: str = ""
    author: str = ""
    channel: str = ""
    lang: str = ""
    rating: float | None = None
    account_days: float | None = None


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a rule found in a review or in its company.

    `reason`: the rule in snake_case, fit for counting, such as `banned.gambling`,
    `fake.author_burst`. `evidence`: the words that carried it, redacted and cut, or the figures.
    `confidence`: 0 to 1.
    """

    kind: FindingKind
    reason: str
    evidence: str = ""
    confidence: float = 1.0


class Aspect(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attribute that the review speaks of, with the words that carried it."""

    attribute: str
    polarity: Polarity
    words: str
    confidence: float = 1.0
    by: Author = "rules"


class ReviewLabel(msgspec.Struct, frozen=True):
    """One row of `review_labels`: what became of one review. Key: `source`.

    `status`: labelled; open (a language model should have said more, and `reason` says what is
    missing; all else holds); refused (no review, `reason` says why). `campaign`: the id of the
    ticket of its campaign. `cause`: why the author is not content, where a model was asked.
    """

    source: str
    date: str
    time: Timestamp
    product: str
    author: str
    channel: str
    rating: float | None
    lang: Lang
    status: LabelStatus
    reason: str
    sentiment: Sentiment
    sentiment_confidence: float
    aspects: tuple[Aspect, ...]
    findings: tuple[Finding, ...]
    campaign: str
    cause: str
    excerpt: str
    by: Author
    rules: str
    models: str


class RiskTicket(msgspec.Struct, frozen=True):
    """One row of `risk_tickets`: what somebody has to look at. Key: `ticket_id`.

    `reviews`: how many it is about; `sources`, `authors`: the first of them; `quotes`: redacted.
    """

    ticket_id: str
    date: str
    kind: TicketKind
    severity: TicketSeverity
    due: Timestamp
    title: str
    product: str
    reason: str
    confidence: float
    reviews: int
    sources: tuple[str, ...]
    authors: tuple[str, ...]
    first: Timestamp
    last: Timestamp
    quotes: tuple[str, ...]
    rules: str
    models: str


_decode_label = msgspec.json.Decoder(ReviewLabel).decode
_decode_ticket = msgspec.json.Decoder(RiskTicket).decode


def decode_label(value: bytes) -> ReviewLabel:
    """Decode one label. Raises NotOurs."""
    try:
        return _decode_label(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None


def decode_ticket(value: bytes) -> RiskTicket:
    """Decode one ticket. Raises NotOurs."""
    try:
        return _decode_ticket(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None
