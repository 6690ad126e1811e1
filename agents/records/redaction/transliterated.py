"""Names of other tongues in Chinese signs, by their parts: 阿依古丽, 次仁卓玛, 乌云其其格, 约翰."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.records.redaction.tables import Tables


class Transliterated:
    """Runs of parts of such names; a part alone only where nothing else joins it."""

    def __init__(self, tables: Tables) -> None:
        parts = "|".join(map(re.escape, tables.parts))
        ends = "|".join(map(re.escape, (*tables.goes_on, *tables.titles)))
        letters = "".join(sorted(set("".join(tables.parts))))
        self._run = re.compile(
            rf"(?:{parts})(?:(?:{parts})+[{letters}]?(?={ends}|(?![一-鿿]))|(?:{parts})+)"
        )
        self._loose = re.compile(rf"(?:{parts})[{letters}]{{0,2}}(?={ends}|(?![一-鿿]))")
        self._not = tables.not_names + tables.regions + tables.medical

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a folded text."""
        for pattern in (self._run, self._loose):
            for match in pattern.finditer(text):
                if len(match[0]) > 1 and not text.startswith(self._not, match.start()):
                    yield match.span()
