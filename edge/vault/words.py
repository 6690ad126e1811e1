"""How texts are cut for the search, and a question made of words.

Chinese has no spaces: every two neighbours are a word of the index, and the last of a run alone,
so that one character is the beginning of a word and more are a phrase. Letters and figures are
words where they change into each other; the last of a question may be cut short.
"""

from __future__ import annotations

import re
from itertools import pairwise

from agents.records.folding import fold
from edge.errors import Unfit
from edge.vault.database import Connection
from schemas.records import Document, Item, Span

_CJK = r"\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"((?:(?![\W_])[{_CJK}])+)|((?:(?![\W_])[^\d{_CJK}])+)|((?:(?![\W_{_CJK}])\d)+)")
_BETWEEN = r"[\W_]*"
_PIECE = 4
_MOST_WORDS = 10
_MOST_LETTERS = 200


class Question:
    """Words parted by spaces, all of which must be there. Raises Unfit."""

    def __init__(self, words: str) -> None:
        parts = fold(words).split()
        if len(words) > _MOST_LETTERS or len(parts) > _MOST_WORDS:
            raise Unfit(f"最多搜索 {_MOST_WORDS} 个词", f"search for at most {_MOST_WORDS} words")
        runs = [found for part in parts if (found := _runs(part))]
        self.match = " AND ".join(_phrase(run) for run in runs)
        """As FTS5 has it; empty: there is nothing to look for."""
        self._patterns = [_pattern(run) for run in runs]

    def __repr__(self) -> str:
        return "Question()"

    def places(self, folded: str, most: int) -> list[Span]:
        """Where its words stand in a folded text, in order, none within another."""
        found = sorted(
            (match.start(), -match.end())
            for pattern in self._patterns
            for match, _ in zip(pattern.finditer(folded), range(most), strict=False)
        )
        kept = list[Span]()
        for start, end in found:
            if not kept or start >= kept[-1].end:
                kept.append(Span(start, -end))
        return kept[:most]

    def fits(self, item: Item) -> bool:
        """Whether a word of it stands in what the item is called."""
        told = fold(f"{item.name}\n{item.term}\n{item.code}")
        return any(pattern.search(told) for pattern in self._patterns)


def put_words(db: Connection, place: int, document: Document, items: tuple[Item, ...]) -> None:
    """Make a document found by its text, and by what is read out of it; within a transaction."""
    names = {name for item in items for name in (item.name, item.term, item.code)}
    terms = "\n".join([document.title, document.department, *sorted(names)])
    db.execute(
        "INSERT INTO words (rowid, text, terms) VALUES (?, ?, ?)",
        (place, index(fold(document.text)), index(fold(terms))),
    )


def index(folded: str) -> str:
    """The words of a folded text, parted by spaces."""
    made: list[str] = []
    for run, chinese in _runs(folded):
        if chinese:
            made += [a + b for a, b in pairwise(run)]
            made.append(run[-1])
        else:
            made.append(run)
    return " ".join(made)


def _runs(folded: str) -> list[tuple[str, bool]]:
    """Stretches of one kind of character, and whether it is Chinese (Japanese, Korean)."""
    return [(match[0], match[1] is not None) for match in _RUN.finditer(folded)]


def _phrase(runs: list[tuple[str, bool]]) -> str:
    """Words one after the other; none holds a character that FTS5 gives a meaning in quotes.

    Longer ones are asked for piece by piece, the end of one the beginning of the next: FTS5 takes
    memory for a phrase of more than four words in every document, and SQLCipher locks each.
    """
    words = index(" ".join(run for run, _ in runs)).split()
    last, chinese = runs[-1]
    whole = chinese and len(last) > 1
    if whole:
        # The run may go on in the text.
        words.pop()
    pieces = [words[at : at + _PIECE] for at in range(0, max(1, len(words) - 1), _PIECE - 1)]
    told = " AND ".join('"' + " ".join(piece) + '"' for piece in pieces)
    return told if whole else told + " *"


def _pattern(runs: list[tuple[str, bool]]) -> re.Pattern[str]:
    first, chinese = runs[0]
    edge = "" if chinese else r"(?<!\d)" if first.isdigit() else r"(?<![^\W\d_])"
    return re.compile(edge + _BETWEEN.join(re.escape(run) for run, _ in runs))
