"""The character NUL, which PostgreSQL has room for neither in texts nor in JSON."""

import re

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def has_nul(document: bytes) -> bool:
    """Whether the JSON may hold one."""
    return b"\\u0000" in document


def without_nul(document: bytes) -> bytes:
    """The JSON with U+FFFD in its place."""
    return _NUL.sub(rb"\1\\ufffd", document)
