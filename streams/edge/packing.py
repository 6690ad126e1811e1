"""A pack's folder as it may be published."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agents.records.extraction import Extractor
from edge.errors import Unsound
from edge.updates import selftest
from schemas.packages import MOST_FILE, MOST_FILES, FilePath, Name
from streams.edge.errors import Unfit


class _Path(msgspec.Struct):
    path: FilePath


class _Name(msgspec.Struct):
    name: Name


def read_pack(folder: Path) -> dict[str, bytes]:
    """Relative path to content of every file, once the pack is known to work. Raises Unfit."""
    if not folder.is_dir():
        raise Unfit(f"{folder}: no folder")
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Unfit(f"{path}: a pack holds files and folders only")
        if path.is_dir():
            continue
        if not fits(_Path, name):
            raise Unfit(f"{path}: names are lower case, of a-z 0-9 . _ -, at most 4 deep")
        if path.stat().st_size > MOST_FILE or len(found) == MOST_FILES:
            raise Unfit(f"{path}: at most {MOST_FILE >> 20} MiB a file and {MOST_FILES} files")
        found[name] = _read(path)
    try:
        selftest.check(folder, lambda pack: Extractor(pack).read)
    except Unsound as error:
        raise Unfit(f"this pack does not work: {error}") from None
    return found


def check_name(name: str, what: str) -> str:
    """The name of a channel, a group or a device. Raises Unfit."""
    if not fits(_Name, name):
        raise Unfit(f"{what} {name!r}: up to 41 of a-z 0-9 _ -, no sign first")
    return name


def fits(form: type[msgspec.Struct], value: str) -> bool:
    """Whether the one field of a struct may be this."""
    try:
        msgspec.convert({form.__struct_fields__[0]: value}, form)
    except msgspec.ValidationError:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unfit(f"{path}: {error.strerror}") from None
