"""Names whose signs stand apart, or on two lines: 张 伟, 欧 阳 春 花; and 王Maria's surname."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.redaction.tables import Tables

_GAP: Final = r"[ \u3000]{1,3}"
_FIRST: Final = r"(?:^|(?<=[\n:：、,，;； \u3000]))"
_APART: Final = re.compile(
    rf"{_FIRST}[一-鿿](?:{_GAP}(?![男女])[一-鿿]){{1,3}}(?![一-鿿])(?![ \u3000]?[:：])"
    rf"|{_FIRST}[一-鿿]{{1,2}}(?:{_GAP}|\n)[一-鿿]{{1,2}}(?=[ \u3000\n、,，;；(（]|$)"
)


class Spread:
    """Names by their signs, apart."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a folded text in today's signs."""
        at = 0
        while (match := _APART.search(text, at)) is not None:
            if self._is_name(match[0].split()):
                yield match.span()
                at = match.end()
            else:
                at = match.start() + 1

    def _is_name(self, parts: list[str]) -> bool:
        joined = "".join(parts)
        family = 2 if joined[:2] in self._tables.compound else 1
        if family == 1 and (joined[0] not in self._tables.surnames or len(parts[0]) > 1):
            return False
        given = joined[family:]
        return (
            0 < len(given) < 3
            and joined not in self._tables.labels
            and given[0] not in "男女"
            and all(one in self._tables.given for one in given)
        )
