"""What the process that parses says to the one that asked it."""

from __future__ import annotations

from edge.importing.imported import Reading
from schemas.records import Secret


class Answer(Secret, frozen=True, omit_defaults=True):
    """What became of the file: a reading, or the reason why not."""

    reading: Reading | None = None
    refused: str = ""
