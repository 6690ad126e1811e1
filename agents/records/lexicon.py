"""The words that names of diseases, lesions and operations are made of."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.latin import Latin, LatinWords
from agents.records.parsed import Parsed
from agents.records.patterns import any_word
from agents.records.terms import Term, Terms, latin, whole_word

Part = Literal[
    "disease", "procedure", "site", "side", "modifier", "behind",
    "lesion", "vague", "symptom", "never", "operation", "way",
]  # fmt: skip
_CAPITALS = 4
"""Latin names up to this long mean nothing in small letters: as, mm, pe."""
_start = attrgetter("start")


class Token(NamedTuple):
    """A word of the lexicon in a text; a word may be a part of several kinds."""

    start: int
    end: int
    parts: frozenset[Part]
    disease: Term | None
    procedure: Term | None


_Found = tuple[list[Token], list[int]]
"""The words of a note, and where they begin."""


class _Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sites: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    lesions: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    no_operation: tuple[str, ...] = ()


class _Words(_Parts, frozen=True, forbid_unknown_fields=True):
    endings: tuple[str, ...] = ()
    english: LatinWords = LatinWords()
    in_english: _Parts = _Parts()


_Tables = tuple[Terms, ...]


def _first(tables: _Tables, name: str) -> Term | None:
    return next((term for one in tables if (term := one.get(name))), None)


class _Vocabulary:
    """Words as they are searched, and what each may be a part of."""

    def __init__(self, diseases: _Tables, procedures: _Tables, *words: _Parts) -> None:
        parts: dict[str, set[Part]] = {}
        groups: list[tuple[Part, tuple[str, ...]]] = [
            *(("disease", one.names) for one in diseases),
            *(("procedure", one.names) for one in procedures),
        ]
        for one in words:
            groups += (
                ("site", one.sites), ("side", one.sides), ("modifier", one.modifiers),
                ("behind", one.behind), ("lesion", one.lesions), ("vague", one.vague),
                ("symptom", one.symptoms), ("never", one.never),
                ("operation", one.operations), ("way", one.ways),
            )  # fmt: skip
        for part, names in groups:
            for name in names:
                parts.setdefault(fold(name), set()).add(part)
        self.words = sorted(parts)
        self.known = [
            (frozenset(parts[word]), _first(diseases, word), _first(procedures, word))
            for word in self.words
        ]
        self.latin = [*map(latin, self.words)]
        self.short = [word.isascii() and len(word) <= _CAPITALS for word in self.words]
        self.search = AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest)


class Lexicon:
    """The tables of diseases and procedures, and what further names are made of.

    `ending`: how names of diseases end that it has not; `weak`: operations only with what is
    operated on.
    """

    def __init__(self, diseases: _Tables, procedures: _Tables, words: _Words) -> None:
        """Of each the usual table, and what is more in documents without Chinese signs."""
        self._diseases, self._procedures, self._words = diseases, procedures, words
        self._usual = _Vocabulary(diseases[:1], procedures[:1], words)
        more = words.in_english
        self.weak = frozenset(map(fold, (*words.weak, *more.weak)))
        self._no_operation = tuple(map(fold, words.no_operation))
        self._things = tuple(map(fold, words.things))
        self._no_operation_more, self._things_more = (
            re.compile(rf"{any_word(some)}\b") for some in (more.no_operation, more.things)
        )
        self.ending = re.compile(rf"(?:{'|'.join(words.endings) or '(?!)'})$")
        self._english = Latin(words.english)
        self._tokens: WeakKeyDictionary[Parsed, _Found] = WeakKeyDictionary()

    @classmethod
    def read(cls, tables: Mapping[str, str]) -> Lexicon:
        """From the tables of diagnoses and procedures, and `lesions.toml`. Raises BadPack."""
        try:
            words = msgspec.convert(tomllib.loads(tables["lesions.toml"]), _Words)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"lesions.toml: {error}") from None
        diseases, procedures = (
            tuple(
                Terms.read(tables[place], place) for place in (f"{name}.tsv", f"{name}-english.tsv")
            )
            for name in ("diagnoses", "procedures")
        )
        return cls(diseases, procedures, words)

    @cached_property
    def _latin(self) -> _Vocabulary:
        """Made when the first English note comes: it takes a tenth of the whole start."""
        return _Vocabulary(self._diseases, self._procedures, self._words, self._words.in_english)

    def is_procedure(self, name: str) -> bool:
        """Whether a table has an operation of this name."""
        return _first(self._procedures, name) is not None

    def is_thing(self, parsed: Parsed, end: int) -> bool:
        """Whether a disease's name that ends there names something else: 糖尿病饮食."""
        more = parsed.is_english and self._things_more.match(parsed.folded, end)
        return bool(more) or parsed.folded.startswith(self._things, end)

    def is_no_operation(self, parsed: Parsed, end: int) -> bool:
        """The same of an operation's: 手术室."""
        more = parsed.is_english and self._no_operation_more.match(parsed.folded, end)
        return bool(more) or parsed.folded.startswith(self._no_operation, end)

    def tokens(self, parsed: Parsed) -> list[Token]:
        """The words of a note, the first and longest ones, found once."""
        return self._found(parsed)[0]

    def between(self, parsed: Parsed, start: int, end: int) -> list[Token]:
        """The words of a note that begin there."""
        tokens, starts = self._found(parsed)
        first = bisect_left(starts, start)
        return tokens[first : bisect_left(starts, end, first)]

    def _found(self, parsed: Parsed) -> _Found:
        known = self._tokens.get(parsed)
        if known is None:
            names = self._latin if parsed.is_english else self._usual
            tokens = [
                Token(start, end, *names.known[which])
                for which, start, end in names.search.find_matches_as_indexes(parsed.folded)
                if not names.latin[which] or self._counts(parsed, names, which, start, end)
            ]
            if parsed.is_english:
                tokens = sorted([*tokens, *self._shaped(parsed, tokens)], key=_start)
            known = self._tokens[parsed] = tokens, [one.start for one in tokens]
        return known

    def _shaped(self, parsed: Parsed, tokens: list[Token]) -> Iterator[Token]:
        """Names that only their end tells, where no other word stands."""
        starts = [one.start for one in tokens]
        for start, end, part in self._english.shaped(parsed):
            before = bisect_left(starts, end)
            if before == 0 or tokens[before - 1].end <= start:
                yield Token(start, end, frozenset({part}), None, None)

    def _counts(self, parsed: Parsed, names: _Vocabulary, which: int, start: int, end: int) -> bool:
        if not whole_word(parsed.folded, start, end):
            return False
        if parsed.is_english and not self._english.names(parsed, start, end):
            return False
        if not names.short[which]:
            return True
        if parsed.is_english and self._english.is_plain(names.words[which]):
            return True
        before, after = parsed.folded[start - 1 : start], parsed.folded[end : end + 1]
        if after.isdigit() and end - start < 3:  # CD20, PE2
            return False
        return not before.isdigit() and sum(map(str.isupper, parsed.text[start:end])) * 2 > (
            end - start
        )
