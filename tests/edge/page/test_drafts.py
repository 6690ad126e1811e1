"""A draft is there until it is taken, replaced, or the vault is locked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.records.questions import Intent
from edge.consult import Draft
from edge.errors import Locked, Unfit
from edge.page.drafts import Drafts, Kept
from edge.vault import Vault
from tests.support.edge import PASSPHRASE, Clock, make_vault

ME, OTHER = (b"a", b"b"), (b"a", b"c")
DRAFT = Draft(Intent("general"), "x", b"{}", (), ())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    with make_vault(tmp_path, clock) as vault:
        yield vault


@pytest.fixture
def drafts(vault: Vault) -> Drafts:
    made = Drafts(vault)
    made.keep(ME, Kept("p-1", DRAFT), made.locked)
    return made


def test_it_is_taken_once_and_by_its_own_session(drafts: Drafts) -> None:
    assert drafts.take(OTHER) is None
    kept = drafts.take(ME)
    assert kept is not None
    assert kept.draft is DRAFT
    assert drafts.take(ME) is None


def test_the_next_one_stands_in_its_place(drafts: Drafts) -> None:
    drafts.keep(ME, Kept("p-2", DRAFT), drafts.locked)
    kept = drafts.take(ME)
    assert kept is not None
    assert kept.patient == "p-2"
    assert drafts.take(ME) is None


def test_nothing_is_hidden_for_another_patient_or_session(drafts: Drafts) -> None:
    for session, patient in ((ME, "p-2"), (OTHER, "p-1")):
        with pytest.raises(Unfit, match="gone"):
            drafts.hide(session, patient, frozenset())
    assert drafts.hide(ME, "p-1", frozenset()).hidden == frozenset()


def test_a_lock_by_hand_forgets(drafts: Drafts, vault: Vault) -> None:
    vault.lock()
    assert drafts.take(ME) is None


def test_a_lock_by_itself_forgets(drafts: Drafts, vault: Vault, clock: Clock) -> None:
    clock.wait(vault.idle_ms)
    assert vault.locked
    assert drafts.take(ME) is None


def test_another_user_finds_none(drafts: Drafts, vault: Vault) -> None:
    vault.unlock(PASSPHRASE)
    assert drafts.take(ME) is None


def test_what_began_before_a_lock_is_not_kept_after_it(drafts: Drafts, vault: Vault) -> None:
    before = drafts.locked
    vault.lock()
    vault.unlock(PASSPHRASE)
    with pytest.raises(Locked):
        drafts.keep(ME, Kept("p-1", DRAFT), before)
    assert drafts.take(ME) is None
