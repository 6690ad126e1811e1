"""Whom the words for people mean in a note: who writes it decides who 我母亲 is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from agents.records.narration import Narration, NarrationWords, age
from agents.records.parsed import Note
from agents.records.patterns import any_of, any_word
from agents.records.turns import Turns

_SOME_BED = re.compile(r"床(?<=\d床)|机位|暖箱")
"""In each way to say which bed is the patient's, and soon looked for."""
_BED = re.compile(r"(?<!\d)(\d{1,3})床(?!位)")
_BESIDE = 2
_KIN = "KIN"
_I_AM = "我是"
_LIKE = 4
_GROWN = 20
_OPENING = 400
"""Characters in which a writer says who they are."""

Meaning = Literal["patient", "family", "other", "none"]


class Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a relative who writes or speaks: what they call a patient of either sex."""

    who: tuple[str, ...]
    male: tuple[str, ...] = ()
    female: tuple[str, ...] = ()


class PeopleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As patterns, KIN for a relative. `writer`: who writes; `subject`: of whom is written;
    `before`: words before a relative that change nothing; `theirs`: before a relative who is
    then of the one just named; `men`: words for men; `surnames`: characters, with one before
    what one is `addressed` by it is a name; `own`, `behind`: between a disease and whose it is,
    and behind; `own_bed`: the patient's, by 床 behind a digit, 机位 or 暖箱; `has_this`: before
    whoever has a disease named before; `stranger`: behind the disease of somebody unknown;
    `at_home`: of a family as a whole, behind a disease; `alike`: before and behind somebody who is
    only compared; `dead`: behind the disease that somebody died of, who so is not the patient;
    `i`: words by which one speaks of oneself; `tells`: behind these, if one only tells of the
    patient; not patterns: `speakers`: labels of a talk, `strangers`: of somebody who is no
    relative; `young`: a relative if the patient is grown up, `newborn` also if
    the age is not known."""

    roles: tuple[Roles, ...] = ()
    writer: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    men: str = "(?!)"
    surnames: str = ""
    addressed: str = "(?!)"
    theirs: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    has_this: tuple[str, ...] = ()
    stranger: tuple[str, ...] = ()
    at_home: tuple[str, ...] = ()
    own_bed: tuple[str, ...] = ()
    alike: tuple[str, str] = ("(?!)", "(?!)")
    dead: str = "(?!)"
    young: tuple[str, ...] = ()
    newborn: tuple[str, ...] = ()
    i: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    narration: NarrationWords = NarrationWords()
    strangers: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


class Cast(NamedTuple):
    """Who is who in a note. `patient`: words for relatives that mean the patient; `bed`: the
    patient's, where it is known; `told`: whether a relative writes; `names`: where the
    writers say who they are."""

    patient: frozenset[str]
    bed: str
    told: bool
    names: tuple[tuple[int, int], ...] = ()


