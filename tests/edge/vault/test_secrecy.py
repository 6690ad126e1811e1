"""No file, message or representation shows what a patient's record says."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from rich.pretty import pretty_repr

from agents.records.folding import fold
from edge.errors import EdgeError
from edge.vault import Vault
from edge.vault.vault import read_keys
from edge.vault.words import index
from schemas.records import Line, Patient, Reminder, Source, Span
from tests.support.edge import PASSPHRASE, Clock, document, edge, found, make_vault
from tests.support.pages import decrypted, leaked, spelled

NAME, NUMBER = "欧阳震华", "ZQ7788-MRN"
TEXT = "罕见秘密病灶Quixotryll三厘米，建议绝密复查方案。"
WORDS = [NAME, NUMBER, "罕见秘密病灶", "Quixotryll", "绝密复查方案", "私密科室名", "机密提醒内容"]


def filled(vault: Vault) -> tuple[Patient, str]:
    """One patient with everything a record may have."""
    patient = vault.patients.add(NAME, birth="1960-05-31", number=NUMBER)
    visit = msgspec.structs.replace(
        document(patient.id, TEXT), title="罕见秘密病灶", department="私密科室名"
    )
    added = vault.documents.add(visit, [found(TEXT, "罕见秘密病灶")], TEXT.encode("gb18030") * 999)
    reminder = Reminder("r-1", patient.id, "2026-06-01", "机密提醒内容", "罕见秘密病灶")
    vault.reminders.put([reminder])
    vault.search("罕见秘密病灶 quixotryll")
    return patient, added.id


def key_of(vault: Vault, clock: Clock) -> bytes:
    return bytes(read_keys(vault.home).unwrap("doctor", PASSPHRASE, clock.host))


def test_no_file_shows_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        filled(vault)
        files = {path.name for path in vault.home.folder.iterdir()}
        assert {"vault.db", "vault.db-wal", "vault.db-shm", "keys.json", "vault.lock"} <= files
        assert leaked(tmp_path, WORDS) == []
        # In the middle of a transaction that is larger than the cache.
        with vault._session.write() as (db, _):
            db.execute("PRAGMA cache_size = -500")
            for number in range(200):
                db.execute("INSERT INTO settings VALUES (?, ?)", (f"s{number}", TEXT * 200))
            assert leaked(tmp_path, WORDS) == []
            assert list(temporary.iterdir()) == []
        vault.backup(tmp_path / "backup")
        assert leaked(tmp_path, WORDS) == []
    assert leaked(tmp_path, WORDS) == []
    assert list(temporary.iterdir()) == []
    # The same look at the pages, decrypted, and at a plain file, does find them.
    pages = decrypted(vault.home.vault, key_of(vault, clock))
    for word in WORDS:
        assert word.encode() in pages, word
    (tmp_path / "plain").write_text(TEXT, encoding="gb18030")
    assert leaked(tmp_path, WORDS) == ["plain"]


def test_nothing_is_left_in_the_pages_of_a_patient_who_was_deleted(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        others = vault.patients.add("张三").id
        for number in range(30):
            vault.documents.add(document(others, f"第{number}次就诊，无不适。"))
        patient, _ = filled(vault)
        for number in range(30):
            vault.documents.add(document(patient.id, f"{TEXT}{number}"), [], bytes(50_000))
        vault.patients.delete(patient.id)
        assert vault.home.vault.with_name("vault.db-wal").stat().st_size == 0
        pages = decrypted(vault.home.vault, key_of(vault, clock))
        left = [one for one in spelled(WORDS) if one in pages]
        assert left == []
        # Nor as the search keeps words: two neighbours each.
        pairs = {pair for pair in index(fold(TEXT)).split() if len(pair) > 1}
        common = index(fold("第次就诊，无不适。门诊病历")).split()
        shown = [one for one in sorted(pairs - set(common)) if one.encode() in pages]
        assert shown == []
        assert len(vault.search("就诊", limit=50)) == 30
        assert vault.home.vault.stat().st_size < 500_000


def test_a_document_that_was_deleted_is_gone_from_the_pages(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient = vault.patients.add("张三").id
        facts = [found(TEXT, "罕见秘密病灶")]
        gone = vault.documents.add(document(patient, TEXT), facts, TEXT.encode(), coded=facts).id
        assert vault.documents.delete(gone) == patient
        pages = decrypted(vault.home.vault, key_of(vault, clock))
        assert [one for one in spelled(["罕见秘密病灶", "Quixotryll"]) if one in pages] == []


def test_who_was_merged_into_another_is_gone_from_the_pages(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        kept, gone = vault.patients.add("张三"), vault.patients.add(NAME, number="QX-77123")
        for one in (kept, gone):
            vault.documents.add(document(one.id, "两人都有的文件"))
        vault.patients.merge(kept.id, gone.id)
        assert vault.patients.get(kept.id).number == "QX-77123"
        pages = decrypted(vault.home.vault, key_of(vault, clock))
        assert [one for one in spelled([NAME]) if one in pages] == []
        assert (
            list(vault.home.folder.glob("vault.db-wal")) == []
            or not (vault.home.folder / "vault.db-wal").stat().st_size
        )


def test_no_representation_shows_a_word(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        patient, added = filled(vault)
        source = Source(added, Span(0, 2))
        things: list[object] = [
            vault, vars(vault), patient, vault.documents.get(added), vault.documents.list(),
            vault.documents.all(patient.id), vault.items.of(added),
            vault.reminders.of(patient.id), vault.search("罕见"), vault.patients.alike(NAME),
            Line(text=TEXT, sources=(source,)),
        ]  # fmt: skip
        for thing in things:
            for told in (repr(thing), str(thing), f"{thing}", pretty_repr(thing)):
                assert not any(word in told for word in WORDS), type(thing)


def test_no_error_shows_a_word_not_even_with_its_variables(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient, added = filled(vault)
        visit = document(patient.id, TEXT)
        replace = msgspec.structs.replace
        tries: list[Callable[[], object]] = [
            lambda: vault.documents.add(replace(visit, digest="0" * 64)),
            lambda: vault.documents.add(replace(visit, text=TEXT + "\r")),
            lambda: vault.documents.add(replace(visit, id=added, text=TEXT + "x")),
            lambda: vault.documents.add(
                replace(visit, text=TEXT + "z"), [replace(found(TEXT, "秘密"), span=Span(0, 999))]
            ),
            lambda: vault.patients.change(replace(patient, sex="?")),
            lambda: vault.patients.change(replace(patient, id="p-0")),
            lambda: vault.reminders.put([Reminder("r-9", "p-0", "", "机密提醒内容", "x")]),
        ]  # fmt: skip
        for attempt in tries:
            with pytest.raises(EdgeError) as caught:
                attempt()
            told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
            # From our first frame on: the test's own variables are the test's.
            told.stack = traceback.StackSummary.from_list(
                [frame for frame in told.stack if "/tests/" not in frame.filename]
            )
            dumped = "".join(told.format())
            assert "edge/vault" in dumped
            assert not any(word in dumped for word in WORDS)
        with vault._session.read() as db:
            db.execute("DROP TABLE texts")
        with pytest.raises(EdgeError) as caught:
            vault.documents.add(replace(visit, text=TEXT + "y"))
        assert not any(word in str(caught.value) for word in WORDS)


def test_a_command_line_shows_no_passphrase_and_the_log_no_word(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        patient, _ = filled(vault)
        home = vault.home.folder
    for command in (("patients", "show", "p-0"), ("patients", "delete", patient.id, "--yes")):
        done = edge(*command, home=home, typed=PASSPHRASE + "\n")
        assert not any(word in done.output for word in [*WORDS, PASSPHRASE])
    for name in ("--passphrase", "--new-passphrase"):
        assert edge("vault", "unlock-test", name, "x", home=home).exit_code == 2


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux")
def test_the_key_is_gone_from_memory_when_it_is_locked(tmp_path: Path) -> None:
    clock = Clock()
    with make_vault(tmp_path, clock) as vault:
        filled(vault)
    key = key_of(vault, clock)
    program = (
        "import sys; from pathlib import Path; from edge.settings import Home\n"
        "from edge.vault import Vault; from tests.support.edge import *\n"
        "from edge.vault.keys import wipe; from edge.vault.vault import read_keys\n"
        "home, host = Home(Path(sys.argv[1])), Clock().host\n"
        "key = read_keys(home).unwrap(USER, PASSPHRASE, host)\n"
        "print('has it', flush=True); sys.stdin.readline(); wipe(key)\n"
        "vault = Vault.open(home, '', PASSPHRASE, host)\n"
        "vault.search('复查'); vault.lock(); print('locked', flush=True); sys.stdin.readline()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(vault.home.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        seen = []
        for wanted in (b"has it\n", b"locked\n"):
            assert child.stdout.readline() == wanted
            memory = _memory(child.pid)
            seen.append([memory.count(one) for one in (key, key.hex().encode())])
            child.stdin.write(b"\n")
            child.stdin.flush()
    finally:
        child.kill()
        child.communicate()
    assert sum(seen[0]) > 0, "as a proof that it would be found"
    assert seen[1] == [0, 0]


def _memory(pid: int) -> bytes:
    made = bytearray()
    handle = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            bounds, rights = line.split()[:2]
            start, end = (int(one, 16) for one in bounds.split("-"))
            if rights.startswith("rw"):
                try:
                    made += os.pread(handle, end - start, start)
                except OSError:
                    continue
    finally:
        os.close(handle)
    return bytes(made)
