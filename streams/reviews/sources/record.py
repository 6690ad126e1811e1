"""What becomes of one record of a source."""

from typing import NamedTuple

import msgspec

from schemas.reviews import Review


class Unreadable(msgspec.Struct, frozen=True, gc=False):
    """A record that is no review; `reason` in snake_case, `detail` redacted and cut."""

    source: str
    reason: str
    detail: str = ""


class Record(NamedTuple):
    """One record of the day: its place in the order, and what became of it.

    `key`: what no two reviews of the source share.
    """

    time_ms: int
    source: str
    key: str
    said: Review | Unreadable
