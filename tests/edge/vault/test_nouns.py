"""Patients, documents, items, reminders and settings as they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import EdgeError, Unfit, Unknown
from edge.vault import MOST_ORIGINAL, Added, Known, Vault
from schemas.records import MOST_TEXT, Allergy, Diagnosis, Document, Reminder, Span
from tests.support.edge import TEXT, Clock, document, found, make_vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, Clock()) as made:
        yield made


def test_who_it_may_be(vault: Vault) -> None:
    one = vault.patients.add("张 三", birth="1960-05-31", number="A-123")
    two = vault.patients.add("张三", birth="1971")
    other = vault.patients.add("张三丰")
    assert vault.patients.alike("张三", birth="1960-05") == tuple(
        sorted((one,), key=lambda each: each.id)
    )
    assert set(vault.patients.alike("张三")) == {one, two}
    assert vault.patients.alike("李四", number="ａ－123") == (one,)
    assert vault.patients.alike("张三", birth="1980") == ()
    assert vault.patients.list("三丰") == (other,)
    assert vault.patients.list("a-1") == (one,)
    assert vault.patients.list("%") == ()
    assert vault.patients.count() == 3


@pytest.mark.parametrize(
    "facts",
    [
        {"name": " "},
        {"name": "张" * 101},
        {"name": "张三", "birth": "31.5.1960"},
        {"name": "张三", "sex": "?"},
        {"name": "张三", "number": "1" * 41},
        {"name": "张\ud800"},
    ],
)
def test_what_no_patient_has(vault: Vault, facts: dict[str, str]) -> None:
    with pytest.raises(Unfit) as caught:
        vault.patients.add(**facts)  # type: ignore[arg-type]
    assert "张" not in str(caught.value)
    assert vault.patients.count() == 0


def test_facts_change_under_the_same_id(vault: Vault) -> None:
    one = vault.patients.add("张三")
    changed = msgspec.structs.replace(one, name="张三丰", birth="1960")
    vault.patients.change(changed)
    assert vault.patients.list("丰") == (changed,)
    with pytest.raises(Unknown):
        vault.patients.change(msgspec.structs.replace(one, id="p-0"))


def test_two_patients_become_one(vault: Vault) -> None:
    kept = vault.patients.add("张三")
    gone = vault.patients.add("张三", sex="male", birth="1960", number="A1")
    both = vault.documents.add(document(kept.id))
    vault.documents.add(document(gone.id))
    alone = vault.documents.add(document(gone.id, "另一份病历：痛风。"), [], b"file")
    reminder = Reminder("r-1", gone.id, "2026-06-01", "HbA1c", "糖尿病")
    vault.reminders.put([reminder])
    made = vault.patients.merge(kept.id, gone.id)
    assert (made.sex, made.birth, made.number) == ("male", "1960", "A1")
    assert vault.patients.list() == (made,)
    assert {one.id for one in vault.documents.list(kept.id)} == {both.id, alone.id}
    assert vault.documents.original(alone.id) == b"file"
    assert vault.reminders.of(kept.id)[0].patient == kept.id
    assert [hit.document for hit in vault.search("痛风", patient=kept.id)] == [alone.id]
    with pytest.raises(Unknown):
        vault.patients.get(gone.id)
    with pytest.raises(Unfit):
        vault.patients.merge(kept.id, kept.id)


def test_a_document_is_kept_with_its_items_and_its_file(vault: Vault) -> None:
    patient = vault.patients.add("张三").id
    items = (found(), Allergy(span=Span(0, 2), sentence=Span(0, 9), name="患者", reaction="皮疹"))
    file = bytes(range(256)) * 3000
    added = vault.documents.add(document(patient), items, file, version="3")
    assert isinstance(added, Added)
    kept = vault.documents.get(added.id)
    assert (kept.text, kept.patient, kept.date, len(kept.digest)) == (
        TEXT, patient, "2026-03-01", 64
    )  # fmt: skip
    assert vault.items.of(added.id) == items
    assert vault.documents.original(added.id) == file
    assert vault.documents.all(patient) == ((kept, items),)
    assert vault.documents.add(document(patient), items) == Known(added.id)
    other = vault.patients.add("李四").id
    assert isinstance(vault.documents.add(document(other)), Added)


def test_a_document_that_cannot_be_kept_leaves_nothing(vault: Vault) -> None:
    patient = vault.patients.add("张三").id
    good = document(patient)
    outside = Diagnosis(span=Span(0, len(TEXT) + 1), sentence=Span(0, 2), name="x")
    wrong: list[tuple[Document, tuple[Diagnosis, ...], bytes | None]] = [
        (good, (outside,), None),
        (good, (), bytes(MOST_ORIGINAL + 1)),
        (msgspec.structs.replace(good, text=" \n"), (), None),
        (msgspec.structs.replace(good, text="痛" * (MOST_TEXT + 1)), (), None),
        (msgspec.structs.replace(good, text="痛\r\n"), (), None),
        (msgspec.structs.replace(good, text="Ka\u0308se"), (), None),
        (msgspec.structs.replace(good, text="痛\ud800"), (), None),
        (msgspec.structs.replace(good, digest="0" * 64), (), None),
        (msgspec.structs.replace(good, date="gestern"), (), None),
        (msgspec.structs.replace(good, patient="p-0"), (), None),
    ]
    for one, items, file in wrong:
        with pytest.raises((Unfit, Unknown)) as caught:
            vault.documents.add(one, items, file)
        assert "痛" not in str(caught.value)
    assert vault.documents.list() == ()
    assert vault.search("患") == ()


def test_what_other_rules_read_takes_the_place_of_the_items(vault: Vault) -> None:
    patient = vault.patients.add("张三").id
    added = vault.documents.add(document(patient), [found()], version="1")
    assert vault.search("E11")
    vault.items.replace(added.id, [found(words="高血压")], version="2")
    assert [one.name for one in vault.items.of(added.id)] == ["高血压"]
    assert [one.version for one in vault.documents.list(patient)] == ["2"]
    vault.items.replace(added.id, [], version="3")
    assert vault.search("E11") == ()
    assert vault.search("糖尿病")


def test_an_unknown_id_is_told_everywhere(vault: Vault) -> None:
    for use in (
        vault.patients.get, vault.patients.delete, vault.documents.get, vault.documents.original,
        vault.documents.delete, vault.items.of, vault.reminders.remove,
    ):  # fmt: skip
        with pytest.raises(Unknown):
            use("x-0")


def test_reminders_are_due_until_they_are_done(vault: Vault) -> None:
    patient = vault.patients.add("张三").id
    rule = Reminder("r-1", patient, "2026-06-01", "HbA1c", "糖尿病", rule="hba1c")
    own = Reminder("r-2", patient, "2026-05-01", "眼底", "糖尿病", own=True)
    vault.reminders.put([rule, own])
    assert vault.reminders.due("2026-05-31") == (own,)
    assert vault.reminders.due("2027", 1) == (own,)
    assert vault.reminders.of(patient) == (own, rule)
    assert vault.reminders.get(own.id) == own
    with pytest.raises(Unknown):
        vault.reminders.get("nobody")
    changed = msgspec.structs.replace(rule, due="2026-07-01", own=True)
    vault.reminders.put([changed])
    vault.reminders.put([rule])
    assert vault.reminders.of(patient) == (own, changed)
    vault.reminders.put([msgspec.structs.replace(own, done="2026-05-02")])
    assert vault.reminders.due("2027") == (changed,)
    vault.reminders.remove("r-1")
    assert [one.done for one in vault.reminders.of(patient)] == ["2026-05-02"]
    with pytest.raises(Unknown):
        vault.reminders.put([Reminder("r-3", "p-0", "", "x", "y")])
    with pytest.raises(Unfit):
        vault.reminders.put([Reminder("r-3", patient, "soon", "x", "y")])


def test_settings_of_the_device(vault: Vault) -> None:
    assert vault.preferences.get("language", "zh") == "zh"
    vault.preferences.set("language", "en")
    assert vault.preferences.get("language", "zh") == "en"


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=300), words=st.text(max_size=20))
def test_any_text_is_kept_and_found_or_refused(
    text: str, words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    vault = _shared(tmp_path_factory)
    patient = vault.patients.list()[0].id
    try:
        added = vault.documents.add(document(patient, text))
    except EdgeError:
        added = None
    for hit in vault.search(words):
        kept = vault.documents.get(hit.document).text
        assert all(0 <= one.start < one.end <= len(kept) for one in hit.spans)
        assert kept[hit.at :].startswith(hit.excerpt)
    if added is not None:
        assert vault.documents.get(added.id).text == text


_OPEN: list[Vault] = []


def _shared(factory: pytest.TempPathFactory) -> Vault:
    if not _OPEN:
        _OPEN.append(make_vault(factory.mktemp("vault")))
        _OPEN[0].patients.add("张三")
    return _OPEN[0]
