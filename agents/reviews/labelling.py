"""Drafts and what their company tells, into labels; and what of a model's words stays in them."""

from collections.abc import Sequence

import msgspec

from agents.reviews.contacts import contacts
from agents.reviews.words import BannedWords
from schemas.reviews import Finding, ReviewLabel


def labelled(draft: ReviewLabel, company: Sequence[Finding], campaign: str) -> ReviewLabel:
    """The label of a review: what it says itself, and what comes of standing among others.

    `campaign`: the id of the campaign that it belongs to, or empty.
    """
    if not company and not campaign:
        return draft
    return msgspec.structs.replace(draft, findings=(*draft.findings, *company), campaign=campaign)


def presentable(label: ReviewLabel, banned: BannedWords) -> ReviewLabel:
    """The label without its cause if that holds a banned word, an advert or a way to be reached.

    A model wrote it, and a hostile review may have told it what to write.
    """
    if not label.cause or not (contacts(label.cause) or banned.find(label.cause)):
        return label
    return msgspec.structs.replace(label, cause="")