class People:
    """The words as patterns; `kin`: the words for relatives."""

    def __init__(self, words: PeopleWords, kin: tuple[str, ...]) -> None:
        named = any_word(kin)
        self._roles: Mapping[str, Roles] = {who: one for one in words.roles for who in one.who}
        roles = any_word(self._roles)
        self._writer = re.compile(any_of(words.writer).replace(_KIN, f"({roles})"))
        self._subject = re.compile(any_of(words.subject).replace(_KIN, f"({named})"))
        self._before = re.compile(rf"^(?:{any_of(words.before)})+")
        self._theirs = re.compile(rf"(?:{any_of(words.theirs)})$")
        self._own = re.compile(any_of(words.own))
        self._behind = re.compile(any_of(words.behind))
        self._men = re.compile(words.men)
        self._surnames = frozenset(words.surnames)
        self._addressed = re.compile(words.addressed)
        self._at_home = re.compile(any_of(words.at_home))
        self._mine = re.compile(rf"(?:{any_of(words.own)})我(?=[,。;!的]|$)")
        self._of_speaker = re.compile(
            r"(?:的|那)?(?:才)?是[她他我]自己(?:的|有|得的)?(?=[,。;!]|$)"
        )
        self._stranger = re.compile(any_of(words.stranger))
        self._has_this = re.compile(any_of(words.has_this))
        self._like, self._alike = map(re.compile, words.alike)
        self._dead = re.compile(words.dead)
        self._own_bed = re.compile(any_of(words.own_bed))
        self._i = re.compile(any_of(words.i))
        self._tells = re.compile(any_of(words.tells))
        self._narration = Narration(words.narration, kin)
        self._alike_called = [
            some
            for one in words.roles
            for some in (set(one.male) - set(one.female), set(one.female) - set(one.male))
        ]
        self._young, self._newborn = frozenset(words.young), frozenset(words.newborn)
        self.relatives = frozenset(self._roles)
        self.strangers = frozenset(words.strangers)
        self.speakers = frozenset(words.speakers) | self.relatives | self.strangers

    def cast(self, note: Note, folded: str, turns: Turns) -> Cast:
        """Who is who, by what the note says of itself."""
        opening = folded[:_OPENING]
        patient: set[str] = set()
        told = False
        signed = list(self._writer.finditer(opening))
        writers = [_group(match) for match in signed]
        names = tuple(one.span() for one in signed if one[0].startswith(_I_AM))
        for who in (*writers, *(one.who for one in turns.turns)):
            role = self._roles.get(who)
            if role is not None:
                told = told or who in writers
                patient |= _called(role, note, _hidden(opening, names)) - {who}
        for match in self._subject.finditer(opening):
            named = self.core(_group(match))
            if note.sex == "unknown" or self.is_man(named) == (note.sex == "male"):
                told = True
                patient.add(named)
        if not told and not patient and not turns.turns:
            patient = self._unsigned(note, folded)
            told = bool(patient) or self._narration.is_relatives(folded)
        bed = self._own_bed.search(folded) if _SOME_BED.search(folded) else None
        if bed is None and turns.turns and len(set(_BED.findall(folded))) > 1:
            bed = _BED.search(folded)
        return Cast(frozenset(patient), _group(bed) if bed else "", told, names)

    def _unsigned(self, note: Note, folded: str) -> set[str]:
        """What the patient is called where only sex and age tell of whom is written."""
        named = [self.core(one) for one in self._narration.told_of(note, folded)]
        unknown = note.sex == "unknown"
        fits = (one for one in named if unknown or self.is_man(one) == (note.sex == "male"))
        first = next(fits, None)
        if first is None:
            return set()
        return {first, *next((some for some in self._alike_called if first in some), ())}

    def only_tells(self, folded: str, end: int) -> bool:
        """Whether a relative who says 我 does not speak of an own disease."""
        return self._tells.match(folded, end) is not None

    def core(self, word: str) -> str:
        """A word for a relative without whose relative it is."""
        return self._before.sub("", word) or word

    def is_patient(self, cast: Cast, folded: str, start: int, end: int) -> bool:
        """Whether the word for a relative at these characters means the patient."""
        if not cast.patient or self.core(folded[start:end]) not in cast.patient:
            return False
        return self._theirs.search(folded, max(0, start - 6), start) is None

    def is_man(self, word: str) -> bool:
        """Whether a word for a relative means a man."""
        return self._men.search(word) is not None

    def is_name(self, folded: str, start: int, end: int) -> bool:
        """Whether a word for a relative stands behind a surname and so names nobody's relative."""
        if folded[start - 1 : start] not in self._surnames:
            return False
        return self._addressed.search(folded[start:end]) is not None

    def is_grown(self, note: Note, word: str) -> bool:
        """Whether a word for the young cannot mean the patient."""
        years = age(note)
        if word not in self._young:
            return True
        return word in self._newborn if years is None else years >= _GROWN

    def is_young(self, word: str) -> bool:
        """Whether a word is one for the young, who may be anybody's."""
        return word in self._young

    def is_compared(self, folded: str, start: int, end: int) -> bool:
        """Whether a person is named only as the patient is compared: 跟我爸一样."""
        like = self._like.search(folded, max(0, start - _LIKE), start)
        return like is not None and self._alike.match(folded, end) is not None

    def speaks_of_self(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where one speaks of oneself."""
        return (match.span() for match in self._i.finditer(folded, start, end))

    def own(self, folded: str, end: int, person: tuple[int, int]) -> bool:
        """Whether a disease that ends at `end` is said to be that person's, named behind it."""
        return (
            self._own.fullmatch(folded, end, person[0]) is not None
            and self._behind.match(folded, person[1]) is not None
        )

    def myself(self, folded: str, end: int) -> tuple[int, int] | None:
        """Where a writer says behind a disease that it is the writer's own."""
        match = self._mine.match(folded, end)
        return (match.end() - 1, match.end()) if match else None

    def of_speaker(self, folded: str, end: int) -> bool:
        """Whether a disease is that of the one who just spoke: 老伴说青光眼是她自己."""
        return self._of_speaker.match(folded, end) is not None

    def has_this(self, folded: str, end: int, start: int) -> bool:
        """Whether behind a disease the words before a person say that this one has it."""
        return self._has_this.fullmatch(folded, end, start) is not None

    def is_strangers(self, folded: str, end: int) -> bool:
        """Whether a disease is named to tell somebody who is not known: X的那位."""
        return self._stranger.match(folded, end) is not None

    def died_of(self, folded: str, end: int) -> bool:
        """Whether somebody died of a disease that ends there: the patient did not."""
        return self._dead.match(folded, end) is not None

    def at_home(self, folded: str, end: int, ceiling: int) -> int | None:
        """Where it ends that a disease is said to run in the family."""
        match = self._at_home.match(folded, end, ceiling)
        return match.end() if match else None


def _called(role: Roles, note: Note, opening: str) -> set[str]:
    """What the patient is called; where the sex is not known, as is named first."""
    if note.sex == "unknown":
        named = [(opening.find(one), words) for words in (role.male, role.female) for one in words]
        found = [one for one in named if one[0] >= 0]
        return set(min(found)[1]) if found else set()
    return set(role.male if note.sex == "male" else role.female)


def _hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Without the words in which the writers name themselves."""
    for start, end in spans:
        text = text[:start] + "_" * (end - start) + text[end:]
    return text


def _group(match: re.Match[str]) -> str:
    return next((one for one in match.groups() if one), "")
