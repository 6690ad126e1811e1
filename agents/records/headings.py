"""Which lines of a document are headings, and what they head."""

from __future__ import annotations

import re
import tomllib
from typing import get_args

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Section, SectionKind

_NUMBER = r"(?:[(\[【<]?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、.)\]】]\s*)?"
_BEFORE = rf"(?:^|(?<=\n)|(?<=[。;；]))[ \t]*{_NUMBER}[【\[<(]?\s*"
_AFTER = r"\s*[】\]>)]?\s*(?:[::]|(?=\n|$)|(?<=[】\]]))"


class Headings:
    """The headings of the pack: kinds of sections and what they are called."""

    def __init__(self, names: dict[str, SectionKind]) -> None:
        self._kinds = {fold(name): kind for name, kind in names.items()}
        known = "|".join(re.escape(name) for name in sorted(self._kinds, key=len, reverse=True))
        self._heading = re.compile(rf"{_BEFORE}({known}){_AFTER}", re.IGNORECASE)

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
        folded = fold(text)
        found = [(m.start(1), m.end(), self._kinds[m[1]]) for m in self._heading.finditer(folded)]
        edges = [start for start, _, _ in found] + [len(text)]
        made = [
            Section(kind, start, body, end)
            for (start, body, kind), end in zip(found, edges[1:], strict=True)
        ]
        if edges[0]:
            made.insert(0, Section("other", 0, 0, edges[0]))
        return tuple(made)
