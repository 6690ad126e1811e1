"""One file, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import Busy, CannotWrite, Damaged, TooNew, Unfit, Wait, WrongPassphrase
from edge.settings import Home
from edge.vault import Vault, restore
from edge.vault.tables import MIGRATIONS
from tests.support.edge import CHEAP, PASSPHRASE, TEXT, Clock, document, found, make_vault

NEW = "a later phrase"
DEEP = b'{"x": ' + b"[" * 9_000 + b"]" * 9_000 + b"}"
"""Of a header: more than a decoder goes into."""


def test_it_opens_with_the_passphrase_of_then(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        home = vault.home
        patient = vault.patients.add("张三").id
        added = vault.documents.add(document(patient), [found()], b"file" * 100_000).id
        assert vault.backup(file) == file.stat().st_size
        assert file.stat().st_mode & 0o77 == 0
        vault.change_passphrase(PASSPHRASE, NEW, cost=CHEAP)
        vault.patients.delete(patient)
    with pytest.raises(WrongPassphrase):
        restore(home, file, NEW, clock.host)
    clock.wait(2000)
    assert restore(home, file, PASSPHRASE, clock.host) == "doctor"
    with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
        assert vault.documents.get(added).text == TEXT
        assert vault.documents.original(added) == b"file" * 100_000
        assert [hit.document for hit in vault.search("尿")] == [added]
        told = [one.action for one in vault.audit.list()]
        assert told[-6:-1] == ["backed up", "restored", "unlocked", "read", "read"]
        assert vault.audit.verify().fault is None
    with pytest.raises(WrongPassphrase):
        Vault.open(home, "", NEW, clock.host)


def test_a_new_device_takes_it(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        vault.patients.add("张三")
        vault.backup(file)
    home = Home(tmp_path / "other" / "edge")
    restore(home, file, PASSPHRASE, clock.host)
    with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
        assert [one.name for one in vault.patients.list()] == ["张三"]
    assert sorted(path.name for path in home.folder.iterdir()) == [
        "audit.json", "keys.json", "vault.db", "vault.lock"
    ]  # fmt: skip


def test_a_spoilt_backup_replaces_nothing(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        vault.patients.add("张三")
        vault.backup(file)
        patient = vault.patients.add("李四").id
        # Pages of the same vault, with their own proofs, but of another day.
        vault.backup(tmp_path / "later")
    good, later = file.read_bytes(), (tmp_path / "later").read_bytes()
    assert len(good) == len(later)
    start = (len(good) - 32) % 4096
    both = [(n, n + 4096) for n in range(start, len(good) - 32, 4096)]
    pages = [(a, b) for a, b in both if good[a:b] != later[a:b]]
    wrong = {
        "cut": good[:-1],
        "longer": good + b"x",
        "empty": b"",
        "other": b"%PDF-1.7" + bytes(5000),
        "header": good[:26] + b"\xff" * 8 + good[34:],
        "nested": good[:26] + len(DEEP).to_bytes(8, "big") + DEEP,
        "count": good[:34] + b"x" + good[35:],
        "proof": good[:-1] + bytes([good[-1] ^ 1]),
        "byte": good[:-5000] + bytes([good[-5000] ^ 1]) + good[-4999:],
        "page": good[: pages[-1][0]] + later[slice(*pages[-1])] + good[pages[-1][1] :],
    }
    for name, content in wrong.items():
        file.write_bytes(content)
        with pytest.raises(Damaged):
            restore(vault.home, file, PASSPHRASE, clock.host)
        with Vault.open(vault.home, "", PASSPHRASE, clock.host) as vault:
            assert vault.patients.get(patient).name == "李四", name
    left = {path.name for path in vault.home.folder.iterdir()}
    assert left == {"audit.json", "keys.json", "vault.db", "vault.lock"}


def test_a_guess_at_a_backup_costs_time_too(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        vault.backup(file)
    with pytest.raises(WrongPassphrase):
        restore(vault.home, file, NEW, clock.host)
    with pytest.raises(Wait):
        restore(vault.home, file, PASSPHRASE, clock.host)


def test_nobody_restores_under_an_open_vault(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        vault.backup(file)
        with pytest.raises(Busy):
            restore(vault.home, file, PASSPHRASE, clock.host)


def test_a_backup_of_a_later_version_is_refused(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        with vault._session.read() as db:
            db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        vault.backup(file)
    with pytest.raises(TooNew):
        restore(Home(tmp_path / "other"), file, PASSPHRASE, clock.host)


def test_where_a_backup_cannot_be(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        for place in (tmp_path, vault.home.folder / "backup", vault.home.vault):
            with pytest.raises(Unfit):
                vault.backup(place)
        with pytest.raises(CannotWrite):
            vault.backup(tmp_path / "no" / "folder")


def test_which_of_several_users(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        vault.add_user("nurse", NEW, PASSPHRASE, cost=CHEAP)
        vault.backup(file)
    other = Home(tmp_path / "other")
    with pytest.raises(Unfit, match="--user"):
        restore(other, file, NEW, clock.host)
    assert restore(other, file, NEW, clock.host, "nurse") == "nurse"
