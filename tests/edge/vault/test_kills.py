"""`kill -9` at every step of the files, and at any moment of the database."""

from __future__ import annotations

import os
import select
import signal
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.errors import NoVault, WrongPassphrase
from edge.settings import Home
from edge.vault import Vault, restore
from edge.vault.database import is_sound
from tests.support.edge import CHEAP, PASSPHRASE, Clock, document, found, make_vault

NEW = "a later phrase"


def killed_at(step: int, action: Callable[[], object]) -> bool:
    """In a process of its own, killed before the file system is asked for the step-th time."""
    child = os.fork()
    if not child:
        left = [step]

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*arguments: object, **named: object) -> object:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return real(*arguments, **named)

            return call

        for owner, name in ((os, "fsync"), (os, "open"), (Path, "replace"), (Path, "unlink")):
            setattr(owner, name, counted(getattr(owner, name)))
        try:
            action()
        except BaseException:
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def opened(home: Home, clock: Clock, *passphrases: str) -> Vault:
    """By the first passphrase that fits."""
    for passphrase in passphrases:
        clock.wait(2_000_000)
        try:
            return Vault.open(home, "doctor", passphrase, clock.host)
        except WrongPassphrase:
            continue
    raise AssertionError("nobody can open it")


def check(vault: Vault) -> None:
    with vault._session.read() as db:
        assert is_sound(db)
    assert vault.audit.verify().fault is None


def test_a_change_of_passphrase_holds_or_not(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        home, patient = vault.home, vault.patients.add("张三")
    before = home.keys.read_bytes()

    def change() -> None:
        with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
            vault.change_passphrase(PASSPHRASE, NEW, cost=CHEAP)

    step, changed = 0, set()
    while True:
        clock.wait(2_000_000)
        killed = killed_at(step, change)
        changed.add(home.keys.read_bytes() != before)
        with opened(home, clock, PASSPHRASE, NEW) as vault:
            assert vault.patients.list() == (patient,)
            check(vault)
        if not killed:
            break
        home.keys.write_bytes(before)
        step += 1
    assert step > 10
    assert changed == {True, False}


@pytest.mark.slow
def test_a_vault_is_made_whole_or_can_be_made_again(tmp_path: Path) -> None:
    clock, step = Clock(), 0
    while True:
        folder = tmp_path / str(step)
        folder.mkdir()
        killed = killed_at(step, lambda folder=folder: make_vault(folder, clock).close())  # type: ignore[misc]
        clock.wait(2_000_000)
        try:
            vault = Vault.open(Home(folder / "edge"), "", PASSPHRASE, clock.host)
        except NoVault:
            vault = make_vault(folder, clock)
        with vault:
            vault.patients.add("张三")
            check(vault)
        if not killed:
            break
        step += 1
    assert step > 10


@pytest.mark.slow
def test_a_backup_is_the_last_one_or_the_new_one(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        home = vault.home
        vault.patients.add("张三")
        vault.backup(file)
        vault.patients.add("李四")

    def save() -> None:
        with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
            vault.backup(file)

    step, seen = 0, set()
    while True:
        clock.wait(2_000_000)
        killed = killed_at(step, save)
        with opened(home, clock, PASSPHRASE) as vault:
            assert vault.patients.count() == 2
            check(vault)
        other = Home(tmp_path / "other")
        restore(other, file, PASSPHRASE, clock.host)
        with opened(other, clock, PASSPHRASE) as vault:
            seen.add(vault.patients.count())
        if not killed:
            break
        step += 1
    assert seen == {1, 2}


@pytest.mark.slow
def test_a_restored_vault_takes_the_place_whole_or_not_at_all(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "backup"
    with make_vault(tmp_path, clock) as vault:
        home = vault.home
        vault.patients.add("张三")
        vault.backup(file)
    # Another vault, under another passphrase and another key.
    now = tmp_path / "now"
    step, seen = 0, set()
    while True:
        folder = now / str(step)
        with Vault.create(Home(folder), "doctor", NEW, clock.host, cost=CHEAP) as vault:
            vault.patients.add("李四")
            vault.patients.add("王五")
            # Left in the write-ahead log, as after a kill.
            log = Home(folder).vault.with_name("vault.db-wal").read_bytes()
        Home(folder).vault.with_name("vault.db-wal").write_bytes(log)
        killed = killed_at(
            step,
            lambda folder=folder: restore(Home(folder), file, PASSPHRASE, clock.host),  # type: ignore[misc]
        )
        with opened(Home(folder), clock, PASSPHRASE, NEW) as vault:
            names = tuple(sorted(one.name for one in vault.patients.list()))
            seen.add(names)
            check(vault)
        left = {path.name for path in folder.iterdir()}
        assert not any(name.endswith((".restored", ".replace")) for name in left)
        if not killed:
            assert names == ("张三",)
            break
        step += 1
    assert seen == {("张三",), ("李四", "王五")}
    assert home.vault.exists()


@pytest.mark.slow
def test_what_was_imported_before_a_kill_is_there(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        home, patient = vault.home, vault.patients.add("张三").id
    told: list[str] = []
    for round_ in range(8):
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
                for number in range(10_000):
                    text = f"第{round_}-{number}次，2型糖尿病。"
                    one = document(patient, text)
                    made = vault.documents.add(one, [found(text)], bytes(300_000))
                    os.write(writer, f"{made.id}\n".encode())
            os._exit(0)
        os.close(writer)
        seen = b""
        while seen.count(b"\n") < 3 + round_ * 2:
            assert select.select([reader], [], [], 30)[0], "it imports"
            seen += os.read(reader, 4096)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while rest := os.read(reader, 4096):
            seen += rest
        os.close(reader)
        told += seen.decode().split("\n")[:-1]
        clock.wait(2_000_000)
        with opened(home, clock, PASSPHRASE) as vault:
            check(vault)
            kept = [one.id for one in vault.documents.list()]
            assert set(told) <= set(kept)
            # The one that was not told of is whole, or is not there.
            assert len(kept) - len(told) <= round_ + 1
            for known in kept[:3]:
                assert len(vault.items.of(known)) == 1
                assert len(vault.documents.original(known) or b"") == 300_000
            assert len(vault.search("尿", limit=50)) == min(50, len(kept))
