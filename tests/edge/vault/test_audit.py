"""The chain shows what was done to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import Unfit
from edge.settings import Home
from edge.vault import Vault
from tests.support.edge import PASSPHRASE, Clock, document, found, make_vault


def test_who_did_what_is_in_it_and_no_text(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient = vault.patients.add("张三").id
        added = vault.documents.add(document(patient), [found()]).id
        vault.documents.get(added)
        vault.search("糖尿病")
        vault.audit.add("printed", patient)
        vault.documents.delete(added)
        vault.patients.delete(patient)
        told = [(one.action, one.ids) for one in vault.audit.list()]
        assert told == [
            ("unlocked", ()),
            ("created", ()),
            ("added", (patient,)),
            ("imported", (patient, added)),
            ("read", (added,)),
            ("searched", (added,)),
            ("printed", (patient,)),
            ("deleted", (added,)),
            ("deleted", (patient,)),
        ]
        assert {one.user for one in vault.audit.list()} == {"doctor"}
        assert {one.time_ms for one in vault.audit.list()} == {clock.wall}
        assert vault.audit.list(7) == vault.audit.list()[7:]
        with pytest.raises(Unfit):
            vault.audit.add("printed", "患者" * 50)


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["DELETE FROM audit WHERE number = 3"], 3),
        (["DELETE FROM audit WHERE number = 1"], 1),
        (["UPDATE audit SET ids = '[\"p-0\"]' WHERE number = 4"], 4),
        (["UPDATE audit SET ids = '{' WHERE number = 4"], 4),
        (["UPDATE audit SET time_ms = 1 WHERE number = 2"], 2),
        (["UPDATE audit SET user = 'x' WHERE number = 2"], 2),
        (
            [
                "UPDATE audit SET number = 99 WHERE number = 3",
                "UPDATE audit SET number = 3 WHERE number = 4",
                "UPDATE audit SET number = 4 WHERE number = 99",
            ],
            3,
        ),
        (["DELETE FROM audit WHERE number >= 5"], 5),
        (["DELETE FROM audit", "DELETE FROM audit_head"], 1),
        (
            [
                "DELETE FROM audit WHERE number >= 5",
                "UPDATE audit_head SET count = 4, mac = (SELECT mac FROM audit WHERE number = 4)",
            ],
            5,
        ),
    ],
)
def test_a_forged_entry_is_found(tmp_path: Path, statements: list[str], fault: int) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        for number in range(4):
            vault.patients.add(f"病人{number}")
        assert vault.audit.verify().fault is None
    with Vault.open(vault.home, "", PASSPHRASE, clock.host) as vault:
        with vault._session.read() as db:
            db.execute("DROP TRIGGER audit_stays")
            db.execute("DROP TRIGGER audit_unchanged")
            for statement in statements:
                db.execute(statement)
        assert vault.audit.verify().fault == fault


def test_an_entry_cannot_be_changed_by_mistake(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        for statement in ("DELETE FROM audit", "UPDATE audit SET user = 'x'"):
            with pytest.raises(Unfit), vault._session.read() as db:
                db.execute(statement)
        assert vault.audit.verify().fault is None


def test_a_whole_vault_of_yesterday_is_shorter_than_the_head_outside(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        home = vault.home
    yesterday = home.vault.read_bytes()
    with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
        vault.patients.add("张三")
    home.vault.write_bytes(yesterday)
    with Vault.open(home, "", PASSPHRASE, clock.host) as vault:
        assert vault.audit.verify().fault is not None


def test_the_outer_head_lags_behind_after_a_kill_and_that_is_no_fault(tmp_path: Path) -> None:
    clock = Clock()
    vault = make_vault(tmp_path, clock)
    for number in range(50):
        vault.patients.add(f"病人{number}")
    # As after kill -9: nothing is settled.
    vault._session.close()
    vault.close()
    assert Home(tmp_path / "edge").head.exists()
    with Vault.open(vault.home, "", PASSPHRASE, clock.host) as vault:
        assert vault.audit.verify() == (vault.audit.verify().head, None)
