"""What somebody on the way may try with packs, each on a device of its own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest
from backports.zstd import compress

from edge.errors import Unreachable, Untrusted
from edge.updates.folder import Folder
from edge.updates.slots import Slots
from schemas.packages import MOST_FILE, Difference, Manifest, target_of_difference
from tests.support.attacks import TIMESTAMP, Fake, endless, refused
from tests.support.packages import (
    CHANNEL,
    Bench,
    digest,
    pack,
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.repository.add(2, pack(2))
    return bench


def test_a_tampered_manifest(bench: Bench) -> None:
    key = bench.repository.key_of(f"{CHANNEL}/manifest.json")
    bench.repository.files[key] = bench.repository.files[key].replace(
        b'"version":2', b'"version":9'
    )
    refused(bench, Untrusted, "not what was signed")


def test_a_tampered_difference(bench: Bench) -> None:
    for key, value in bench.repository.files.items():
        if key.startswith("targets/differences/"):
            bench.repository.files[key] = value[:-1] + bytes([value[-1] ^ 1])
    refused(bench, Untrusted, "not what was signed")
    # Nothing of it is kept for the next time.
    parts = [one.name for one in (bench.home.updates / "parts").iterdir()]
    assert len(parts) == 1


def test_a_tampered_result(bench: Bench) -> None:
    def change(manifest: Manifest) -> Manifest:
        # Signed in full, but what comes out is another file than the manifest says.
        false = digest(b"another")
        files = tuple(
            msgspec.structs.replace(one, sha256=false) if one.path == "notes.txt" else one
            for one in manifest.files
        )
        differences = tuple(
            msgspec.structs.replace(one, sha256=false) if one.path == "notes.txt" else one
            for one in manifest.differences
        )
        return msgspec.structs.replace(manifest, files=files, differences=differences)

    bench.repository.add(3, pack(3), change=change)
    refused(bench, Untrusted, "is not what was signed")


def test_endless_targets(bench: Bench) -> None:
    for name in ("manifest", "differences"):
        wire = Fake(bench.repository.files, **{name: endless})
        refused(bench, Untrusted, "longer than was signed", wire)
        assert wire.given < 1 << 18


def test_unknown_fields_of_a_manifest_are_for_later_versions(bench: Bench) -> None:
    made = bench.repository.add(3, pack(3))
    bench.repository.offer(msgspec.json.encode(made)[:-1] + b',"of_tomorrow":{"a":[1]}}')
    assert bench.update().after == 3


def test_downgrade_by_the_manifest(bench: Bench) -> None:
    bench.repository.add(3, pack(3))
    bench.update()
    # Signed by those who may, and newer by TUF's own count.
    bench.repository.add(2, pack(2) | {"notes.txt": b"an old hole"})
    refused(bench, Untrusted, "offers version 2 after 3")


def test_downgrade_after_going_back(bench: Bench) -> None:
    bench.repository.add(5, pack(5))
    bench.update()
    slots = Slots(bench.home.packs, bench.bundled)
    slots.fail(slots.start(), "it does not start")
    bench.repository.add(4, pack(4))
    refused(bench, Untrusted, "offers version 4 after 5")


def test_downgrade_by_a_difference(bench: Bench) -> None:
    old = pack(1)["notes.txt"]
    new = pack(3)

    def change(manifest: Manifest) -> Manifest:
        # To the file of version 1, under the name and digest of the new one.
        back = bench.repository.difference("notes.txt", "full", b"", old)
        wanted = next(one for one in manifest.files if one.path == "notes.txt")
        back = msgspec.structs.replace(back, sha256=wanted.sha256, length=wanted.length)
        others = tuple(one for one in manifest.differences if one.path != "notes.txt")
        return msgspec.structs.replace(manifest, differences=(*others, back))

    bench.repository.add(3, new, change=change)
    refused(bench, Untrusted, r"notes\.txt")


@pytest.mark.parametrize(
    "path",
    ["../out.txt", "/etc/out", "a/../../out", "a//b", "A", ".slot.json", "a/.b", "a\\b", "a\u0000b",
     "a" * 80, "a/b/c/d/e", "con\n", "", "."],
)  # fmt: skip
def test_path_tricks_in_the_manifest(bench: Bench, path: str) -> None:
    made = bench.repository.add(3, pack(3))
    said = json.loads(msgspec.json.encode(made))
    said["files"][0]["path"] = path
    for one in said["differences"]:
        if one["sha256"] == said["files"][0]["sha256"]:
            one["path"] = path
    bench.repository.offer(json.dumps(said).encode())
    refused(bench, Untrusted, "manifest")


def test_two_files_in_one_place(bench: Bench) -> None:
    made = bench.repository.add(3, pack(3))
    bench.repository.offer(
        msgspec.json.encode(msgspec.structs.replace(made, files=made.files + made.files[:1]))
    )
    refused(bench, Untrusted, "two files in one place")
    bench.repository.add(4, {**pack(4), "models": b"a file where a folder is"})
    refused(bench, Untrusted, "two files in one place")


@pytest.mark.parametrize(
    "key",
    ["metadata/../../x", "targets/a/../b", "/etc/passwd", "x", "targets//a", "metadata/.x",
     "targets/%2e%2e\n", "metadata/a\u0000"],
)  # fmt: skip
def test_no_source_reads_a_name_that_leads_elsewhere(bench: Bench, key: str) -> None:
    folder = Folder(bench.repository.write(bench.stick))
    with pytest.raises(Unreachable, match="no name"):
        next(folder.read(key))


def test_decompression_bombs(bench: Bench) -> None:
    bomb = compress(b"\0" * (200 << 20))
    assert len(bomb) < 20_000
    made = Difference("notes.txt", "full", "", digest(b"x"), 100, digest(bomb), len(bomb))
    bench.repository.target(target_of_difference(made), bomb)

    def change(manifest: Manifest) -> Manifest:
        files = tuple(
            msgspec.structs.replace(one, sha256=made.sha256, length=made.length)
            if one.path == "notes.txt" else one
            for one in manifest.files
        )  # fmt: skip
        others = tuple(one for one in manifest.differences if one.path != "notes.txt")
        return msgspec.structs.replace(manifest, files=files, differences=(*others, made))

    bench.repository.add(3, pack(3), change=change)
    refused(bench, Untrusted, r"notes\.txt")


def test_a_pack_larger_than_any_may_be(bench: Bench) -> None:
    made = bench.repository.add(3, pack(3))
    files = tuple(
        msgspec.structs.replace(made.files[0], path=f"f{n}", length=MOST_FILE) for n in range(5)
    )
    bench.repository.offer(msgspec.json.encode(msgspec.structs.replace(made, files=files)))
    refused(bench, Untrusted, "MiB")
    huge = json.loads(msgspec.json.encode(made))
    huge["files"][0]["length"] = MOST_FILE + 1
    bench.repository.offer(json.dumps(huge).encode())
    refused(bench, Untrusted, "manifest")


def test_links_on_the_stick(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"of the host")
    bench.repository.write(bench.stick)
    stamp = bench.stick / TIMESTAMP
    stamp.unlink()
    stamp.symlink_to(secret)
    refused(bench, Unreachable, "timestamp", Folder(bench.stick))
    stamp.unlink()
    # Also where it leads to what is right.
    elsewhere = tmp_path / "elsewhere"
    bench.repository.write(elsewhere)
    (bench.stick / "metadata").rename(tmp_path / "away")
    (bench.stick / "metadata").symlink_to(elsewhere / "metadata")
    refused(bench, Unreachable, "metadata", Folder(bench.stick))


def test_a_pipe_on_the_stick_does_not_hang_it(bench: Bench) -> None:
    bench.repository.write(bench.stick)
    (bench.stick / TIMESTAMP).unlink()
    os.mkfifo(bench.stick / TIMESTAMP)
    refused(bench, Unreachable, "no file", Folder(bench.stick))


def test_an_empty_stick(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="holds no packages"):
        Folder(tmp_path / "nothing")
    (tmp_path / "half" / "metadata").mkdir(parents=True)
    refused(bench, Unreachable, "timestamp", Folder(tmp_path / "half"))
