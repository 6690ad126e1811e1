"""`groundswell edge keys|publish|rollout|refresh|status` as a publisher types them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result

from edge.updates.device import read_device
from tests.streams.cli.running import fail, run
from tests.support.publisher import WORD, House, from_folder, install, pack, write_pack


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return House.build(tmp_path_factory.mktemp("house")).folder


class Desk:
    """A publisher at a terminal, whose keys are quick to open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.house = House(folder / "house")
        self.stick = folder / "stick"
        self.word = folder / "word"
        self.word.write_text(WORD + "\n")

    def line(self, *words: str) -> list[str]:
        repository, keys = str(self.house.repository.folder), str(self.house.keys.folder)
        line = ["edge", *words, "--keys", keys, "--passphrase-file", str(self.word)]
        return line if words[:2] == ("keys", "sign") else [*line, "--repository", repository]

    def run(self, *words: str) -> Result:
        return run(*self.line(*words))

    def to_stick(self, *words: str) -> Result:
        return self.run(*words, "--folder", str(self.stick))


@pytest.fixture
def desk(_built: Path, tmp_path: Path) -> Desk:
    shutil.copytree(_built, tmp_path / "house")
    return Desk(tmp_path)


def test_from_a_pack_to_a_stick_and_back_again(desk: Desk) -> None:
    one = write_pack(desk.folder / "one")
    two = write_pack(desk.folder / "two", change=2)
    done = desk.to_stick("publish", str(one), "--version", "1")
    assert done.exit_code == 0, done.output
    assert "stable 1 of" in done.stdout
    done = desk.to_stick("publish", str(two), "--version", "2", "--rollout", "trial=100",
                         "--rollout", "10", "--notes", "better")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "trial: 100 %, others: 10 %" in done.stdout
    assert "sparse" in done.stdout
    assert "from 1:" in done.stdout
    manifest, files = install(from_folder(desk.stick), desk.house.first_root, pack())
    assert (manifest.version, manifest.notes) == (2, "better")
    assert pack(change=2).items() <= files.items()
    done = desk.to_stick("rollout", "trial=100", "50")
    assert "stable 2: trial: 100 %, others: 50 %" in done.stdout
    done = desk.to_stick("publish", "--withdraw", "2")
    assert "stable 3 of" in done.stdout
    assert "2 withdrawn" in done.stdout
    again = desk.to_stick("publish", "--withdraw", "2")
    assert again.stdout.endswith("0 files written, 0 removed\n")
    _, files = install(from_folder(desk.stick), desk.house.first_root)
    assert pack().items() <= files.items()


def test_status_and_refresh_say_what_expires(desk: Desk) -> None:
    pack_folder = write_pack(desk.folder / "one")
    desk.to_stick("publish", str(pack_folder), "--version", "1", "--expires", "10")
    place = ["--repository", str(desk.house.repository.folder), "--folder", str(desk.stick)]
    said = run("edge", "status", *place).stdout
    assert "targets 1: until" in said
    assert "9 days left" in said
    assert said.endswith(f"{desk.stick}: as here\n")
    done = desk.to_stick("refresh", "--days", "60", "--role", "targets")
    assert "targets 2: until" in done.stdout
    assert "59 days left" in done.stdout
    (desk.stick / "metadata" / "timestamp.json").unlink()
    assert run("edge", "status", *place).stdout.endswith("1 files differ\n")


def test_a_second_holder_signs_on_another_machine(desk: Desk) -> None:
    desk.house.carry_away("targets-2", "targets-3")
    folder = write_pack(desk.folder / "one")
    done = desk.to_stick("publish", str(folder), "--version", "1")
    assert done.exit_code == 3
    waiting = desk.house.repository.waiting("targets")
    assert f"groundswell edge keys sign {waiting}" in done.stderr
    assert not desk.stick.exists()
    key = desk.house.folder / "away" / "targets-3.pem"
    signed = desk.run("keys", "sign", str(waiting), "--key", str(key), "--yes")
    assert signed.exit_code == 0, signed.output
    assert "stable/manifest.json: SHA-256" in signed.stderr
    assert "1 signatures added, 2 now" in signed.stdout
    done = desk.to_stick("publish", str(folder), "--version", "1")
    assert done.exit_code == 0, done.output
    install(from_folder(desk.stick), desk.house.first_root)


