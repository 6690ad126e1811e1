"""Files of lines: opened plain or packed, and never more than a bounded line at once."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from streams.reviews.errors import SourceAway

MAX_LINE = 16 * 1024 * 1024
"""Bytes or characters; a longer line is no review."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if it is named .gz. Raises SourceAway, also later on."""
    try:
        with cast("BinaryIO", gzip.open(path) if path.suffix == ".gz" else path.open("rb")) as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceAway(f"cannot read {path}: {reason}") from None
