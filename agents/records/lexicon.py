"""The words that names of diseases, lesions and operations are made of."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Parsed
from agents.records.terms import Term, Terms, latin, whole_word

Part = Literal[
    "disease", "procedure", "site", "side", "modifier", "behind",
    "lesion", "vague", "symptom", "never", "operation", "way",
]  # fmt: skip
_CAPITALS = 4
"""Latin names up to this long mean nothing in small letters: as, mm, pe."""


class Token(NamedTuple):
    """A word of the lexicon in a text; a word may be a part of several kinds."""

    start: int
    end: int
    parts: frozenset[Part]
    disease: Term | None
    procedure: Term | None


_Found = tuple[list[Token], list[int]]
"""The words of a note, and where they begin."""


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sites: tuple[str, ...]
    sides: tuple[str, ...]
    modifiers: tuple[str, ...]
    behind: tuple[str, ...]
    lesions: tuple[str, ...]
    vague: tuple[str, ...]
    symptoms: tuple[str, ...]
    things: tuple[str, ...]
    never: tuple[str, ...]
    operations: tuple[str, ...]
    ways: tuple[str, ...]
    weak: tuple[str, ...]
    no_operation: tuple[str, ...]
    endings: tuple[str, ...] = ()


class Lexicon:
    """The tables of diseases and procedures, and what further names are made of.

    `things`: words that make of a disease's name the name of something else (糖尿病饮食);
    `no_operation` of an operation's; `ending`: how names of diseases end that it has not;
    `weak`: operations only with what is operated on.
    """

    def __init__(self, diseases: Terms, procedures: Terms, words: _Words) -> None:
        parts: dict[str, set[Part]] = {}
        groups: tuple[tuple[Part, tuple[str, ...]], ...] = (
            ("disease", diseases.names), ("procedure", procedures.names),
            ("site", words.sites), ("side", words.sides), ("modifier", words.modifiers),
            ("behind", words.behind), ("lesion", words.lesions), ("vague", words.vague),
            ("symptom", words.symptoms), ("never", words.never),
            ("operation", words.operations), ("way", words.ways),
        )  # fmt: skip
        for part, names in groups:
            for name in names:
                parts.setdefault(fold(name), set()).add(part)
        self._words = sorted(parts)
        self._known = [
            (frozenset(parts[word]), diseases.get(word), procedures.get(word))
            for word in self._words
        ]
        self._latin = [*map(latin, self._words)]
        self._short = [word.isascii() and len(word) <= _CAPITALS for word in self._words]
        self._search = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        self.weak = frozenset(map(fold, words.weak))
        self.no_operation = tuple(map(fold, words.no_operation))
        self.things = tuple(map(fold, words.things))
        self.diseases = diseases
        self.procedures = procedures
        self.ending = re.compile(rf"(?:{'|'.join(words.endings) or '(?!)'})$")
        self._tokens: WeakKeyDictionary[Parsed, _Found] = WeakKeyDictionary()

    @classmethod
    def read(cls, tables: Mapping[str, str]) -> Lexicon:
        """From `diagnoses.tsv`, `procedures.tsv` and `lesions.toml`. Raises BadPack."""
        try:
            words = msgspec.convert(tomllib.loads(tables["lesions.toml"]), _Words)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"lesions.toml: {error}") from None
        return cls(
            Terms.read(tables["diagnoses.tsv"], "diagnoses.tsv"),
            Terms.read(tables["procedures.tsv"], "procedures.tsv"),
            words,
        )

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
            tokens = [
                Token(start, end, *self._known[which])
                for which, start, end in self._search.find_matches_as_indexes(parsed.folded)
                if not self._latin[which] or self._counts(parsed, which, start, end)
            ]
            known = self._tokens[parsed] = tokens, [one.start for one in tokens]
        return known

    def _counts(self, parsed: Parsed, which: int, start: int, end: int) -> bool:
        if not whole_word(parsed.folded, start, end):
            return False
        if not self._short[which]:
            return True
        before, after = parsed.folded[start - 1 : start], parsed.folded[end : end + 1]
        if after.isdigit() and end - start < 3:  # CD20, PE2
            return False
        return not before.isdigit() and sum(map(str.isupper, parsed.text[start:end])) * 2 > (
            end - start
        )
