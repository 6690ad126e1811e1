from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sinks.cluster import Secret
from streams.edge.errors import NoKeys, Taken, Unfit, WrongPassphrase
from streams.edge.keys import MASTER, Cost, KeyFolder, open_key
from tests.support.publisher import CHEAP, WORD, House


def test_a_key_opens_by_its_passphrase_alone(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys", CHEAP)
    made = folder.make("targets", Secret(WORD))
    path = folder.path("targets-1")
    opened = open_key(path, [Secret("something else"), Secret(WORD)])
    assert opened is not None
    assert opened.public_key == made.public_key == folder.records()[0].key
    assert open_key(path, [Secret("something else"), Secret("")]) is None
    assert open_key(path, []) is None


def test_a_keys_file_shows_nothing_and_is_its_owners(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys", CHEAP)
    made = folder.make("root", Secret(WORD))
    path = folder.path("root-1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    text = path.read_text()
    assert "ENCRYPTED PRIVATE KEY" in text
    assert made.private_bytes.splitlines()[1] not in text.encode()
    pem = text.partition("\n")[2].encode()
    # The passphrase itself is not the PEM's password: it is stretched first.
    with pytest.raises(ValueError, match=r"password|deserialize"):
        load_pem_private_key(pem, WORD.encode())


def test_a_guess_costs_what_argon2_is_told() -> None:
    assert Cost() == (65536, 3)


@pytest.mark.parametrize("word", ["", "short", "elevensigns"])
def test_a_short_passphrase_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(Unfit, match="12 characters"):
        KeyFolder(tmp_path, CHEAP).make("root", Secret(word))


def test_a_key_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match="keys init"):
        KeyFolder(tmp_path / "none").records()
    strange = tmp_path / "strange.pem"
    strange.write_text("-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(NoKeys, match="no key of groundswell"):
        open_key(strange, [Secret(WORD)])
    with pytest.raises(NoKeys, match="No such file"):
        open_key(tmp_path / "gone.pem", [Secret(WORD)])


def test_the_devices_master_key_is_made_once(house: House) -> None:
    master = house.keys.master(lambda _: [Secret(WORD)])
    assert len(master) == 32
    with pytest.raises(Taken):
        house.keys.make(MASTER, Secret(WORD))
    with pytest.raises(WrongPassphrase):
        house.keys.master(lambda _: [Secret("something else")])


def test_only_keys_that_are_here_sign(house: House) -> None:
    house.carry_away("targets-1", "targets-3")
    assert house.keys.here("targets") == ["targets-2"]
    asked: list[str] = []

    def ask(name: str) -> list[Secret]:
        asked.append(name)
        return [Secret(WORD)]

    assert len(house.keys.signers(["targets", "snapshot"], ask)) == 2
    assert asked == ["targets-2", "snapshot-1"]


def test_no_word_of_a_secret_in_the_register(house: House) -> None:
    assert not re.search(WORD, (house.keys.folder / "keys.json").read_text())
