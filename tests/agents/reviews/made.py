"""Labels made by hand."""

from typing import Any

import msgspec

from schemas.reviews import Finding, ReviewLabel

LABEL = ReviewLabel(
    source="shop:r-1",
    date="2026-11-20",
    time="2026-11-20T09:14:03.120Z",
    product="mug",
    author="u-1",
    channel="app",
    rating=1.0,
    lang="en",
    status="labelled",
    reason="",
    sentiment="negative",
    sentiment_confidence=0.93,
    aspects=(),
    findings=(),
    campaign="",
    cause="",
    excerpt="It broke after a day.",
    by="rules",
    rules="r1",
    models="m1",
)


def label(n: int = 1, *findings: Finding, **different: Any) -> ReviewLabel:
    """The n-th review of the night, which has an author and a text of its own."""
    own: dict[str, Any] = {
        "source": f"shop:r-{n}",
        "author": f"u-{n}",
        "excerpt": f"It broke after {n} days.",
        "time": f"2026-11-20T09:{n // 60 % 60:02d}:{n % 60:02d}.000Z",
        "findings": findings,
    }
    return msgspec.structs.replace(LABEL, **own | different)
