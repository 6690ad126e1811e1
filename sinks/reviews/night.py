"""A finished night, and what became of it in a table."""

import datetime
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from schemas.nights import NightAccount
from schemas.reviews import RiskTicket
from sinks.errors import Rejected, Unreachable
from sinks.reviews.tables import LABELS, NIGHTS, TICKETS
from sinks.tables.nul import has_nul, without_nul

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_encode = msgspec.json.Encoder().encode


class Lines(NamedTuple):
    """Files of JSON lines, and how many lines there are in them."""

    files: Sequence[Path]
    rows: int


Given: TypeAlias = Mapping[str, Lines]
"""The rows of a night by table."""


@dataclass(frozen=True)
class Night:
    """`labels`: files with a `ReviewLabel` in each line, sorted by time and source."""

    date: str
    labels: Sequence[Path]
    tickets: Sequence[RiskTicket]
    account: NightAccount


class Changed(msgspec.Struct, frozen=True):
    """Rows of a table that were added, replaced and removed, and those that stayed as they were."""

    added: int = 0
    replaced: int = 0
    removed: int = 0
    same: int = 0

    @property
    def is_none(self) -> bool:
        """Nothing was done."""
        return not (self.added or self.replaced or self.removed)


@contextmanager
def lines(night: Night) -> Iterator[Given]:
    """All of it as JSON lines without NUL. Raises Rejected, and Unreachable for the disk."""
    check_date(night.date)
    with ExitStack() as stack:
        try:
            made = tempfile.TemporaryDirectory(prefix="groundswell-night-")
            folder = Path(stack.enter_context(made))
            given = {
                LABELS.name: _storable(night.labels, folder),
                TICKETS.name: _written(night.tickets, folder / "tickets.jsonl"),
                NIGHTS.name: _written([night.account], folder / "account.jsonl"),
            }
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise Unreachable(f"{where}{error.strerror}") from None
        yield given


def check_date(date: str) -> None:
    """Raises Rejected if it is none."""
    try:
        if _DATE.fullmatch(date) and datetime.date.fromisoformat(date):
            return
    except ValueError:
        pass
    raise Rejected(f"{date!r} is no date: write 2026-11-20")


def _storable(labels: Sequence[Path], folder: Path) -> Lines:
    files, rows = [], 0
    for number, path in enumerate(labels):
        content = path.read_bytes()
        rows += sum(1 for line in content.split(b"\n") if line)
        if has_nul(content):
            path = folder / f"labels-{number}.jsonl"
            path.write_bytes(without_nul(content))
        files.append(path)
    return Lines(files, rows)


def _written(rows: Sequence[msgspec.Struct], path: Path) -> Lines:
    content = b"".join(_encode(row) + b"\n" for row in rows)
    path.write_bytes(without_nul(content))
    return Lines([path], len(rows))
