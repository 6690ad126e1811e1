"""Batch files as OpenAI has them and `vllm run-batch` reads them: one request a line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from agents.privacy import redact

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""Of one file, as OpenAI takes it."""
MOST_ID = 64
"""Characters of a custom_id that every server takes, of letters, digits, - and _."""
URL = "/v1/chat/completions"

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_END = re.compile(r"-([a-z0-9]{1,40})-([1-9][0-9]{0,5})\Z")


def custom_id(source: str, key: str, number: int) -> str:
    """The coordinates of a record, as far as they are safe and have room, its key and its round.

    The key, of letters and digits, makes it unique; the coordinates are there for people, and a
    server elsewhere learns no number or address from them.
    """
    end = f"-{key}-{number}"
    safe = _UNSAFE.sub("_", redact(source[: 4 * MOST_ID]))
    return safe[: MOST_ID - len(end)] + end


def key_in(name: str) -> tuple[str, int]:
    """Key and round in a custom_id of ours; ("", 0) in any other."""
    found = _END.search(name)
    return (found[1], int(found[2])) if found else ("", 0)


def request_line(name: str, body: Mapping[str, Any]) -> bytes:
    """One line of a batch file; the same bytes for the same request."""
    request = {"custom_id": name, "method": "POST", "url": URL, "body": body}
    return msgspec.json.encode(request) + b"\n"


def parted(
    lines: Iterable[bytes], requests: int = MOST_REQUESTS, size: int = MOST_BYTES
) -> Iterator[tuple[int, bytes]]:
    """Each line with the number of its file, from 1; no file has more than `requests` lines or
    `size` bytes. Raises ValueError if one line alone is longer.
    """
    part, count, filled = 1, 0, 0
    for line in lines:
        if len(line) > size:
            raise ValueError(f"a request of {len(line)} bytes does not fit in a file of {size}")
        if count == requests or filled + len(line) > size:
            part, count, filled = part + 1, 0, 0
        count += 1
        filled += len(line)
        yield part, line
