"""Which words of a document are headings, and what they head."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import get_args

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Section, SectionKind
from agents.records.patterns import HANS, any_word

_GAP = r"[^\S\n]{0,4}"
_NUMBER = rf"(?:[(\[【<]?{_GAP}(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}}){_GAP}[、.)\]】]{_GAP})?"
_LINE = r"(?:^|(?<=\n)|(?<=\n[ \t])|(?<=\n[ \t]{2})|(?<=[。;!?]))"
_FIRST = r"(?:(?<![^\s,、)\]】.。;!?])|(?=[【\[]))"
"""Says at once that at most characters no heading begins."""
_MARK = r"[#*■◆●▲·>-]{0,4}"
_NAMES = {"line": "a", "bare": "b", "inner": "c", "boxed": "d", "pair": "e"}
"""The name within each form of a heading."""
_BARE_LEAST = 3
"""Characters of a name ending in 史 that may head a line without a colon: 家族史无特殊."""


_LISTED: frozenset[SectionKind] = frozenset({"family", "diagnosis"})
"""Sections that in English end with the line of their heading, if that says all."""
_SAID = re.compile(r"[^\n]*[a-z0-9)][^\n]*[.)]?[^\S\n]*\n(?!\s*(?:[-*•]|\(?\d{1,2}[.)]))\s*(?=\S)")
_POINT = re.compile(r"[^\S\n]*[-*•]")


class Headings:
    """The headings of the pack: kinds of sections and what they are called.

    `english`: what is one only in a document without Chinese signs.
    """

    def __init__(
        self, names: dict[str, SectionKind], english: dict[str, SectionKind] | None = None
    ) -> None:
        self._kinds = {fold(name): kind for name, kind in names.items()}
        self._heading = _pattern(self._kinds, 3)
        latin = {name: kind for name, kind in self._kinds.items() if name.isascii()}
        self._latin_kinds = latin | {fold(n): kind for n, kind in (english or {}).items()}

    @cached_property
    def _latin(self) -> re.Pattern[str]:
        return _pattern(self._latin_kinds, 1)

    @classmethod
    def read(cls, content: str, place: str) -> Headings:
        """TOML tables of lists, kind to names. Raises BadPack."""
        try:
            table = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise BadPack(f"{place}: {error}") from None
        english = table.pop("english", {})
        strange = sorted({*table, *english} - set(get_args(SectionKind)))
        if strange:
            raise BadPack(f"{place}: no kind of section: {', '.join(strange)}")
        return cls(_by_name(table), _by_name(english))

    def sections(self, text: str) -> tuple[Section, ...]:
        """The sections of a text; what comes before the first heading is `other`."""
        return self.sections_of(fold(text))

    def sections_of(self, folded: str) -> tuple[Section, ...]:
        """The sections of a text that is folded already."""
        english = HANS.search(folded) is None
        found = list(self._found(folded, english=english))
        edges = [start for start, _, _ in found] + [len(folded)]
        made = [
            Section(kind, start, body, end)
            for (start, body, kind), end in zip(found, edges[1:], strict=True)
        ]
        if edges[0]:
            made.insert(0, Section("other", 0, 0, edges[0]))
        return tuple(piece for one in made for piece in (_ended(folded, one) if english else [one]))

    def _found(self, folded: str, *, english: bool) -> Iterator[tuple[int, int, SectionKind]]:
        heading, kinds = (
            (self._latin, self._latin_kinds) if english else (self._heading, self._kinds)
        )
        for match in heading.finditer(folded):
            whole = match.lastgroup or ""
            if whole == "unknown":
                yield match.start(), match.end(), "other"
                continue
            yield match.start(whole), match.end(whole), kinds[match[_NAMES[whole]]]


def _by_name(table: dict[str, list[str]]) -> dict[str, SectionKind]:
    return {name: kind for kind in get_args(SectionKind) for name in table.get(kind, ())}


def _pattern(kinds: Iterable[str], shortest: int) -> re.Pattern[str]:
    """`shortest`: Latin names up to this long are headings only at the beginning of a line."""
    names = tuple(kinds)
    every = any_word(names)
    bare = any_word(n for n in names if n.endswith("史") and len(n) >= _BARE_LEAST)
    # Within a line only what is plainly a heading: 3 letters or 2 characters, and a colon.
    inner = any_word(n for n in names if len(n) > (shortest if n.isascii() else 1))
    opened = rf"{_MARK}{_GAP}{_NUMBER}[【\[<(*]{{0,2}}{_GAP}"
    closed = rf"{_GAP}(?:[】\]>)*]{{1,2}}{_GAP}:?|:[*]{{0,2}}|(?=\n|$))"
    return re.compile(
        rf"{_FIRST}(?:{_LINE}{_GAP}(?P<line>{opened}(?P<a>{every}){_GAP}(?:\([^()\n]{{0,20}}\))?{closed})"
        rf"|{_LINE}{_GAP}(?P<bare>(?P<b>{bare})(?![:及和与、/]))"
        rf"|(?<=[\s,、)\]】.。;])(?P<inner>[【\[]?(?P<c>{inner})(?:[】\]]{_GAP}:?|{_GAP}:))"
        rf"|(?P<boxed>[【\[](?P<d>{every})[】\]]{_GAP}:?)"
        rf"|(?P<unknown>【[^【】\n]{{1,14}}】{_GAP}:?)"
        rf"|{_LINE}{_GAP}(?P<pair>{opened}(?P<e>{every})[及和与、/](?:{every}){closed}))"
    )


def _ended(folded: str, section: Section) -> Iterator[Section]:
    """A section cut where another paragraph or the next point of a list begins."""
    line = folded.rfind("\n", 0, section.start) + 1
    end = section.end
    if section.kind in _LISTED and (said := _SAID.match(folded, section.body, section.end)):
        end = said.end()
    elif section.start > line and _POINT.match(folded, line):
        end = folded.find("\n", section.body, section.end) + 1 or section.end
    yield section._replace(end=end)
    if end < section.end:
        yield Section("other", end, end, section.end)
