"""Whom a note tells of that nobody signs: by the sex and the age of the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from agents.records.parsed import Note
from agents.records.patterns import any_of, any_word

_KIN = "KIN"
_STOP = re.compile(r"[。!?\n]")
_OPENING = 600
"""Characters in which it is said of whom is written."""


class Age(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Years that somebody has at least who is called so; a pattern."""

    least: int
    who: str


class NarrationWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As patterns. `topic`: of whom is written, KIN for a relative; `clinical`: a hospital
    writes; `sufferer`: the writer is the patient; `husband`, `wife`: if the patient is of that
    sex, it is the patient; `i`: one who writes; `i_am`: a relative says so; where
    the age is not known it must be `close` and nobody `gone`;
    `house`: several relatives. Not patterns: `child`,
    years up to which nobody writes of oneself; `son`, `daughter`: words for such a patient;
    `ages`: the first that fits holds."""

    topic: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    sufferer: tuple[str, ...] = ()
    husband: tuple[str, ...] = ()
    wife: tuple[str, ...] = ()
    i: tuple[str, ...] = ()
    i_am: tuple[str, ...] = ()
    son: tuple[str, ...] = ()
    daughter: tuple[str, ...] = ()
    close: str = "(?!)"
    gone: str = "(?!)"
    house: str = "(?!)"
    child: int = 0
    ages: tuple[Age, ...] = ()


class Narration:
    """The words as patterns; `kin`: the words for relatives."""

    def __init__(self, words: NarrationWords, kin: tuple[str, ...]) -> None:
        named = any_word(kin)
        self._topic = re.compile(any_of(words.topic).replace(_KIN, f"({named})"))
        self._clinical = re.compile(any_of(words.clinical))
        self._sufferer = re.compile(any_of(words.sufferer))
        self._spouse = {
            "male": re.compile(any_of(words.husband)),
            "female": re.compile(any_of(words.wife)),
        }
        self._i = re.compile(any_of(words.i))
        self._close, self._gone, self._house = map(
            re.compile, (words.close, words.gone, words.house)
        )
        self._i_am = re.compile(any_of(words.i_am).replace(_KIN, f"({named})"))
        self._children = {"male": words.son, "female": words.daughter}
        self._child = words.child
        self._ages = tuple((re.compile(one.who), one.least) for one in words.ages)

    def told_of(self, note: Note, folded: str) -> Iterator[str]:
        """Words for relatives that may mean the patient; of either sex."""
        if self._clinical.search(folded):
            return
        years = age(note)
        if years is not None and years <= self._child and self._i.search(folded):
            yield from self._children.get(note.sex, ())
        spouse = self._spouse.get(note.sex)
        if spouse is not None:
            yield from (match[0] for match in spouse.finditer(folded))
        if self._sufferer.search(folded):
            return
        for match in self._topic.finditer(folded, 0, _OPENING):
            named = next(one for one in match.groups() if one)
            vague = self._house.search(named) is not None
            if vague or (years is None and not self._is_plain(folded, match)):
                continue
            if years is None or years >= self._least(named):
                yield named

    def _is_plain(self, folded: str, match: re.Match[str]) -> bool:
        """Whether a note begins with somebody living, of whom alone its sentence speaks."""
        stop = _STOP.search(folded, match.end())
        said = folded[: stop.start() if stop else len(folded)]
        return (
            match.start() == 0
            and self._close.search(match[0]) is not None
            and self._gone.search(said) is None
        )

    def is_relatives(self, folded: str) -> bool:
        """Whether the writer is a relative, whoever that is."""
        return self._i_am.search(folded) is not None

    def _least(self, named: str) -> int:
        return next((least for who, least in self._ages if who.search(named)), 0)


def age(note: Note) -> int | None:
    """Years of the patient on the day of the note."""
    born, day = note.birth[:4], note.date[:4]
    return int(day) - int(born) if born.isdigit() and day.isdigit() else None
