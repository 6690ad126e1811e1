"""A record of an input as the intake wants it, wherever it comes from."""

from dataclasses import dataclass


@dataclass(slots=True)
class Record:
    """As it stands on the log, or would; `timestamp` in epoch milliseconds."""

    offset: int
    timestamp: int
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    key: bytes | None = None
