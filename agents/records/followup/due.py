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
from agents.records.summary.deeds import Deed, deeds
from agents.records.summary.facts import Facts, Read, Said, facts
from agents.records.summary.medication import Drug, drugs
from agents.records.summary.orders import Order, open_orders
from agents.records.summary.orders import due as day_of
from agents.records.summary.problems import Disease, diseases
from agents.records.summary.readings import Series, series
from agents.records.summary.relations import fits
from agents.records.summary.words import Language
from schemas.records import DateText, Medication, Patient, Reminder, Source

if TYPE_CHECKING:
    from agents.records.pack import Pack

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
    stored = {one.id: one for one in kept}
    clauses = deeds(told)
    open_ = open_orders(told, clauses, pack)
    orders = {_order_id(patient, one): one for one in open_ if day_of(one.said)}
    found = [_ordered(name, one, patient) for name, one in orders.items()]
    by_check: dict[str, Reminder] = {}
    measured = series(told)
    for fired in _fired(told, pack, measured):
        same = [name for name, one in orders.items() if _is_same(fired.rule, one)]
        ticked = [stored[name].done for name in same if name in stored and stored[name].done]
        done = max(_last_done(fired.rule, measured, clauses), *ticked, "")
        made = _reminder(fired, patient, done, stored, language)
        if made is None or len(ticked) < len(same):
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


def _order_id(patient: Patient, order: Order) -> str:
    said = order.said
    return _id(patient, _ORDER, f"{said.document.id}:{said.item.span.start}")


def _ordered(name: str, order: Order, patient: Patient) -> Reminder:
    said = order.said
    return Reminder(
        id=name, patient=patient.id, due=day_of(said), what=said.item.name,
        why=said.document.title, rule=_ORDER, sources=(said.source,),
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
            since = _started(starts[-1]) if starts else dated[0].date if dated else ""
            return _Fired(rule, since, now.source, strict=True)
    return None


def _started(start: Said[Medication]) -> DateText:
    """To the month at least: a year alone is too long to count from."""
    return start.item.time if len(start.item.time) > 4 else start.date


def _by_result(rule: Rule, measured: tuple[Series, ...]) -> _Fired | None:
    for one in measured:
        for said in one.last.said:
            if said.item.term == rule.test and said.item.interpretation in rule.is_:
                return _Fired(rule, one.last.day, said.source, strict=True)
    return None


def _reminder(
    fired: _Fired,
    patient: Patient,
    last_done: DateText,
    stored: dict[str, Reminder],
    language: Language,
) -> Reminder | None:
    rule = fired.rule
    name = _id(patient, rule.id)
    before = stored.get(name)
    done = max(last_done, before.done if before is not None else "")
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


def _last_done(rule: Rule, measured: tuple[Series, ...], clauses: tuple[Deed, ...]) -> DateText:
    days = [one.last.day for one in measured if one.terms & set(rule.tests)]
    wanted = [fold(word) for word in rule.words]
    days += [one.date for one in clauses if any(word in one.text for word in wanted)]
    return max(days, default="")


def _is_same(rule: Rule, order: Order) -> bool:
    """Whether a document orders the check itself: its day goes before the rule's."""
    terms = {term for one in order.asked for term in one.tests}
    names = {*map(fold, rule.words), re.sub(r"^(?:复查|查|测量|测|做)", "", fold(rule.what_zh))}
    text = "\n".join(one.name for one in order.asked) or fold(order.said.item.name)
    return bool(terms & set(rule.tests)) or any(len(name) > 1 and name in text for name in names)


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
