"""Opening, locking, users, and who waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from edge.errors import (
    Busy,
    Damaged,
    EdgeError,
    LastUser,
    Locked,
    NoVault,
    TooNew,
    Unfit,
    Unknown,
    VaultExists,
    Wait,
    WeakPassphrase,
    WrongPassphrase,
)
from edge.settings import Home
from edge.vault import Vault
from edge.vault.tables import MIGRATIONS, migrate
from edge.vault.tries import waiting
from tests.support.edge import CHEAP, PASSPHRASE, USER, Clock, document, found, make_vault

OTHER = "another phrase"


def reopened(folder: Path, clock: Clock, passphrase: str = PASSPHRASE, user: str = "") -> Vault:
    return Vault.open(Home(folder / "edge"), user, passphrase, clock.host)


def test_it_keeps_what_it_was_given_over_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient = vault.patients.add("张三", birth="1960-05-31")
    with reopened(tmp_path, clock) as vault:
        assert vault.patients.get(patient.id) == patient


def test_a_folder_has_one_vault_and_says_so_if_none(tmp_path: Path) -> None:
    clock = Clock()
    with pytest.raises(NoVault, match="vault create"):
        reopened(tmp_path, clock)
    make_vault(tmp_path, clock).close()
    with pytest.raises(VaultExists):
        make_vault(tmp_path, clock)


def test_only_its_owner_can_read_the_files(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        vault.patients.add("张三")
        assert vault.home.folder.stat().st_mode & 0o77 == 0
        for path in vault.home.folder.iterdir():
            assert path.stat().st_mode & 0o77 == 0, path.name


def test_a_wrong_passphrase_costs_time_that_doubles_to_a_quarter_of_an_hour(
    tmp_path: Path,
) -> None:
    clock = Clock()
    make_vault(tmp_path, clock).close()
    waits = []
    for _ in range(13):
        with pytest.raises(WrongPassphrase):
            reopened(tmp_path, clock, "no such phrase")
        with pytest.raises(Wait) as caught:
            reopened(tmp_path, clock)
        waits.append(caught.value.seconds)
        assert "\n" not in str(caught.value)
        clock.wait(1000 * waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    with reopened(tmp_path, clock) as vault:
        assert [one.ids for one in vault.audit.list() if one.action == "refused"] == [("13",)]
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path, clock, "no such phrase")
    clock.wait(1000)
    reopened(tmp_path, clock).close()


def test_who_mistypes_keeps_nobody_else_out(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        vault.add_user("nurse", OTHER, PASSPHRASE, cost=CHEAP)
        home = vault.home
    for name in ("nurse", "nobody", "no one"):
        clock.wait(2000)
        with pytest.raises(WrongPassphrase):
            Vault.open(home, name, "no such phrase", clock.host)
    assert waiting(home.tries, clock.host.now_ms()) == {"": 2}
    with pytest.raises(Wait):
        Vault.open(home, "stranger", "no such phrase", clock.host)
    Vault.open(home, USER, PASSPHRASE, clock.host).close()
    with pytest.raises(WrongPassphrase):
        Vault.open(home, "nurse", "no such phrase", clock.host)
    Vault.open(home, USER, PASSPHRASE, clock.host).close()
    assert waiting(home.tries, clock.host.now_ms()) == {"": 2, "nurse": 2}


def test_to_set_the_clock_back_shortens_no_wait(tmp_path: Path) -> None:
    clock = Clock()
    make_vault(tmp_path, clock).close()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            reopened(tmp_path, clock, "no such phrase")
        clock.wait(10_000)
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path, clock, "no such phrase")
    clock.wall -= 86_400_000
    with pytest.raises(Wait) as caught:
        reopened(tmp_path, clock)
    assert caught.value.seconds == 8
    clock.wait(7000)
    with pytest.raises(Wait):
        reopened(tmp_path, clock)
    clock.wait(1000)
    reopened(tmp_path, clock).close()


def test_a_spoilt_count_of_tries_is_the_longest_wait_and_ends(tmp_path: Path) -> None:
    clock = Clock()
    vault = make_vault(tmp_path, clock)
    vault.close()
    vault.home.tries.write_bytes(b"{")
    with pytest.raises(Wait) as caught:
        reopened(tmp_path, clock)
    assert caught.value.seconds == 900
    clock.wait(900_000)
    reopened(tmp_path, clock).close()


def test_a_try_counts_before_it_is_made(tmp_path: Path) -> None:
    clock = Clock()
    vault = make_vault(tmp_path, clock)
    vault.close()
    seen = []

    def look(count: int) -> bytes:
        seen.append(vault.home.tries.exists())
        return bytes(count)

    with pytest.raises(WrongPassphrase):
        # An unknown name asks for chance while it is tried.
        Vault.open(vault.home, "nobody", PASSPHRASE, clock.host._replace(random=look))
    assert seen == [True]


def test_an_unknown_user_is_told_nothing_else(tmp_path: Path) -> None:
    clock = Clock()
    make_vault(tmp_path, clock).close()
    said = set()
    for user, passphrase in (("nobody", PASSPHRASE), (USER, "no such phrase")):
        with pytest.raises(WrongPassphrase) as caught:
            reopened(tmp_path, clock, passphrase, user)
        said.add(str(caught.value))
        clock.wait(60_000)
    assert len(said) == 1


def test_it_locks_itself_when_nobody_uses_it(tmp_path: Path) -> None:
    clock = Clock()
    make_vault(tmp_path, clock).close()
    with Vault.open(Home(tmp_path / "edge"), "", PASSPHRASE, clock.host, idle_ms=60_000) as vault:
        clock.steady += 59_999
        vault.patients.list()
        clock.steady += 59_999
        assert not vault.locked
        # The clock on the wall has no say.
        clock.wall -= 10**9
        clock.steady += 1
        assert vault.locked
        for use in (vault.patients.list, vault.documents.list, vault.audit.list):
            with pytest.raises(Locked):
                use()
        with pytest.raises(Locked):
            vault.backup(tmp_path / "backup")
        with pytest.raises(Busy):
            reopened(tmp_path, clock)
        vault.unlock(PASSPHRASE)
        assert vault.patients.list() == ()
        vault.lock()
        vault.lock()
        with pytest.raises(Locked):
            vault.search("痛")


def test_users_come_and_go_and_each_has_a_passphrase(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        with pytest.raises(LastUser):
            vault.remove_user(USER)
        with pytest.raises(WrongPassphrase):
            vault.add_user("护士 李", OTHER, "not mine at all", cost=CHEAP)
        clock.wait(2000)
        with pytest.raises(WeakPassphrase):
            vault.add_user("护士 李", "1234567", PASSPHRASE, cost=CHEAP)
        vault.add_user("护士 李", OTHER, PASSPHRASE, cost=CHEAP)
        with pytest.raises(Unfit):
            vault.add_user("护士 李", OTHER, PASSPHRASE, cost=CHEAP)
        with pytest.raises(Unknown):
            vault.remove_user("nobody")
        assert vault.users == (USER, "护士 李")
        patient = vault.patients.add("张三")
    with pytest.raises(Unfit, match="--user"):
        reopened(tmp_path, clock, OTHER)
    with reopened(tmp_path, clock, OTHER, "护士 李") as vault:
        assert vault.patients.get(patient.id).name == "张三"
        vault.remove_user(USER)
        assert [one.user for one in vault.audit.list()][-1] == "护士 李"
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path, clock, PASSPHRASE, USER)


def test_a_passphrase_changes_and_the_file_does_not(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        salt = vault.home.vault.read_bytes()[:16]
        with pytest.raises(WrongPassphrase):
            vault.change_passphrase(OTHER, "a third phrase", cost=CHEAP)
        clock.wait(2000)
        vault.change_passphrase(PASSPHRASE, OTHER, cost=CHEAP)
        assert vault.home.vault.read_bytes()[:16] == salt
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path, clock)
    clock.wait(2000)
    reopened(tmp_path, clock, OTHER).close()


def test_letters_that_are_composed_otherwise_are_the_same_passphrase(tmp_path: Path) -> None:
    clock = Clock()
    home = Home(tmp_path / "edge")
    Vault.create(home, USER, "Käse und Brot", clock.host, cost=CHEAP).close()
    Vault.open(home, USER, "Ka\u0308se und Brot", clock.host).close()


@pytest.mark.parametrize("field", ["memory_kib", "iterations", "lanes", "name", "vault"])
def test_nothing_beside_a_wrapped_key_can_be_changed(tmp_path: Path, field: str) -> None:
    clock = Clock()
    vault = make_vault(tmp_path, clock)
    vault.close()
    content = vault.home.keys.read_text(encoding="utf-8")
    changed = {
        "memory_kib": ('"memory_kib": 64', '"memory_kib": 72'),
        "iterations": ('"iterations": 1', '"iterations": 2'),
        "lanes": ('"lanes": 1', '"lanes": 2'),
        "name": (f'"name": "{USER}"', '"name": "doctoR"'),
        "vault": ('"vault": "', '"vault": "0'),
    }[field]
    assert changed[0] in content
    vault.home.keys.write_text(content.replace(*changed), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path, clock)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", Damaged),
        (b"[]", Damaged),
        (b'{"vault": "x", "users": []}', Damaged),
        (b'{"vault": "x", "users": [], "version": 2}', TooNew),
        (b"\xff", Damaged),
        (b'{"x": ' + b"[" * 9_000 + b"]" * 9_000 + b"}", Damaged),
    ],
)
def test_spoilt_keys_are_told(tmp_path: Path, content: bytes, error: type[EdgeError]) -> None:
    vault = make_vault(tmp_path)
    vault.close()
    vault.home.keys.write_bytes(content)
    with pytest.raises(error):
        reopened(tmp_path, Clock())


def test_a_salt_too_short_is_told(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        keys = json.loads(vault.home.keys.read_bytes())
    keys["users"][0]["salt"] = ""
    vault.home.keys.write_text(json.dumps(keys))
    with pytest.raises(Damaged):
        reopened(tmp_path, Clock())


def test_a_spoilt_page_is_told(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        vault.patients.add("张三")
    content = bytearray(vault.home.vault.read_bytes())
    for page in range(1, len(content) // 4096):
        content[4096 * page + 100] ^= 1
    vault.home.vault.write_bytes(content)
    with pytest.raises(Damaged, match="restore a backup"):
        reopened(tmp_path, clock).patients.list()


def test_one_process_writes_and_others_may_read(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient = vault.patients.add("张三")
        program = (
            "import sys; from pathlib import Path; from edge.errors import *;"
            "from edge.settings import Home; from edge.vault import Vault;"
            "from tests.support.edge import *\n"
            "home, host = Home(Path(sys.argv[1])), Clock().host\n"
            "try: Vault.open(home, '', PASSPHRASE, host)\n"
            "except Busy as error: print('busy' if sys.argv[2] in str(error) else error)\n"
            "with Vault.open(home, '', PASSPHRASE, host, reader=True) as vault:\n"
            "    print(len(vault.documents.all(vault.patients.list()[0].id)))\n"
            "    try: vault.patients.add('x')\n"
            "    except Busy: print('reads only')\n"
        )
        vault.documents.add(document(patient.id))
        told = subprocess.run(
            [sys.executable, "-c", program, str(vault.home.folder), str(os.getpid())],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert told.split("\n")[:3] == ["busy", "1", "reads only"]
        # What the other one read is in the chain all the same.
        assert [one.action for one in vault.audit.list()][-2:] == ["unlocked", "read"]
        vault.patients.add("李四")
        assert vault.audit.verify().fault is None


def test_tables_of_an_older_version_become_ours_and_a_later_one_is_refused(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient = vault.patients.add("张三")
        with vault._session.read() as db:
            later = (*MIGRATIONS, "CREATE TABLE more (a TEXT) STRICT;\n")
            assert migrate(db, later)
            assert not migrate(db, later)
            assert vault.patients.get(patient.id) == patient
    with pytest.raises(TooNew):
        reopened(tmp_path, clock)


def make_first(vault: Vault) -> str:
    """As the first version had it, with a document of FHIR."""
    patient = vault.patients.add("张三")
    fhir = msgspec.structs.replace(document(patient.id), format="fhir")
    added = vault.documents.add(fhir, [found()])
    with vault._session.read() as db:
        db.execute("DROP TABLE coded")
        db.execute("PRAGMA user_version = 1")
    return added.id


def test_what_came_with_codes_before_it_was_kept_apart_stays(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        made = make_first(vault)
    with reopened(tmp_path, clock) as vault:
        assert vault.items.coded(made) == vault.items.of(made) == (found(),)
        assert "updated" in {one.action for one in vault.audit.list()}


def test_who_only_reads_brings_old_tables_up_to_date_if_nobody_writes(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        made = make_first(vault)
        with pytest.raises(Busy):
            Vault.open(vault.home, "", PASSPHRASE, clock.host, reader=True)
        home = vault.home
    with Vault.open(home, "", PASSPHRASE, clock.host, reader=True) as vault:
        assert vault.items.coded(made) == (found(),)
    with reopened(tmp_path, clock) as vault:
        vault.patients.add("李四")


def test_a_step_to_the_next_version_is_whole_or_not_at_all(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault, vault._session.read() as db:
        broken = (*MIGRATIONS, "CREATE TABLE more (a TEXT) STRICT;\nCREATE TABLE more (b TEXT);\n")
        with pytest.raises(EdgeError):
            migrate(db, broken)
        assert not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'more'").fetchall()
        assert not migrate(db)
