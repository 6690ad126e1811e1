"""Headers of requests and replies on the log."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

CORRELATION = "correlation-id"
REPLY_TOPIC = "reply-topic"
REPLY_PARTITION = "reply-partition"
DEADLINE = "deadline-ms"
INSTANCE = "instance"
"""Who asked: every start of a requester makes a new one. Replies bring it back."""
PARTS = "parts"
"""On a request: `1` if whoever asks hears what comes before the answer."""
FINAL = "final"
"""On a reply: `0` if more follows."""
TRACE = "traceparent"
TENANT = "tenant"
SCHEMA = "schema"

ID_BYTES = 16
INSTANCE_BYTES = 8
LONGEST_MS = 60_000
"""How far ahead a deadline may be: replies are kept no longer."""

Headers = Sequence[tuple[str, bytes]]


class Mark(NamedTuple):
    """What a reply says of itself."""

    correlation: bytes
    instance: bytes
    final: bool


def mark_of(headers: Iterable[tuple[str, bytes]]) -> Mark | None:
    """None if it is no reply of ours."""
    found = dict(headers)
    correlation, instance = found.get(CORRELATION), found.get(INSTANCE)
    if not correlation or not instance or len(correlation) != ID_BYTES:
        return None
    return Mark(correlation, instance, found.get(FINAL, b"1") != b"0")
