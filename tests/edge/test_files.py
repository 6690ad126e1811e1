"""Files of the device, and where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import Busy, CannotWrite
from edge.files import FileLock, make_folder, remove, save
from edge.settings import Home


def test_a_file_is_there_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    path = tmp_path / "a" / "b" / "file"
    save(path, [b"one", b"two"])
    assert path.read_bytes() == b"onetwo"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700

    def broken() -> list[bytes]:
        raise RuntimeError("half")

    with pytest.raises(RuntimeError, match="half"):
        save(path, (part for _ in range(1) for part in broken()))
    assert path.read_bytes() == b"onetwo"
    remove(path)
    remove(path)
    assert not path.exists()


def test_what_lies_in_its_way_is_not_written_to(tmp_path: Path) -> None:
    """On a stick or in a folder of many, where somebody waits for a file to be written."""
    path, victim = tmp_path / "file", tmp_path / "victim"
    victim.write_bytes(b"theirs")
    aside = tmp_path / ".file.new"
    aside.symlink_to(victim)
    save(path, [b"ours"])
    assert (path.read_bytes(), victim.read_bytes()) == (b"ours", b"theirs")
    assert not path.is_symlink()
    aside.write_bytes(b"left")
    aside.chmod(0o666)
    save(path, [b"again"])
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"again", 0o600)


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for attempt in (
        lambda: save(tmp_path / "no" / "file", [b""]),
        lambda: make_folder(tmp_path / "file" / "folder"),
        lambda: FileLock(tmp_path / "no" / "lock", "busy"),
    ):
        with pytest.raises(CannotWrite):
            attempt()


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    first = FileLock(tmp_path / "lock", "busy")
    with pytest.raises(Busy, match=r"busy \(process \d+\)"):
        FileLock(tmp_path / "lock", "busy")
    first.release()
    first.release()
    FileLock(tmp_path / "lock", "busy").release()


def test_the_folder_is_the_one_given_or_of_the_environment(tmp_path: Path) -> None:
    named = {"GROUNDSWELL_EDGE_HOME": str(tmp_path)}
    assert Home.of(named).vault == tmp_path / "vault.db"
    assert Home.of(named, tmp_path / "x").keys == tmp_path / "x" / "keys.json"
    assert Home.of({}).folder == Path.home() / ".groundswell" / "edge"
