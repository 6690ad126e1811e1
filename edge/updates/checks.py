"""The last time that what the publisher signed was verified."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from edge.files import save
from edge.updates.slot import read

_MOST_BYTES = 1 << 16
_EASTERNMOST = timedelta(hours=14)
"""A day begins so long before it does in Greenwich."""


class Checked(msgspec.Struct, frozen=True):
    """The last time that everything verified. `released_ms`: when the newest release came out.

    `valid_ms`: until then it may be installed; `at_ms`: the device's clock then.
    """

    at_ms: int = 0
    released_ms: int = 0
    valid_ms: int = 0
    source: str = ""


def last_check(folder: Path) -> Checked:
    """As remembered; of 1970 if nothing is."""
    try:
        return msgspec.json.decode(read(_last(folder), _MOST_BYTES) or b"", type=Checked)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Checked()


def earliest_ms(date: str) -> int:
    """The earliest moment at which it is this year, month or day anywhere; 0 if none is said."""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    try:
        begin = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError:
        return 0
    return int((begin - _EASTERNMOST).timestamp() * 1000)


def save_check(folder: Path, checked: Checked) -> None:
    """Remember it. Raises CannotWrite."""
    save(_last(folder), [msgspec.json.encode(checked)])


def _last(folder: Path) -> Path:
    return folder / "checked.json"
