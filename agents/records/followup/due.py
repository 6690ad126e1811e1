"""What is to be checked by when: from the documents' own orders, rules, and what people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2s
from typing import TYPE_CHECKING

import msgspec

from agents.records.folding import fold
from agents.records.followup.rules import Rule
from agents.records.summary.dates import after, day
from agents.records.summary.facts import Facts, Read, facts
from agents.records.summary.medication import Drug, drugs
from agents.records.summary.problems import Disease, diseases
from agents.records.summary.readings import Series, series
from agents.records.summary.relations import fits
from agents.records.summary.rest import due as day_of
from agents.records.summary.rest import open_precautions
from agents.records.summary.words import Language
from schemas.records import DateText, Patient, Reminder, Source

if TYPE_CHECKING:
    from agents.records.pack import Pack

_ADVICE = re.compile(
    r"复查|复诊|建议|拟|预约|择期|定期|每年|随访|下次|未查|未做|拒绝|待查"
    r"|repeat|recheck|follow|plan|schedule|advise|refus"
)
_ORDER = "order"
"""`Reminder.rule` of what a document orders itself."""


@dataclass(frozen=True, slots=True, repr=False)
class _Fired:
    """`start`: from when; `reason`: where it is said; `strict`: done that day is not done yet."""

    rule: Rule
    start: DateText
    reason: Source
    strict: bool


def due(
    patient: Patient,
    read: Read,
    today: DateText,
    pack: Pack,
    language: Language = "zh",
    kept: Iterable[Reminder] = (),
) -> tuple[Reminder, ...]:
    """The patient's reminders, the earliest first; what is before `today` is overdue.

    `kept`: reminders that people changed, wrote (`own`) or ticked off (`done`): they go before the
    rules, and something done counts as done from that day.
    """
    told = facts(patient, read)
    found = list(_ordered(told, pack, patient))
    orders = "\n".join(one.what for one in found)
    by_check: dict[str, Reminder] = {}
    measured = series(told)
    texts = _texts(told)
    stored = {one.id: one for one in kept}
    for fired in _fired(told, pack, measured):
        made = _reminder(fired, patient, measured, texts, stored, language)
        if made is None or _is_ordered(fired.rule, orders, pack):
            continue
        check = (fired.rule.tests or fired.rule.words)[0]
        other = by_check.get(check)
        if other is None or made.due < other.due:
            by_check[check] = made
    found += by_check.values()
    result = list(_with_kept(found, stored))
    return tuple(sorted(result, key=lambda one: (one.due or today, one.id)))


def _id(patient: Patient, *parts: str) -> str:
    """Stays the same from day to day, and tells nobody whose it is."""
    return blake2s("|".join((patient.id, *parts)).encode(), digest_size=10).hexdigest()


def _ordered(told: Facts, pack: Pack, patient: Patient) -> Iterator[Reminder]:
    for one in open_precautions(told, pack.relations):
        by = day_of(one)
        if by:
            place = f"{one.document.id}:{one.item.span.start}"
            yield Reminder(
                id=_id(patient, _ORDER, place), patient=patient.id, due=by, what=one.item.name,
                why=one.document.title, rule=_ORDER, sources=(one.source,),
            )  # fmt: skip


def _fired(told: Facts, pack: Pack, measured: tuple[Series, ...]) -> Iterator[_Fired]:
    taken = drugs(told, pack.relations)
    there = [one for one in diseases(told, pack.relations) if _is_there(one, told)]
    for rule in pack.followups.rule:
        fired = (
            _by_result(rule, measured) if rule.test
            else _by_drug(rule, taken) if rule.drugs
            else _by_disease(rule, there)
        )  # fmt: skip
        if fired is not None and day(fired.start) is not None:
            yield fired


def _is_there(one: Disease, told: Facts) -> bool:
    return not (one.gone or one.uncertain) and one.course(told) in ("active", "chronic")


def _by_disease(rule: Rule, there: list[Disease]) -> _Fired | None:
    for one in there:
        certain = one.certain
        if certain is not None and fits(certain.item, rule.diagnoses):
            since = next((said.date for said in one.held if said.date and not said.uncertain), "")
            return _Fired(rule, since, one.last.source, strict=False)
    return None


def _by_drug(rule: Rule, taken: tuple[Drug, ...]) -> _Fired | None:
    for drug in taken:
        now = drug.now
        if now is not None and fits(now.item, rule.drugs):
            dated = [one for one in drug.statements if one.date]
            starts = [one for one in dated if one.item.change in ("start", "switch")]
            since = starts[-1].date if starts else dated[0].date if dated else ""
            return _Fired(rule, since, now.source, strict=True)
    return None


def _by_result(rule: Rule, measured: tuple[Series, ...]) -> _Fired | None:
    for one in measured:
        for said in one.last.said:
            if said.item.term == rule.test and said.item.interpretation in rule.is_:
                return _Fired(rule, one.last.day, said.source, strict=True)
    return None


def _reminder(
    fired: _Fired,
    patient: Patient,
    measured: tuple[Series, ...],
    texts: list[tuple[DateText, str]],
    stored: dict[str, Reminder],
    language: Language,
) -> Reminder | None:
    rule = fired.rule
    name = _id(patient, rule.id)
    before = stored.get(name)
    done = max(_last_done(rule, measured, texts), before.done if before is not None else "")
    is_done = done > fired.start if fired.strict else bool(done)
    if is_done and rule.every_days is None:
        return None
    by = after(done, rule.every_days or 0) if is_done else after(fired.start, rule.first_days)
    zh = language == "zh"
    return Reminder(
        id=name, patient=patient.id, due=by, what=rule.what_zh if zh else rule.what_en,
        why=rule.why_zh if zh else rule.why_en, rule=rule.id, sources=(fired.reason,),
        every_days=rule.every_days,
    )  # fmt: skip


def _last_done(
    rule: Rule, measured: tuple[Series, ...], texts: list[tuple[DateText, str]]
) -> DateText:
    days = [one.last.day for one in measured if one.terms & set(rule.tests)]
    wanted = [fold(word) for word in rule.words]
    days += [date for date, text in texts if any(word in text for word in wanted)]
    return max(days, default="")


def _texts(told: Facts) -> list[tuple[DateText, str]]:
    """Clauses that tell of what was done: not advice, not plans."""
    strangers = {one.document.id for one in told.strangers if one.named}
    return [
        (document.date, clause)
        for document in told.documents
        if document.date and document.id not in strangers
        for clause in re.split(r"[。;\n,]", fold(document.text))
        if not _ADVICE.search(clause)
    ]


def _is_ordered(rule: Rule, orders: str, pack: Pack) -> bool:
    """Whether a document orders the check itself: its day goes before the rule's."""
    terms = {test.name for one in pack.tests.find(orders, fold(orders)) for test in one.tests}
    names = {*map(fold, rule.words), re.sub(r"^(?:复查|查|测量|测|做)", "", fold(rule.what_zh))}
    return bool(terms & set(rule.tests)) or any(
        len(name) > 1 and name in fold(orders) for name in names
    )


def _with_kept(found: list[Reminder], stored: dict[str, Reminder]) -> Iterator[Reminder]:
    """What people wrote in place of what rules say; what is ticked off only if it comes again."""
    made = {one.id for one in found}
    for one in found:
        known = stored.get(one.id)
        if known is None or (not known.own and (not known.done or one.rule != _ORDER)):
            yield one
        elif known.own:
            yield from _again(known)
    for known in stored.values():
        if known.own and known.id not in made:
            yield from _again(known)


def _again(own: Reminder) -> Iterator[Reminder]:
    if not own.done:
        yield own
    elif own.every_days:
        yield msgspec.structs.replace(own, due=after(own.done, own.every_days), done="")
