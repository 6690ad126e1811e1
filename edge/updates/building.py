"""A new version beside the one that runs: every file made, verified, marked and on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from agents.models.errors import BadModel
from edge.errors import BadDifference, CannotWrite, Unsound, Untrusted
from edge.files import make_durable, make_folder
from edge.updates.deciding import Choice
from edge.updates.deltas import apply
from edge.updates.slot import MODEL, RECORD, Marking, Record, Slot, SlotFile, digest, read
from edge.updates.slots import NEW, Slots
from schemas.packages import MOST_FILE, Difference, Manifest, PackFile

Bases = Mapping[str, Callable[[], bytes]]
"""SHA-256 of every file that the device has, and how it is come by."""
Fetch = Callable[[Difference], bytes]


def bases(slots: Slots, marking: Marking | None) -> Bases:
    """Files of all versions that are here, as they were published."""
    found: dict[str, Callable[[], bytes]] = {}
    for slot in slots.installed():
        for file in slot.record.files:
            found.setdefault(file.sha256, _of(slot, file, marking))
    for path in sorted(slots.bundled.rglob("*")):
        content = read(path) if path.is_file() else None
        if content is not None:
            found.setdefault(digest(content), path.read_bytes)
    return found


def _of(slot: Slot, file: SlotFile, marking: Marking | None) -> Callable[[], bytes]:
    return lambda: slot.published(file, marking)


def make(choice: Choice, here: Bases, fetch: Fetch) -> bytes:
    """A file as published. Raises Untrusted if nothing makes it, and whatever `fetch` does."""
    file = choice.file
    if choice.at_hand:
        try:
            return _verified(file, here[file.sha256]())
        except (BadDifference, OSError):
            if not choice.differences:
                raise Untrusted(f"{file.path}: damaged here, and nothing makes it anew") from None
    for one in choice.differences:
        try:
            base = here[one.base]() if one.base else b""
            return _verified(file, apply(one.algorithm, base, fetch(one), one.length))
        except (BadDifference, OSError) as error:
            # The next one is larger; the whole file is the last.
            told = str(error)
    raise Untrusted(f"{file.path}: {told}: nothing was changed")


def _verified(file: PackFile, content: bytes) -> bytes:
    if len(content) != file.length or digest(content) != file.sha256:
        raise BadDifference("what it makes is not what was signed")
    return content


def build(
    slots: Slots,
    manifest: Manifest,
    files: Iterable[tuple[PackFile, bytes]],
    marking: Marking | None,
) -> Path:
    """A folder that holds the whole version, durable. Raises CannotWrite, Unsound."""
    folder = slots.folder / f"{manifest.version}{NEW}"
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    try:
        _fill(folder, manifest, files, marking)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotWrite(f"{folder}: {error.strerror}") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _fill(
    folder: Path,
    manifest: Manifest,
    files: Iterable[tuple[PackFile, bytes]],
    marking: Marking | None,
) -> None:
    installed = []
    for file, content in files:
        marked = _mark(file, content, marking)
        _write(folder, file.path, marked)
        installed.append(SlotFile(file.path, file.sha256, digest(marked)))
    record = Record(manifest.name, manifest.version, manifest.released, tuple(installed))
    _write(folder, RECORD, msgspec.json.encode(record))
    for inner in sorted(folder.rglob("*"), reverse=True):
        if inner.is_dir():
            make_durable(inner)
    make_durable(folder)


def _mark(file: PackFile, content: bytes, marking: Marking | None) -> bytes:
    if marking is None or not file.path.endswith(MODEL):
        return content
    try:
        marked = marking.by.mark(content, marking.key)
        comes_off = marking.by.unmark(marked, marking.key) == content
    except BadModel as error:
        raise Unsound(f"{file.path}: {error}") from None
    if len(marked) > MOST_FILE or not comes_off:
        raise Unsound(f"{file.path}: the fingerprint would not come off again")
    return marked


def _write(folder: Path, path: str, content: bytes) -> None:
    target = folder / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(content)
    target.chmod(0o600)
    make_durable(target)
