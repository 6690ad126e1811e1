"""An answer put into a label: it fills what the rules left open and changes nothing else."""

import msgspec

from agents.reviews.asking.answer import CONFIDENCE, Answer
from schemas.reviews import ReviewLabel


def apply(
    label: ReviewLabel, answer: Answer | None, configured: bool, missing: str = ""
) -> ReviewLabel:
    """The label with what the model said of it.

    `missing`: why it has not said what it should have, such as `asks.cause`, `budget_spent`; the
    label is then open. Empty: nothing is missing. Without a model (`configured`) the rules have
    the last word. Findings, campaign, identity and status of a refused one are never touched.
    """
    if label.status == "refused":
        return label
    if answer is None:
        if configured and missing:
            return msgspec.structs.replace(label, status="open", reason=missing)
        return _labelled(label)
    if answer.abstained or label.by == "model":
        return _labelled(label)
    known = {(one.attribute, one.polarity) for one in label.aspects}
    new = tuple(one for one in answer.aspects if (one.attribute, one.polarity) not in known)
    sentiment, confidence = label.sentiment, label.sentiment_confidence
    if answer.sentiment is not None:
        sentiment, confidence = answer.sentiment, CONFIDENCE
    if not (answer.sentiment or new or answer.cause):
        return _labelled(label)
    return msgspec.structs.replace(
        label,
        status="labelled",
        reason="",
        sentiment=sentiment,
        sentiment_confidence=confidence,
        aspects=(*label.aspects, *new),
        cause=answer.cause or label.cause,
        by="model",
        models=f"{label.models} {answer.version}".strip(),
    )


def _labelled(label: ReviewLabel) -> ReviewLabel:
    if label.status == "labelled":
        return label
    return msgspec.structs.replace(label, status="labelled", reason="")
