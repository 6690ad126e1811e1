"""Reminders in plain words: to print for the patient, or to say to them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from agents.records.summary.dates import between
from agents.records.summary.words import Language, Words
from schemas.records import DateText, Reminder

_WEEK, _MONTH, _YEAR = 7, 30.4, 365.25


def letter(
    reminders: Sequence[Reminder], today: DateText, language: Language = "zh", name: str = ""
) -> str:
    """A sheet to print, without the patient's name unless it is given."""
    words, open_ones = _words(language), _open(reminders)
    lines = [words("title"), ""]
    if name:
        lines += [words("for_name", name=name), ""]
    lines.append(words("opening") if open_ones else words("nothing"))
    for number, one in enumerate(open_ones, 1):
        text = "overdue" if is_over(one.due, today) else "soon"
        lines.append(f"{number}. {words(text, date=one.due, what=_bare(one.what))}")
        if one.rule != "order" and one.why:
            lines.append(words("why", why=_bare(one.why)))
    return "\n".join([*lines, "", words("closing"), words("notice")]) + "\n"


def spoken(reminders: Sequence[Reminder], today: DateText, language: Language = "zh") -> str:
    """Sentences to say; how long it is until then in place of dates."""
    words, open_ones = _words(language), _open(reminders)
    if not open_ones:
        return words("nothing")
    lines = [words("say_opening")]
    for one in open_ones:
        why = words("order") if one.rule == "order" or not one.why else _bare(one.why)
        if is_over(one.due, today):
            lines.append(words("say_overdue", what=_bare(one.what), why=why))
        else:
            when = _when(between(today, one.due) or 0, words)
            lines.append(words("say_soon", when=when, what=_bare(one.what), why=why))
    lines.append(words("say_last", count=str(len(open_ones))))
    return "\n".join(lines)


def is_over(due: DateText, today: DateText) -> bool:
    """Whether a day, a month or a year has passed."""
    return due < today[: len(due)]


def _open(reminders: Sequence[Reminder]) -> list[Reminder]:
    return sorted((one for one in reminders if not one.done and one.due), key=lambda one: one.due)


def _bare(text: str) -> str:
    """One line without the full stop that ours adds."""
    return " ".join(text.split()).rstrip("。.；; ")


def _when(days: int, words: Words) -> str:
    if days == 0:
        return words("today")
    if days < 2 * _WEEK:
        return words("days", days=str(days))
    if days < 2 * _MONTH:
        return words("weeks", weeks=str(round(days / _WEEK)))
    if days < 2 * _YEAR:
        return words("months", months=str(round(days / _MONTH)))
    return words("years", years=str(round(days / _YEAR)))


@cache
def _words(language: Language) -> Words:
    place = files("agents.records.followup") / "texts" / f"{language}.toml"
    return Words(tomllib.loads(place.read_text(encoding="utf-8")))
