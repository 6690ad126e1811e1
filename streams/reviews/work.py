"""The files of a night that is under way, so that one that was killed goes on where it stopped."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

import msgspec

from sinks.files import locked, save
from streams.reviews.errors import NightBusy

T = TypeVar("T", bound=msgspec.Struct)


class WorkFolder:
    """`OUT/.nights/DATE`: each file is whole or not there. It holds texts as they came.

    `version`: of everything that decides, and of what is read; what another version has left
    behind is not used.
    Use it with `with`: one night at a time in an OUT. Raises NightBusy.
    """

    def __init__(self, out: Path, date: str, version: str) -> None:
        self._nights = out / ".nights"
        self.folder = self._nights / date
        self._mark = self.folder / "version"
        self._version = version
        self._lock: TextIO | None = None

    def __enter__(self) -> "WorkFolder":
        # Reviews as they came are nobody else's business.
        self._nights.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock = locked(self._nights / ".lock")
        except BlockingIOError:
            raise NightBusy(
                f"another night runs in {self._nights.parent}: wait for it, or name another out"
            ) from None
        if self.folder.exists() and (
            not self._mark.exists() or self._mark.read_text() != self._version
        ):
            self.clear()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._mark.write_text(self._version)
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def clear(self) -> None:
        """Nothing is left of the night here."""
        # First, so that nobody goes on with the half of it that a kill leaves.
        self._mark.unlink(missing_ok=True)
        shutil.rmtree(self.folder)

    def path(self, name: str) -> Path:
        """Where a file is, or will be."""
        return self.folder / name

    def has(self, *names: str) -> bool:
        """Whether all of these files are there."""
        return all(self.path(name).exists() for name in names)

    def save(self, name: str, content: Iterable[bytes]) -> None:
        """Write a file, at once or not at all."""
        save(self.path(name), content)


def lines(structs: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    """One line of JSON each."""
    encode = msgspec.json.Encoder().encode
    return (encode(struct) + b"\n" for struct in structs)


def read(path: Path, of: type[T]) -> list[T]:
    """The lines of a file of ours."""
    decoder: Any = msgspec.json.Decoder(of)
    found: list[T] = decoder.decode_lines(path.read_bytes())
    return found
