"""What a release holds: files, the smallest differences, roll-out, what is withdrawn."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.packages import Manifest, Stage, decode_manifest
from streams.edge.errors import Taken, Unfit
from streams.edge.packing import check_name, read_pack
from streams.edge.releases import fetched, reach, rows
from streams.edge.repository import encode
from streams.edge.tree import Tree
from tests.support.publisher import House, from_folder, install, pack, write_pack


def the_way(manifest: Manifest, path: str, *, based: bool) -> str:
    (way,) = {d.algorithm for d in manifest.differences if d.path == path and bool(d.base) == based}
    return way


def test_each_file_comes_whole_and_by_the_smallest_difference(house: House) -> None:
    house.publish(1, pack())
    manifest = house.publish(2, pack(change=1))
    assert [f.path for f in manifest.files] == ["model.onnx", "same.txt", "terms/words.tsv"]
    assert the_way(manifest, "model.onnx", based=True) == "sparse"
    assert the_way(manifest, "model.onnx", based=False) == "full"
    assert not [d for d in manifest.differences if d.path == "same.txt" and d.base]
    least, whole = fetched(manifest, house.repository.release("stable", 1))
    assert least < whole / 5
    assert fetched(manifest, None) == (whole, whole)
    assert fetched(manifest, manifest) == (0, whole)
    assert decode_manifest(encode(manifest)) == manifest


def test_devices_come_from_every_supported_release(house: House) -> None:
    for version in range(1, 5):
        manifest = house.publish(version, pack(change=version), supported=2)
    bases = {d.base for d in manifest.differences if d.path == "model.onnx" and d.base}
    assert len(bases) == 2
    for version in range(1, 5):
        _, files = install(
            from_folder(house.repository.tree), house.first_root, pack(change=version)
        )
        assert files == pack(change=4)
    table = rows(house.repository, "stable", manifest)
    assert {row.versions for row in table if row.path == "model.onnx"} == {(), (2,), (3,)}
    assert all(row.share <= 0.6 for row in table if row.versions)


def test_a_difference_that_saves_little_is_left_out(house: House) -> None:
    chance = random.Random(3)
    house.publish(1, {"model.onnx": chance.randbytes(5000)})
    manifest = house.publish(2, {"model.onnx": chance.randbytes(5000)})
    assert [d.algorithm for d in manifest.differences] == ["full"]


def test_empty_files_and_files_that_come_and_go(house: House) -> None:
    house.publish(1, {"a.txt": b"", "b.txt": b"gone"})
    house.publish(2, {"a.txt": b"now something", "c.txt": b""})
    _, files = install(
        from_folder(house.repository.tree), house.first_root, {"a.txt": b"", "b.txt": b"gone"}
    )
    assert files == {"a.txt": b"now something", "c.txt": b""}


def test_a_version_that_is_out_is_never_changed(house: House) -> None:
    first = house.publish(2, pack())
    assert house.publish(2, pack(), released="2027-01-01") == first
    for version, change in ((2, 1), (1, 0)):
        with pytest.raises(Taken, match="2 is out"):
            house.publish(version, pack(change=change))


def test_the_rollout_only_widens(house: House) -> None:
    house.publish(1, pack(), rollout=(Stage("trial", 50),))
    wide = house.publisher().widen("stable", (Stage("", 10), Stage("trial", 100)))
    assert wide.version == 1
    manifest, _ = install(from_folder(house.repository.tree), house.first_root)
    assert manifest.rollout == (Stage("", 10), Stage("trial", 100))
    with pytest.raises(Unfit, match="trial: 10 % is less than 100 %"):
        house.publisher().widen("stable", (Stage("", 10),))
    with pytest.raises(Unfit, match="nothing is out"):
        house.publisher().widen("beta", (Stage("", 10),))


def test_how_far_a_group_is_reached() -> None:
    stages = (Stage("", 10), Stage("trial", 60))
    assert [reach(stages, group) for group in ("trial", "ward", "")] == [60, 10, 10]
    assert reach((Stage("trial", 60),), "ward") == 0


def test_a_withdrawn_release_gives_way_to_the_content_before_it(house: House) -> None:
    house.publish(1, pack(), least_app="0.1")
    house.publish(2, pack(change=2))
    house.publish(3, pack(change=3))
    manifest = house.publisher().withdraw("stable", 3, "2026-11-23")
    assert (manifest.version, manifest.withdrawn) == (4, (3,))
    _, files = install(from_folder(house.repository.tree), house.first_root, pack(change=3))
    assert files == pack(change=2)
    assert house.publisher().withdraw("stable", 3, "2026-11-24") == manifest
    again = house.publisher().withdraw("stable", 2, "2026-11-24")
    # Release 4 has the content of 2 and is not withdrawn: the newest good one comes again.
    assert (again.version, again.withdrawn) == (5, (2, 3))
    assert house.publish(6, pack(change=6)).withdrawn == (2, 3)


def test_there_must_be_something_to_come_back_to(house: House) -> None:
    house.publish(1, pack())
    with pytest.raises(Unfit, match="no release before"):
        house.publisher().withdraw("stable", 1, "2026-11-23")
    with pytest.raises(Unfit, match="no release 9"):
        house.publisher().withdraw("stable", 9, "2026-11-23")


def test_channels_stand_beside_each_other(house: House) -> None:
    house.publish(1, pack())
    house.publish(7, pack(change=7), channel="beta")
    assert {c: m.version for c, m in house.repository.manifests().items()} == {
        "stable": 1,
        "beta": 7,
    }
    manifest, _ = install(from_folder(house.repository.tree), house.first_root)
    assert manifest.version == 1


def test_the_tree_has_no_file_that_nothing_names(house: House) -> None:
    house.publish(1, pack())
    house.publish(2, pack(change=2))
    house.publish(3, pack(change=3), supported=1)
    paths = Tree(house.repository, datetime.now(UTC)).paths
    assert len(paths) == len(set(paths)) == 4 + 1 + 3 + 2
    assert paths[-1] == "metadata/timestamp.json"


@pytest.mark.parametrize(
    "name", ["README.md", "UPPER/a.txt", ".hidden", "a b.txt", "表.tsv", "x\n"]
)
def test_a_name_that_no_device_takes_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_pack(tmp_path / "pack")
    (folder / name).parent.mkdir(exist_ok=True, parents=True)
    (folder / name).write_bytes(b"")
    with pytest.raises(Unfit, match="names are lower case"):
        read_pack(folder)


def test_a_pack_that_does_not_work_is_refused(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    assert set(pack()) < set(read_pack(folder))
    (folder / "link.txt").symlink_to("/etc/hostname")
    with pytest.raises(Unfit, match="files and folders only"):
        read_pack(folder)
    (folder / "link.txt").unlink()
    with (folder / "large.bin").open("wb") as file:
        file.truncate((16 << 20) + 1)
    with pytest.raises(Unfit, match="at most 16 MiB"):
        read_pack(folder)
    (folder / "large.bin").unlink()
    (folder / "pack.toml").write_text("version = 1")
    with pytest.raises(Unfit, match="does not work"):
        read_pack(folder)
    with pytest.raises(Unfit, match="no folder"):
        read_pack(tmp_path / "none")


@pytest.mark.parametrize("name", ["", "Ward", "a/b", "..", "a" * 42, "a\n"])
def test_a_name_of_a_channel_is_checked(name: str) -> None:
    with pytest.raises(Unfit):
        check_name(name, "channel")
