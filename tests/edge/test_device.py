"""A vault with the rules that read for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agents.records.parsed import Note
from edge.device import Device
from edge.errors import Locked, Unfit, Unknown
from edge.vault import Vault
from schemas.records import Item, Line, Patient, Reminder, Source, Span
from tests.support.edge import Clock, document, found, make_vault
from tests.support.edge_page import by_hand, fill


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path) as vault:
        yield vault


@pytest.fixture
def device(vault: Vault) -> Device:
    return Device(vault, by_hand(), Clock().host)


@pytest.fixture
def patient(vault: Vault) -> Patient:
    return fill(vault)


def test_a_view_has_all_of_the_page(device: Device, patient: Patient) -> None:
    view = device.view(patient.id, "zh")
    assert view.patient == patient
    assert len(view.documents) == view.summary.documents == 3
    assert len(view.trends) == len(view.summary.results)
    assert [trend is not None for trend in view.trends] == [False, True, True]
    assert [one.due for one in view.reminders] == ["2026-04-20", "2027-01-25"]


def test_every_line_leads_to_characters_of_a_document(device: Device, patient: Patient) -> None:
    texts = {one.id: one.text for one, _ in device.vault.documents.all(patient.id)}
    for line in device.summary(patient.id, "en").changes:
        for source in line.sources:
            assert texts[source.document][source.span.start : source.span.end]


def test_what_a_person_changed_stays_and_what_rules_forgot_goes(
    device: Device, patient: Patient
) -> None:
    first, second = device.view(patient.id, "zh").reminders
    device.change_reminder(first.id, "2026-12-24", " 复查 ", "", None)
    forgetful = device.rules._replace(due=lambda *_: [])
    kept = Device(device.vault, forgetful, Clock().host).view(patient.id, "zh").reminders
    assert [(one.due, one.what, one.own) for one in kept] == [("2026-12-24", "复查", True)]
    assert second.id not in {one.id for one in kept}


def test_what_was_read_before_the_sex_was_known_is_read_anew(device: Device) -> None:
    notes: list[Note] = []

    def read(note: Note) -> tuple[Item, ...]:
        notes.append(note)
        return ()

    vault = device.vault
    rules = device.rules._replace(read=read)
    one, other = vault.patients.add("张三"), vault.patients.add("张三", birth="1961-03-02")
    vault.documents.add(document(one.id), version=rules.version)
    vault.patients.change(msgspec.structs.replace(one, number="007"))
    Device(vault, rules, Clock().host).view(one.id, "zh")
    assert notes == []
    vault.patients.change(msgspec.structs.replace(one, sex="male"))
    for _ in range(2):
        Device(vault, rules, Clock().host).view(one.id, "zh")
    assert [note.sex for note in notes] == ["male"]
    vault.patients.merge(one.id, other.id)
    Device(vault, rules, Clock().host).view(one.id, "zh")
    assert [note.birth for note in notes] == ["", "1961-03-02"]


def test_done_is_due_again_counted_from_that_day(device: Device, patient: Patient) -> None:
    first = device.view(patient.id, "zh").reminders[0]
    assert device.finish_reminder(first.id, "2026-05-01").due == "2026-07-30"
    # Rules say the old day still: the person's word holds.
    assert device.view(patient.id, "zh").reminders[0].due == "2026-07-30"


def test_done_once_and_for_all(device: Device, patient: Patient) -> None:
    own = device.write_reminder(patient.id, "2026-05-31", "电话随访")
    assert own.own
    device.finish_reminder(own.id, "2026-05-30")
    assert device.vault.reminders.get(own.id).done == "2026-05-30"
    assert own.id not in {one.id for one in device.vault.reminders.due("9999")}


def test_an_order_that_is_ticked_off_is_on_the_page_no_more(
    device: Device, patient: Patient
) -> None:
    place = Source(device.vault.documents.list(patient.id)[0].id, Span(0, 2))
    line = Line("3个月后复查", (place,))
    order = Reminder("order-1", patient.id, "2026-06-01", line.text, "", "order", (place,))
    rules = device.rules._replace(
        due=lambda *given: [] if any(one.done for one in given[-1]) else [order],
        summarise=lambda *given: msgspec.structs.replace(
            device.rules.summarise(*given), precautions=(line,)
        ),
    )
    mine = Device(device.vault, rules, Clock().host)
    assert mine.view(patient.id, "zh").summary.precautions == (line,)
    mine.finish_reminder(order.id, "2026-05-30")
    assert mine.view(patient.id, "zh").summary.precautions == ()
    assert mine.summary(patient.id, "zh").precautions == ()


def test_what_is_changed_after_it_was_done_is_open_again(device: Device, patient: Patient) -> None:
    own = device.write_reminder(patient.id, "2026-05-31", "电话随访")
    device.finish_reminder(own.id, "2026-05-30")
    assert device.change_reminder(own.id, own.due, own.what, own.why, None) == own
    assert own.id in {one.id for one in device.vault.reminders.due("9999")}


@pytest.mark.parametrize(
    ("due", "what", "every"),
    [
        ("", "x", None),
        ("2026-13-01", "x", None),
        ("2026-02-30", "x", None),
        ("2026-2", "x", None),
        ("2026-05-31", " ", None),
        ("2026-05-31", "x" * 201, None),
        ("2026-05-31", "x", 0),
        ("2026-05-31", "x", 99_999),
    ],
)
def test_a_reminder_that_makes_no_sense(
    device: Device, patient: Patient, due: str, what: str, every: int | None
) -> None:
    own = device.write_reminder(patient.id, "2026-05-31", "电话随访")
    with pytest.raises(Unfit):
        device.change_reminder(own.id, due, what, "", every)
    assert device.vault.reminders.get(own.id) == own


@pytest.mark.parametrize("day", ["", "2026-05", "2026-02-30", "9999-12-31", "tomorrow"])
def test_done_on_a_day_that_is_none(device: Device, patient: Patient, day: str) -> None:
    first = device.view(patient.id, "zh").reminders[0]
    with pytest.raises(Unfit):
        device.finish_reminder(first.id, day)


def test_a_calendar_of_one_patient_is_in_the_audit(device: Device, patient: Patient) -> None:
    other = device.vault.patients.add("other")
    device.vault.reminders.put([Reminder("o", other.id, "2026-05-01", "x", "")])
    device.view(patient.id, "zh")
    assert device.calendar("9999").count(b"VEVENT") == 6
    assert device.calendar("9999", patient.id).count(b"VEVENT") == 4
    last = device.vault.audit.list()[-1]
    assert (last.action, last.ids) == ("exported", ("calendar", patient.id))


def test_nothing_of_it_when_it_is_locked(device: Device, patient: Patient) -> None:
    with pytest.raises(Unknown):
        device.view("p-nobody", "zh")
    device.vault.documents.add(document(patient.id))
    device.vault.lock()
    with pytest.raises(Locked):
        device.view(patient.id, "zh")


def test_what_older_rules_have_read_is_read_anew(device: Device, patient: Patient) -> None:
    old = device.vault.documents.add(document(patient.id), version="0")
    coded = document(patient.id, "Condition: asthma")
    facts = [found(coded.text, "asthma")]
    fhir = device.vault.documents.add(
        msgspec.structs.replace(coded, format="fhir"), facts, version="0", coded=facts
    )
    device.summary(patient.id, "zh")
    assert device.vault.items.of(old.id) == ()
    device.view(patient.id, "zh")
    assert {item.name for item in device.vault.items.of(old.id)} >= {"2型糖尿病"}
    assert [item.name for item in device.vault.items.of(fhir.id)] == ["asthma"]
    assert {one.version for one in device.vault.documents.list(patient.id)} == {"1"}
