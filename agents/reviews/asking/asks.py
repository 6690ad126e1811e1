"""What the rules leave open in a label."""

from dataclasses import dataclass
from typing import Literal

from schemas.reviews import ReviewLabel

Ask = Literal["sentiment", "aspects", "cause"]


@dataclass(frozen=True)
class AskRules:
    """When a model is asked, and how often.

    `unsure`: a sentiment less confident than this is asked about; one that speaks against the
    rating, below `contrary`. `human`: likewise of a finding that needs a human. `shortest`,
    `wordy`: characters of a review that is asked about at all, and of one that should name an
    attribute. `bad_reviews`: bad ones of a product in a day from which their causes are asked,
    `causes` of them at most. `most`: questions of a night.
    """

    unsure: float = 0.6
    contrary: float = 0.9
    human: float = 0.7
    shortest: int = 4
    wordy: int = 12
    bad_reviews: int = 5
    causes: int = 12
    most: int = 20_000


def is_bad(label: ReviewLabel) -> bool:
    """Whether its author is not content."""
    return label.sentiment == "negative" or (label.rating is not None and label.rating <= 2)


def is_contrary(label: ReviewLabel) -> bool:
    """Whether the text seems to say the opposite of the rating."""
    if label.rating is None:
        return False
    if label.rating <= 2:
        return label.sentiment == "positive"
    return label.rating >= 4 and label.sentiment == "negative"


def needs_doubt(label: ReviewLabel, rules: AskRules) -> bool:
    """Whether a human may be needed, but the rules are not sure."""
    found = [one.confidence for one in label.findings if one.kind == "human"]
    return bool(found) and max(found) < rules.human


def asks_of(label: ReviewLabel, rules: AskRules) -> tuple[Ask, ...]:
    """What a model could say of it that the rules have not; the label alone decides.

    Nothing of one that has been refused or that a model has spoken of.
    """
    if label.status == "refused" or label.by == "model" or label.lang == "none":
        return ()
    length = len(label.excerpt)
    if length < rules.shortest:
        return ()
    asks: list[Ask] = []
    sure = rules.contrary if is_contrary(label) else rules.unsure
    if label.sentiment_confidence < sure:
        asks.append("sentiment")
    bad = is_bad(label)
    if bad and not label.aspects and length >= rules.wordy:
        asks.append("aspects")
    if bad or needs_doubt(label, rules):
        asks.append("cause")
    return tuple(asks)


def is_open(label: ReviewLabel, asks: tuple[Ask, ...], rules: AskRules) -> bool:
    """Whether it should be asked about for its own sake, not only as one of many of its product."""
    return asks not in ((), ("cause",)) or (asks == ("cause",) and needs_doubt(label, rules))
