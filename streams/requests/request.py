"""A request as whoever answers reads it: nothing in it is believed before it is checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from streams.requests.headers import (
    CORRELATION,
    DEADLINE,
    ID_BYTES,
    INSTANCE,
    INSTANCE_BYTES,
    LONGEST_MS,
    PARTS,
    REPLY_PARTITION,
    REPLY_TOPIC,
    SCHEMA,
    TENANT,
    TRACE,
    Headers,
)

MOST_HEADERS = 16
MOST_BYTES = 256
"""Of one header."""
_DIGITS = re.compile(rb"[0-9]{1,15}")
_TRACE = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Flaw = Literal["headers", "correlation", "address", "deadline", "schema", "value", "place"]


class Forged(Exception):
    """Not a request of ours: count it by `flaw`, and send nothing anywhere."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


class Raw(Protocol):
    """The record as the client gives it."""

    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


@dataclass(frozen=True, slots=True)
class Request:
    """Where the answer goes is checked, what is asked is not. `trace` is empty or W3C's.

    `parts`: whether somebody hears what comes before the answer.
    """

    partition: int
    offset: int
    sent_ms: int
    key: bytes
    value: bytes
    correlation: bytes
    instance: bytes
    reply_topic: str
    reply_partition: int
    deadline_ms: int
    tenant: str
    trace: str
    parts: bool


class RequestReader:
    """`reply_topics`: full names of those that may be answered to, with their partitions."""

    def __init__(self, reply_topics: Mapping[str, int], schema: bytes = b"1") -> None:
        self._reply_topics = {name.encode(): (name, n) for name, n in reply_topics.items()}
        self._schema = schema

    def read(self, record: Raw, now_ms: int) -> Request:
        """Also of one whose deadline has passed. Raises Forged."""
        headers = _by_name(record.headers)
        correlation, instance = headers.get(CORRELATION, b""), headers.get(INSTANCE, b"")
        if len(correlation) != ID_BYTES or len(instance) != INSTANCE_BYTES:
            raise Forged("correlation")
        topic, partitions = self._reply_topics.get(headers.get(REPLY_TOPIC, b""), ("", 0))
        where = headers.get(REPLY_PARTITION, b"")
        place = int.from_bytes(where, "big", signed=True)
        if len(where) != 4 or not 0 <= place < partitions:
            raise Forged("address")
        until = headers.get(DEADLINE, b"")
        if not _DIGITS.fullmatch(until) or int(until) > now_ms + LONGEST_MS:
            raise Forged("deadline")
        if headers.get(SCHEMA, self._schema) != self._schema:
            raise Forged("schema")
        if not record.key or not record.value:
            raise Forged("value")
        trace = headers.get(TRACE, b"")
        return Request(
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            correlation,
            instance,
            topic,
            place,
            int(until),
            headers.get(TENANT, b"").decode(errors="replace"),
            trace.decode() if _TRACE.fullmatch(trace) else "",
            headers.get(PARTS) == b"1",
        )


def _by_name(headers: Headers) -> dict[str, bytes]:
    found = {name: value for name, value in headers if value is not None}
    # A name that comes twice may be read one way here and another way elsewhere.
    if len(found) != len(headers) or len(found) > MOST_HEADERS:
        raise Forged("headers")
    if any(len(value) > MOST_BYTES for value in found.values()):
        raise Forged("headers")
    return found
