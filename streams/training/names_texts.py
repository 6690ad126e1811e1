"""Texts that teach the model of names: our moulds, and the notes that chose rules, of others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

from agents.records.pack import BUNDLED, Pack
from agents.records.redaction import Redactor
from schemas.records import Span
from streams.evaluation.record_files import own_sets
from streams.evaluation.redaction_notes.notes import HiddenNote
from streams.training.lines_texts import lines
from streams.training.names_people import MOULDS, People

FILLED, RENAMED, CLAUSES, LISTS = 8, 8, 10_000, 600
"""How often a mould is filled and a note is told of others; clauses and lists of words."""
_SLOT: Final = re.compile(r"\{([a-z])\}")
_SIGNS: Final = re.compile(r"([\s·•・‧*＊×]+)")
_HIDDEN: Final = re.compile(r"[·•・‧*＊×]")
_HAN: Final = re.compile(r"[一-鿿]")
_DAYS = -40


class Told(NamedTuple):
    """A text and where its names are.

    `unsure`: of these characters nothing is known. `near`: only what stands near a name teaches;
    `share`: every how many of the other stretches do.
    """

    text: str
    names: tuple[Span, ...] = ()
    unsure: tuple[Span, ...] = ()
    near: bool = False
    share: int = 1


class Clauses:
    """What is said of somebody, or of something, in a row."""

    def __init__(self, people: People) -> None:
        table = tomllib.loads(MOULDS.read_text("utf-8"))
        self._people = people
        self._plain: list[str] = table["plain"].strip().splitlines()
        words = table["clauses"]
        self._before, self._behind, self._nouns = (
            [one.replace("\\n", "\n") for one in words[name].split()]
            for name in ("before", "behind", "nouns")
        )

    def told(self, random: Random) -> Told:
        """One to three of them."""
        text, names = "", []
        for _ in range(random.choice((1, 2, 2, 3))):
            text += self._beside(self._before, random) if random.random() < 0.85 else ""
            if random.random() < 0.5:
                spaced = random.random() < 0.06
                name = (self._people.spaced if spaced else self._people.anybody)(random)
                names.append(Span(len(text), len(text) + len(name)))
                text += name
            else:
                text += random.choice(self._nouns)
            text += self._beside(self._behind, random) + random.choice("，，。、 ；\n")
        return Told(text, tuple(names))

    def _beside(self, words: Sequence[str], random: Random) -> str:
        """A word that stands beside people, or beside anything."""
        if random.random() < 0.75:
            return random.choice(words)
        line = random.choice(self._plain)
        at = random.randrange(len(line))
        return line[at : at + random.choice((2, 4, 6))]


def made_up(pack: Pack, people: People, seed: int) -> Iterator[Told]:
    """Texts of our own, with names and without."""
    table = tomllib.loads(MOULDS.read_text("utf-8"))
    for mould in table["moulds"].strip().splitlines():
        for time in range(FILLED):
            yield filled(mould, people, Random(f"{seed} {mould} {time}"))
    clauses = Clauses(people)
    for number in range(CLAUSES):
        yield clauses.told(Random(f"{seed} clause {number}"))
    for number in range(LISTS):
        random = Random(f"{seed} list {number}")
        yield Told(random.choice("，、；").join(people.words(random)) + "。")
    yield from map(Told, table["plain"].strip().splitlines())
    yield from (Told(one.text, share=2) for one in lines(BUNDLED, each=1, seed=seed))
    random = Random(seed)
    terms = random.sample(pack.redaction.medical, len(pack.redaction.medical))
    for at in range(0, len(terms), 8):
        yield Told(random.choice("、，").join(terms[at : at + 8]), share=2)


def records(pack: Pack) -> Iterator[Told]:
    """Notes of records that chose rules: but for what rules take for names, nobody's."""
    redactor = Redactor(pack.redaction)
    for one in own_sets():
        if one.half == "tune":
            removed = redactor.redact(one.note.text, days=_DAYS).removed
            unsure = (
                Span(max(0, place.span.start - 1), place.span.end + 1)
                for place in removed
                if place.kind == "name"
            )
            yield Told(one.note.text, unsure=tuple(unsure), share=3)


def told_of(note: HiddenNote, people: People, seed: int) -> Iterator[Told]:
    """A note as it is, and of others."""
    told = Told(note.text, tuple(one.span for one in note.truth if one.kind == "name"))
    yield told
    for time in range((RENAMED if note.written else 2) if told.names else 0):
        yield renamed(told, people, Random(f"{seed} {note.id} {time}"))


def filled(mould: str, people: People, random: Random) -> Told:
    """A mould with made-up names."""
    made: dict[str, str] = {}
    text, done = "", 0
    names: list[Span] = []
    for slot in _SLOT.finditer(mould):
        text += mould[done : slot.start()]
        done = slot.end()
        name = made.get(slot[1]) or _named(slot[1], people, random)
        if slot[1] != "e":
            made[slot[1]] = name
        names.append(Span(len(text), len(text) + len(name)))
        text += name
    return Told(text + mould[done:], tuple(names))


def _named(letter: str, people: People, random: Random) -> str:
    if letter in "fd":
        return people.whole(random)
    if letter in "gh":
        return people.short(random)
    if letter in "st":
        return people.surname(random)
    return people.latin(random) if letter == "e" else people.anybody(random)


def renamed(told: Told, people: People, random: Random) -> Told:
    """The same text of other people; who comes twice has the same new name twice."""
    made: dict[str, str] = {}
    for name in sorted({told.text[a:b] for a, b in _ends(told)}, key=lambda one: (-len(one), one)):
        made[name] = _other(name, made, people, random)
    text, done = "", 0
    names: list[Span] = []
    for start, end in _ends(told):
        new = made[told.text[start:end]]
        text += told.text[done:start]
        names.append(Span(len(text), len(text) + len(new)))
        text += new
        done = end
    return Told(text + told.text[done:], tuple(names), near=True)


def _other(name: str, made: dict[str, str], people: People, random: Random) -> str:
    if _SIGNS.search(name) and _HAN.search(name):
        parts = _SIGNS.split(name)
        return "".join(
            people.surname(random) if len(one) == 1 and _HAN.match(one) else one for one in parts
        )
    for whole, new in made.items():
        if len(whole) > len(name) > 1 and whole.endswith(name) and len(new) > 2:
            return new[1:]
    return people.another(name, random)


def parts(told: Told) -> Iterator[tuple[int, int]]:
    """The names, those with dots and hidden signs in their parts."""
    for start, end in _ends(told):
        at = start
        for piece in _SIGNS.split(told.text[start:end]):
            if _HIDDEN.search(told.text[start:end]) and piece and not _SIGNS.match(piece):
                yield at, at + len(piece)
            at += len(piece)
        if not _HIDDEN.search(told.text[start:end]):
            yield start, end


def _ends(told: Told) -> list[tuple[int, int]]:
    return sorted((one.start, one.end) for one in told.names)
