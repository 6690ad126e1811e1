"""What the page and the commands share: a vault that is open, and the rules that read for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from agents.records.parsed import Note
from edge.errors import Unfit
from edge.merging import merged
from edge.settings import Host
from edge.trends import Trend, trends
from edge.vault import Listed, Vault
from schemas.records import DateText, Document, Item, Patient, Reminder, Summary, is_date

if TYPE_CHECKING:
    from edge.consult import Draft

Language = Literal["zh", "en"]
Histories = tuple[tuple[Document, tuple[Item, ...]], ...]
Reminders = tuple[Reminder, ...]
_DAY = len("2026-05-31")
_MOST_WORDS = 200
_MOST_DAYS = 3660


class Rules(NamedTuple):
    """One version of everything that is judged by, as functions; `due` also gets those kept."""

    version: str
    read: Callable[[Note], Iterable[Item]]
    summarise: Callable[[Patient, Histories, Language], Summary]
    due: Callable[[Patient, Histories, DateText, Language, Reminders], Iterable[Reminder]]
    calendar: Callable[[Iterable[Reminder], DateText], bytes]
    letter: Callable[[Reminders, DateText, Language], str]
    spoken: Callable[[Reminders, DateText, Language], str]
    draft: Callable[[str, Patient, Summary, Callable[[int], bytes]], Draft]


class View(msgspec.Struct, frozen=True):
    """All that one page says of a patient. `trends`: one for each line of the summary's results."""

    patient: Patient
    summary: Summary
    trends: tuple[Trend | None, ...]
    documents: tuple[Listed, ...]
    reminders: tuple[Reminder, ...]


class Words(NamedTuple):
    """What is due in plain words, without the patient's name: to print, and to say."""

    letter: str
    spoken: str


