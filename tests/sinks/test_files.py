"""What is left of a file when its writer fails, and who may hold a lock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sinks.files import locked, save


def test_a_file_is_whole_or_as_before(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    path = tmp_path / "read-00000"
    with pytest.raises(OSError, match="No space"):
        save(path, broken())
    assert not path.exists()
    save(path, [b"a", b"b"])
    with pytest.raises(OSError, match="No space"):
        save(path, broken())
    assert path.read_bytes() == b"ab"


def test_a_secret_is_never_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "seed"

    def watched() -> Iterator[bytes]:
        yield b"s"
        (aside,) = tmp_path.iterdir()
        assert aside.stat().st_mode & 0o077 == 0

    save(path, watched(), mode=0o600)
    assert path.stat().st_mode & 0o077 == 0


def test_readers_share_a_lock_and_a_writer_does_not(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with locked(lock, shared=True), locked(lock, shared=True), pytest.raises(BlockingIOError):
        locked(lock)
    with locked(lock), pytest.raises(BlockingIOError):
        locked(lock, shared=True)
    locked(lock).close()
