"""A table of terms: what a thing is called, its preferred name and its code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.errors import BadPack
from agents.records.folding import fold


class Term(NamedTuple):
    """One row: `code` is empty where no code is known; `more`: the table's further columns."""

    name: str
    code: str
    more: tuple[str, ...]


class Found(NamedTuple):
    """A term at characters `start` to `end` of a text."""

    start: int
    end: int
    term: Term


class Terms:
    """Rows `name <TAB> code <TAB> alias|alias|... [<TAB> more]`; # begins a comment."""

    def __init__(self, rows: Iterable[tuple[Term, tuple[str, ...]]]) -> None:
        self._terms: dict[str, Term] = {}
        for term, aliases in rows:
            for name in (term.name, *aliases):
                self._terms.setdefault(fold(name), term)
        self._names = sorted(self._terms)
        self._latin = [*map(latin, self._names)]
        self._search = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    @classmethod
    def read(cls, content: str, place: str) -> Terms:
        """The rows of a file; `place`: what an error calls it. Raises BadPack."""
        rows = []
        for number, line in enumerate(content.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, *rest = [cell.strip() for cell in line.split("\t")]
            if not name or len(rest) < 2:
                raise BadPack(f"{place}, line {number}: name, code and aliases, parted by tabs")
            aliases = tuple(alias for alias in rest[1].split("|") if alias)
            rows.append((Term(name, rest[0], tuple(rest[2:])), aliases))
        return cls(rows)

    def __len__(self) -> int:
        return len(self._terms)

    @property
    def names(self) -> tuple[str, ...]:
        """Names and aliases, folded."""
        return tuple(self._names)

    def get(self, name: str) -> Term | None:
        """The row with this name or alias."""
        return self._terms.get(fold(name))

    def find(self, folded: str) -> list[Found]:
        """Terms in a folded text, the first and longest ones; English only as whole words."""
        return [
            Found(start, end, self._terms[self._names[which]])
            for which, start, end in self._search.find_matches_as_indexes(folded)
            if not self._latin[which] or whole_word(folded, start, end)
        ]


def latin(word: str) -> bool:
    """Whether a word may be a part of a longer one of Latin letters, as its ends are."""
    return word[:1].isascii() or word[-1:].isascii()


def whole_word(text: str, start: int, end: int) -> bool:
    """Whether these characters are no part of a longer word of Latin letters."""
    return not (_joins(text, start) or _joins(text, end))


def _joins(text: str, at: int) -> bool:
    """Whether a word of Latin letters goes on across this place."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
