"""Names of other tongues in Chinese signs, by their parts: 阿依古丽, 次仁卓玛, 乌云其其格, 约翰."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import any_word
from agents.records.redaction.tables import Tables

DOTTED: Final = re.compile(r"[一-鿿]{2,8}(?:[·•・‧][一-鿿]{1,8}){1,3}")
EPONYM: Final = re.compile(r"(?:综合征|综合症|氏|病|征|症|证|诊断|试验|反应|评分|法|瘤|现象)")
"""A name with this behind it is a disease's or a test's."""
_AFTER: Final = (
    "代诉", "于", "因", "诉", "医", "主任", "护", "透析", "在", "老人", "教授", "先生",
    "女士", "太太", "小姐", "的", "已", "大爷", "大妈", "阿姨",
)  # fmt: skip
"""What goes on behind a name of several parts."""


class Transliterated:
    """Runs of parts of such names; a part alone only where nothing else joins it."""

    def __init__(self, tables: Tables) -> None:
        parts = any_word(tables.parts)
        ends = any_word((*tables.goes_on, *tables.titles))
        letters = "".join(sorted(set("".join(tables.parts))))
        self._run = re.compile(rf"{parts}(?:{parts}+[{letters}]?(?={ends}|(?![一-鿿]))|{parts}+)")
        self._loose = re.compile(rf"{parts}[{letters}]{{0,2}}(?={ends}|(?![一-鿿]))")
        self._not = tables.not_names + tables.regions + tables.medical

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a folded text."""
        for pattern in (self._run, self._loose):
            for match in pattern.finditer(text):
                if len(match[0]) > 1 and not text.startswith(self._not, match.start()):
                    yield match.span()


def dotted_end(text: str, at: int, end: int) -> int:
    """Where a name with dots in it, whose last part begins before `at`, ends by `end` at most."""
    for place in range(at + 1, end):
        if text.startswith(_AFTER, place):
            return place
    return end
