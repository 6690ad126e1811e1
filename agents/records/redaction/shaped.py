"""Chinese names by their shape: half hidden (王某, 李**), with the sex or a courtesy behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.redaction.tables import Tables

_SEXED: Final = re.compile(
    r"(?:(?<![一-鿿])(?!床)|(?<=\d床))([一-鿿]{2,3})[,，、(（\s]{1,2}[男女](?:[,，、\s]{0,2}(?:约?\d|[)）])|[,，])"
)
_COURTEOUS: Final = re.compile(
    r"(?:(?<=^)|(?<=[的请与和,，。;；、:：\s(（]))[一-鿿]{2,4}(?=女士|先生|小姐)"
)


class Shaped:
    """Names that need no list but that of surnames."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._hidden = re.compile(
            rf"[{''.join(sorted(tables.surnames))}]"
            r"(?:某{1,3}|[×*]{1,3}(?:[一-鿿](?![一-鿿]))?|x{2,3})"
        )

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a folded text in today's signs."""
        roles = tuple(one for one in self._tables.labels + self._tables.cues if len(one) > 1)
        for match in self._hidden.finditer(text):
            yield match.span()
        for match in _SEXED.finditer(text):
            # 石斛兰，女，24岁: nothing else is told so.
            if match[1][0] in self._tables.surnames and not match[1].endswith(roles):
                yield match.span(1)
        for match in _COURTEOUS.finditer(text):
            if match[0][0] not in "老位这那该某其":
                yield match.span()
