"""Labels of complaints about a mug, each by an author of its own."""

from typing import Any

from schemas.reviews import Finding, ReviewLabel
from tests.support import nights


def label(n: int = 1, *findings: Finding, **different: Any) -> ReviewLabel:
    """The n-th review of the night, which has a text of its own."""
    own: dict[str, Any] = {
        "product": "mug",
        "author": f"u-{n}",
        "rating": 1.0,
        "lang": "en",
        "excerpt": f"It broke after {n} days.",
        "time": f"2026-11-20T09:{n // 60 % 60:02d}:{n % 60:02d}.000Z",
        "aspects": (),
        "findings": findings,
    }
    return nights.label(f"shop:r-{n}", **own | different)
