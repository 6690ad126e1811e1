from __future__ import annotations

import stat
from pathlib import Path

import pytest

from edge.updates.device import read_device
from streams.edge.devices import Enrolled, device_key, enrol, read_register
from streams.edge.errors import BadRepository, Taken

MASTER = bytes(range(32))


def one(name: str = "ward-3", group: str = "trial", since: str = "2026-11-22") -> Enrolled:
    return Enrolled(name, group, "stable", since)


def test_a_device_gets_its_file_and_a_line_in_the_register(tmp_path: Path) -> None:
    register = tmp_path / "devices.json"
    path = enrol(register, one(), b"{}", MASTER, tmp_path / "ward-3")
    device = read_device(path)
    assert (device.name, device.group, device.channel) == ("ward-3", "trial", "stable")
    assert (device.root, device.key) == (b"{}", device_key(MASTER, "ward-3"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_register(register) == [one()]
    # The register can be shown to anybody: no key is in it.
    assert device.key.hex() not in register.read_text()


def test_keys_differ_by_device_and_master() -> None:
    keys = {device_key(m, n) for m in (MASTER, bytes(32)) for n in ("a", "b", "ab")}
    assert len(keys) == 6


def test_enrolled_again_it_keeps_its_key_and_day(tmp_path: Path) -> None:
    register = tmp_path / "devices.json"
    first = read_device(enrol(register, one(), b"1", MASTER, tmp_path / "d"))
    again = read_device(
        enrol(register, one("ward-3", "all", "2027-01-01"), b"2", MASTER, tmp_path / "d")
    )
    assert (again.key, again.group, again.root) == (first.key, "all", b"2")
    assert read_register(register) == [one(group="all")]
    with pytest.raises(Taken, match="another device"):
        enrol(register, one("ward-4"), b"1", MASTER, tmp_path / "d")
    assert len(read_register(register)) == 1


def test_a_broken_register_is_not_written_over(tmp_path: Path) -> None:
    register = tmp_path / "devices.json"
    register.write_text("[")
    with pytest.raises(BadRepository):
        enrol(register, one(), b"1", MASTER, tmp_path / "d")
    assert register.read_text() == "["
