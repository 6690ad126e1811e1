"""Time on the wire is RFC 3339 in UTC with milliseconds; inside it is epoch milliseconds."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

MINUTE_MS = 60_000
EARLIEST_MS = 946_684_800_000
"""2000-01-01: an older time is a producer's mistake, usually seconds sent as milliseconds."""
LATEST_MS = 4_102_444_800_000
"""2100-01-01."""

Timestamp = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        description="RFC 3339, UTC, milliseconds",
    ),
]


def format_ms(epoch_ms: int) -> Timestamp:
    """The wire form of an epoch time in milliseconds.

    >>> format_ms(1_763_630_043_120)
    '2025-11-20T09:14:03.120Z'
    """
    seconds, ms = divmod(epoch_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{ms:03d}Z"


def parse_ms(text: str) -> int:
    """Epoch milliseconds of an RFC 3339 time with any offset.

    Raises ValueError if the text is no such time or names no offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time {text!r} names no offset; write 2026-11-20T09:14:03Z")
    return round(moment.timestamp() * 1000)
