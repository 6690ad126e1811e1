"""Which words of a document are headings, and what they head."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import get_args

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Section, SectionKind
from agents.records.patterns import any_word

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


class Headings:
    """The headings of the pack: kinds of sections and what they are called."""

    def __init__(self, names: dict[str, SectionKind]) -> None:
        self._kinds = {fold(name): kind for name, kind in names.items()}
        every = any_word(self._kinds)
        bare = any_word(n for n in self._kinds if n.endswith("史") and len(n) >= _BARE_LEAST)
        # Within a line only what is plainly a heading: 3 letters or 2 characters, and a colon.
        inner = any_word(n for n in self._kinds if len(n) > (3 if n.isascii() else 1))
        opened = rf"{_MARK}{_GAP}{_NUMBER}[【\[<(*]{{0,2}}{_GAP}"
        closed = rf"{_GAP}(?:[】\]>)*]{{1,2}}{_GAP}:?|:[*]{{0,2}}|(?=\n|$))"
        self._heading = re.compile(
            rf"{_FIRST}(?:{_LINE}{_GAP}(?P<line>{opened}(?P<a>{every}){_GAP}(?:\([^()\n]{{0,20}}\))?{closed})"
            rf"|{_LINE}{_GAP}(?P<bare>(?P<b>{bare})(?![:史及和与、/]))"
            rf"|(?<=[\s,、)\]】.。;])(?P<inner>[【\[]?(?P<c>{inner})(?:[】\]]{_GAP}:?|{_GAP}:))"
            rf"|(?P<boxed>[【\[](?P<d>{every})[】\]]{_GAP}:?)"
            rf"|(?P<unknown>【[^【】\n]{{1,14}}】{_GAP}:?)"
            rf"|{_LINE}{_GAP}(?P<pair>{opened}(?P<e>{every})[及和与、/](?:{every}){closed}))"
        )

    @classmethod
    def read(cls, content: str, place: str) -> Headings:
        """A TOML table of lists, kind to names. Raises BadPack."""
        try:
            table = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise BadPack(f"{place}: {error}") from None
        strange = sorted(set(table) - set(get_args(SectionKind)))
        if strange:
            raise BadPack(f"{place}: no kind of section: {', '.join(strange)}")
        return cls({name: kind for kind in get_args(SectionKind) for name in table.get(kind, ())})

    def sections(self, text: str) -> tuple[Section, ...]:
        """The sections of a text; what comes before the first heading is `other`."""
        return self.sections_of(fold(text))

    def sections_of(self, folded: str) -> tuple[Section, ...]:
        """The sections of a text that is folded already."""
        found = list(self._found(folded))
        edges = [start for start, _, _ in found] + [len(folded)]
        made = [
            Section(kind, start, body, end)
            for (start, body, kind), end in zip(found, edges[1:], strict=True)
        ]
        if edges[0]:
            made.insert(0, Section("other", 0, 0, edges[0]))
        return tuple(made)

    def _found(self, folded: str) -> Iterator[tuple[int, int, SectionKind]]:
        for match in self._heading.finditer(folded):
            whole = match.lastgroup or ""
            if whole == "unknown":
                yield match.start(), match.end(), "other"
                continue
            yield match.start(whole), match.end(whole), self._kinds[match[_NAMES[whole]]]