class Device:
    """Every method raises Locked, and Unknown for an id that nothing has."""

    def __init__(self, vault: Vault, rules: Rules, host: Host) -> None:
        self.vault = vault
        self.rules = rules
        self._host = host

    def today(self) -> DateText:
        """By the clock and the zone of the machine."""
        return (
            datetime.fromtimestamp(self._host.now_ms() / 1000, UTC).astimezone().date().isoformat()
        )

    def summary(self, patient: str, language: Language) -> Summary:
        """One page by problem, as the rules of now read the documents; nothing is written."""
        return self._summary(*self._history(patient, keep=False), language)

    def view(self, patient: str, language: Language) -> View:
        """The summary with what stands around it; what is due is worked out anew."""
        who, history = self._history(patient, keep=True)
        summary = self._summary(who, history, language)
        self._remind(who, history, language)
        documents = self.vault.documents.list(patient)
        reminders = self.vault.reminders.of(patient)
        return View(who, summary, trends(summary, history), documents, reminders)

    def draft(self, question: str, patient: str, language: Language) -> Draft:
        """What the record says to it, and what would leave; nothing is written. Raises Unfit."""
        who, history = self._history(patient, keep=False)
        summary = self._summary(who, history, language)
        return self.rules.draft(question, who, summary, self._host.random)

    def remind(self, patient: str, language: Language) -> None:
        """Work out anew what is to be checked, as after an import."""
        self._remind(*self._history(patient, keep=True), language)

    def delete_document(self, document: str, language: Language) -> None:
        """For good, and what was to be checked because of it. Raises Unknown."""
        self.remind(self.vault.documents.delete(document), language)

    def merge(self, kept: str, gone: str, language: Language) -> Patient:
        """Two who are one: all of `gone` is of `kept`, for good. Raises Unknown, Unfit."""
        made = self.vault.patients.merge(kept, gone)
        self.remind(kept, language)
        return made

    def calendar(self, until: DateText, patient: str = "") -> bytes:
        """What is due by then, of all or of one, as iCalendar without names."""
        if patient:
            self.vault.patients.get(patient)
        found = self.vault.reminders.due(until)
        asked = [one for one in found if patient in ("", one.patient)]
        made = self.rules.calendar(asked, self.today())
        self.vault.audit.add("exported", "calendar", patient)
        return made

    def words(self, patient: str, language: Language) -> Words:
        """For the patient."""
        due = self.vault.reminders.of(self.vault.patients.get(patient).id)
        today, rules = self.today(), self.rules
        return Words(rules.letter(due, today, language), rules.spoken(due, today, language))

    def write_reminder(self, patient: str, due: DateText, what: str, why: str = "") -> Reminder:
        """One of a person's own. Raises Unfit."""
        name = f"own-{self._host.random(8).hex()}"
        return self._keep(Reminder(name, patient, due, what, why))

    def change_reminder(
        self, reminder: str, due: DateText, what: str, why: str, every_days: int | None
    ) -> Reminder:
        """A person's word from now on: rules do not change it again; what was done is open again.

        Raises Unfit.
        """
        before = self.vault.reminders.get(reminder)
        return self._keep(
            msgspec.structs.replace(
                before, due=due, what=what, why=why, every_days=every_days, done=""
            )
        )

    def finish_reminder(self, reminder: str, day: DateText) -> Reminder:
        """Done on that day; what comes again is due again, counted from it. Raises Unfit."""
        before = self.vault.reminders.get(reminder)
        if len(day) != _DAY or not is_date(day):
            raise Unfit("日期如 2026-05-31", "a day is 2026-05-31")
        if before.every_days:
            try:
                due = date.fromisoformat(day) + timedelta(days=before.every_days)
            except (ValueError, OverflowError):
                raise Unfit("日期如 2026-05-31", "a day is 2026-05-31") from None
            return self._keep(msgspec.structs.replace(before, due=due.isoformat(), done=""))
        return self._keep(msgspec.structs.replace(before, done=day))

    def _keep(self, reminder: Reminder) -> Reminder:
        """As a person's, so that rules leave it alone."""
        kept = msgspec.structs.replace(
            reminder, what=reminder.what.strip(), why=reminder.why.strip(), own=True
        )
        if not 0 < len(kept.what) <= _MOST_WORDS or len(kept.why) > _MOST_WORDS:
            raise Unfit(
                f"请写明提醒内容，1 至 {_MOST_WORDS} 个字符",
                f"a reminder says what, in 1 to {_MOST_WORDS} characters",
            )
        if kept.every_days is not None and not 0 < kept.every_days <= _MOST_DAYS:
            raise Unfit(f"间隔须为 1 至 {_MOST_DAYS} 天", f"again after 1 to {_MOST_DAYS} days")
        if not _is_day(kept.due) or (kept.done and not _is_day(kept.done)):
            raise Unfit("日期如 2026-05-31", "a day is 2026-05-31")
        self.vault.reminders.put([kept])
        return kept

    def _history(self, patient: str, *, keep: bool) -> tuple[Patient, Histories]:
        """What other rules have read is read anew, and kept if this may write."""
        who, history = self.vault.patients.get(patient), self.vault.documents.all(patient)
        listed = self.vault.documents.list(patient)
        old = {one.id for one in listed if one.version != self.rules.version}
        return who, tuple(
            (one, self._read(one, who, keep=keep) if one.id in old else items)
            for one, items in history
        )

    def _read(self, document: Document, who: Patient, *, keep: bool) -> tuple[Item, ...]:
        """By the rules of now, beside what came with codes."""
        note = Note(document.text, document.date, who.sex, who.birth)
        read = merged(self.vault.items.coded(document.id), self.rules.read(note))
        if keep:
            self.vault.items.replace(document.id, read, version=self.rules.version)
        return read

    def _summary(self, patient: Patient, history: Histories, language: Language) -> Summary:
        """Without the orders that a person ticked off."""
        made = self.rules.summarise(patient, history, language)
        done = {
            source
            for one in self.vault.reminders.of(patient.id)
            if one.done
            for source in one.sources
        }
        left = tuple(one for one in made.precautions if not done.intersection(one.sources))
        return msgspec.structs.replace(made, precautions=left)

    def _remind(self, patient: Patient, history: Histories, language: Language) -> None:
        """What rules said before and do not say any more goes, but not what a person touched."""
        kept = self.vault.reminders.of(patient.id)
        now = tuple(self.rules.due(patient, history, self.today(), language, kept))
        names = {one.id for one in now}
        for old in kept:
            if old.rule and not old.own and not old.done and old.id not in names:
                self.vault.reminders.remove(old.id)
        self.vault.reminders.put(now)


def language_of(name: str) -> Language:
    """Chinese unless English is named."""
    return "en" if name.lower().startswith("en") else "zh"


def _is_day(text: DateText) -> bool:
    if not is_date(text):
        return False
    whole = f"{text}-01-01"[:_DAY] if len(text) == 4 else f"{text}-01"[:_DAY]
    try:
        date.fromisoformat(whole)
    except ValueError:
        return False
    return bool(text)
