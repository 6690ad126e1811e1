"""Drafts and what their company tells, into labels."""

from collections.abc import Sequence

import msgspec

from schemas.reviews import Finding, ReviewLabel


def labelled(draft: ReviewLabel, company: Sequence[Finding], campaign: str) -> ReviewLabel:
    """The label of a review: what it says itself, and what comes of standing among others.

    `campaign`: the id of the campaign that it belongs to, or empty.
    """
    if not company and not campaign:
        return draft
    return msgspec.structs.replace(draft, findings=(*draft.findings, *company), campaign=campaign)
