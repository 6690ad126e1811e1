"""The tree as a folder: for a stick, a mirror, and after a kill anywhere on the way."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.edge.errors import BadRepository, Taken
from streams.edge.mirror import MARK, ahead, publish
from streams.edge.tree import Tree
from tests.support.publisher import House, from_folder, install, pack


def tree(house: House) -> Tree:
    return Tree(house.repository, datetime.now(UTC))


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_a_stick_has_what_a_client_asks_for_and_nothing_else(house: House, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    house.publish(1, pack())
    assert ahead(tree(house), stick) == len(tree(house).paths)
    written, removed = publish(tree(house), stick)
    assert (written, removed) == (len(tree(house).paths), 0)
    assert publish(tree(house), stick) == (0, 0)
    house.publish(2, pack(change=2))
    assert ahead(tree(house), stick) > 0
    publish(tree(house), stick)
    assert ahead(tree(house), stick) == 0
    assert files(stick).keys() == {*tree(house).paths, MARK}
    _, got = install(from_folder(stick), house.first_root, pack())
    assert got == pack(change=2)


def test_a_folder_with_something_else_is_left_alone(house: House, tmp_path: Path) -> None:
    house.publish(1, pack())
    other = tmp_path / "other"
    (other / "targets").mkdir(parents=True)
    (other / "targets" / "thesis.txt").write_text("mine")
    with pytest.raises(Taken, match="something else"):
        publish(tree(house), other)
    assert files(other) == {"targets/thesis.txt": b"mine"}
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "metadata").symlink_to(tmp_path)
    with pytest.raises(Taken):
        publish(tree(house), linked)


def test_another_publishers_folder_is_left_alone(house: House, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    house.publish(1, pack())
    publish(tree(house), stick)
    before = files(stick)
    other = House.build(tmp_path / "other")
    other.publish(1, pack())
    with pytest.raises(Taken, match="another publisher"):
        publish(tree(other), stick)
    assert files(stick) == before


def test_an_old_copy_of_the_repository_publishes_nothing(house: House, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    house.publish(1, pack())
    shutil.copytree(house.folder, tmp_path / "copy")
    house.publish(2, pack(change=2))
    publish(tree(house), stick)
    with pytest.raises(BadRepository, match="old copy"):
        publish(tree(House(tmp_path / "copy")), stick)


def test_what_was_tampered_with_is_mended(house: House, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    house.publish(1, pack())
    publish(tree(house), stick)
    whole = files(stick)
    some = sorted((stick / "targets" / "differences").iterdir())
    some[0].write_bytes(b"tampered")
    some[1].unlink()
    some[1].symlink_to(some[2])
    (stick / "metadata" / "timestamp.json").write_bytes(b"{")
    (stick / "metadata" / "99.targets.json").write_bytes(b"{}")
    assert publish(tree(house), stick) == (3, 1)
    assert files(stick) == whole
    assert not some[1].is_symlink()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from streams.edge.mirror import publish
from streams.edge.tree import Tree
from tests.support.publisher import House, pack

left = int(sys.argv[3])
def dying(real):
    def step(*given, **more):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **more)
    return step
# Everything durable goes through one of these; the end is half a step before it.
os.replace, os.unlink = dying(os.replace), dying(os.unlink)
house = House(Path(sys.argv[1]))
with house.repository.alone():
    house.publish(2, pack(change=2))
    publish(Tree(house.repository, datetime.now(UTC)), Path(sys.argv[2]))
"""


@pytest.mark.slow
def test_killed_anywhere_the_same_again_finishes_it(house: House, tmp_path: Path) -> None:
    house.publish(1, pack())
    publish(tree(house), tmp_path / "stick")
    killed = 0
    for point in itertools.count(1, 2):
        work, stick = tmp_path / f"work{point}", tmp_path / f"stick{point}"
        shutil.copytree(house.folder, work)
        shutil.copytree(tmp_path / "stick", stick)
        command = [sys.executable, "-c", KILLED, str(work), str(stick), str(point)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        # Whoever comes now gets one release or the other.
        _, seen = install(from_folder(stick), house.first_root, pack())
        assert seen in (pack(), pack(change=2))
        if done.returncode == 0:
            break
        killed += 1
        again = House(work)
        manifest = again.publish(2, pack(change=2), released="2027-05-05")
        publish(Tree(again.repository, datetime.now(UTC)), stick)
        assert manifest.version == 2
        _, got = install(from_folder(stick), house.first_root, pack())
        assert got == pack(change=2)
        assert files(stick).keys() == {*Tree(again.repository, datetime.now(UTC)).paths, MARK}
        targets = again.repository.targets()
        assert targets is not None
        # Signed once: a kill costs no version that only grows.
        assert targets.signed.version == 2
    assert killed > 10


def test_metadata_that_expires_later_is_held_to_that(house: House) -> None:
    house.publish(1, pack())
    with pytest.raises(Exception, match="expired"):
        Tree(house.repository, datetime.now(UTC) + timedelta(days=400))
