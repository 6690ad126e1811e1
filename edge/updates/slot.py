"""One installed version: a folder of a pack's files, and what each was before the fingerprint."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, NamedTuple, Protocol

import msgspec

from agents.models.errors import BadModel
from edge.errors import BadDifference
from schemas.packages import MOST_FILE, MOST_FILES, FilePath, Name, Sha256

RECORD = ".slot.json"
"""No file of a pack has a name that begins with a dot."""
MODEL = ".onnx"
"""How the names of files end that carry a fingerprint."""
_MOST_RECORD = 1 << 20


class Fingerprint(Protocol):
    """How a model is marked as this device's, and how the mark comes off byte for byte."""

    def mark(self, model: bytes, key: bytes) -> bytes:
        """The model with the mark of a key. Raises BadModel."""
        ...

    def unmark(self, model: bytes, key: bytes) -> bytes:
        """The model as it was before. Raises BadModel."""
        ...


class Marking(NamedTuple):
    """A fingerprint and this device's key, which a trace must not show."""

    by: Fingerprint
    key: bytes

    def __repr__(self) -> str:
        return "Marking(...)"


class SlotFile(msgspec.Struct, frozen=True):
    """`sha256`: as published; `installed`: as it lies here, another one if it is marked."""

    path: FilePath
    sha256: Sha256
    installed: Sha256


class Record(msgspec.Struct, frozen=True):
    """What was installed."""

    name: Name
    version: Annotated[int, msgspec.Meta(ge=1)]
    released: str
    files: Annotated[tuple[SlotFile, ...], msgspec.Meta(min_length=1, max_length=MOST_FILES)]


class Slot(NamedTuple):
    """A folder and its record."""

    folder: Path
    record: Record

    def is_intact(self) -> bool:
        """Whether every file is as it was installed."""
        return all(
            digest(read(self.folder / one.path)) == one.installed for one in self.record.files
        )

    def published(self, file: SlotFile, marking: Marking | None) -> bytes:
        """A file as it was before the fingerprint. Raises BadDifference: it is no base."""
        content = read(self.folder / file.path)
        if content is not None and file.installed != file.sha256 and marking is not None:
            try:
                content = marking.by.unmark(content, marking.key)
            except BadModel:
                content = None
        if content is None or digest(content) != file.sha256:
            raise BadDifference(f"{file.path} of version {self.record.version} is not as published")
        return content


def open_slot(folder: Path) -> Slot | None:
    """The slot in a folder; None if there is none, or it was never finished."""
    content = read(folder / RECORD, _MOST_RECORD)
    try:
        return Slot(folder, msgspec.json.decode(content or b"", type=Record))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def read(path: Path, most: int = MOST_FILE) -> bytes | None:
    """A file's content; None if it cannot be read or is longer than any may be."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        return None
    return content if len(content) <= most else None


def digest(content: bytes | None) -> str:
    """SHA-256 in hex; of nothing, nothing."""
    return "" if content is None else sha256(content).hexdigest()