def test_what_waits_for_others_does_not_hold_up_the_daily_refresh(desk: Desk) -> None:
    desk.to_stick("publish", str(write_pack(desk.folder / "one")), "--version", "1")
    desk.house.carry_away("root-1", "root-2", "root-3", "targets-2", "targets-3")
    two = write_pack(desk.folder / "two", change=2)
    assert desk.to_stick("publish", str(two), "--version", "2").exit_code == 3
    before = desk.house.repository.timestamp()
    done = desk.to_stick("refresh")
    assert (done.exit_code, "targets 2 waits for 1 more" in done.stderr) == (3, True)
    after = desk.house.repository.timestamp()
    assert before is not None
    assert after is not None
    assert after.signed.version > before.signed.version
    manifest, _ = install(from_folder(desk.stick), desk.house.first_root)
    assert manifest.version == 1


def test_keys_are_shown_rotated_and_a_device_enrolled(desk: Desk) -> None:
    shown = desk.run("keys", "show").stdout
    assert "targets: 2 of 3" in shown
    done = desk.run("keys", "rotate", "timestamp-1")
    assert done.exit_code == 0, done.output
    shown = desk.run("keys", "show").stdout
    assert "root 2" not in shown
    assert "timestamp-2" in shown
    assert "replaced, here" in shown
    out = desk.folder / "ward-3"
    done = desk.run("keys", "device", "ward-3", "--group", "trial", "--out", str(out))
    assert done.exit_code == 0, done.output
    device = read_device(out / "device.json")
    assert (device.name, device.group, device.channel) == ("ward-3", "trial", "stable")
    assert b'"version": 2' in device.root or b'"version":2' in device.root
    assert "ward-3  group trial" in desk.run("keys", "show").stdout
    assert device.key.hex() not in done.output


@pytest.mark.slow
def test_keys_begin(tmp_path: Path) -> None:
    word = tmp_path / "word"
    word.write_text(WORD)
    place = ["--keys", str(tmp_path / "keys"), "--repository", str(tmp_path / "r")]
    line = ["edge", "keys", "init", "--root", "1/1", "--targets", "1/2", *place]
    line += ["--passphrase-file", str(word)]
    done = run(*line)
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (tmp_path / "keys").glob("*.pem")) == [
        "devices.pem", "root-1.pem", "snapshot-1.pem", "targets-1.pem", "targets-2.pem",
        "timestamp-1.pem",
    ]  # fmt: skip
    assert "has its keys already" in fail(*line)


def test_what_cannot_be_is_said_in_one_line(desk: Desk, tmp_path: Path) -> None:
    folder = str(write_pack(desk.folder / "one"))
    stick = ["--folder", str(desk.stick)]
    assert "channel" in fail(*desk.line("publish", folder, "--version", "1", "--channel", "A"))
    assert "no folder" in fail(*desk.line("publish", "/none", "--version", "1", *stick))
    assert "has no key x-1" in fail(*desk.line("keys", "rotate", "x-1"))
    assert "nothing is out" in fail(*desk.line("rollout", "5", *stick))
    empty = ["--keys", str(tmp_path / "none"), "--repository", str(tmp_path / "r")]
    assert "keys init" in fail("edge", "publish", folder, "--version", "1", *empty, *stick)
    assert "keys init" in fail("edge", "status", *empty[2:])
    desk.word.write_text("not the passphrase\n")
    line = desk.line("publish", folder, "--version", "1", *stick)
    assert "no passphrase opens any key" in fail(*line)


@pytest.mark.parametrize(
    "words",
    [
        ["publish"],
        ["publish", "x"],
        ["publish", "x", "--version", "0"],
        ["publish", "x", "--withdraw", "1"],
        ["rollout", "101"],
        ["rollout", "5", "6"],
        ["rollout", "A=5"],
        ["keys", "init", "--root", "3/2"],
    ],
)
def test_what_is_typed_wrong_is_said(desk: Desk, words: list[str]) -> None:
    assert desk.run(*words).exit_code == 2


@pytest.mark.broker
def test_a_release_reaches_the_topic(desk: Desk, bootstrap: str, prefix: str) -> None:
    from sinks.cluster import Cluster
    from streams.admin import TopicAdmin

    folder = write_pack(desk.folder / "one")
    TopicAdmin(Cluster(bootstrap), prefix).create()
    there = ["--bootstrap", bootstrap, "--prefix", prefix]
    try:
        done = desk.run("publish", str(folder), "--version", "1", *there)
        assert done.exit_code == 0, done.output
        assert f"topic {prefix}edge.packages: " in done.stdout
        place = ["--repository", str(desk.house.repository.folder)]
        assert run("edge", "status", *place, *there).stdout.endswith(": as here\n")
    finally:
        TopicAdmin(Cluster(bootstrap), prefix).delete()
