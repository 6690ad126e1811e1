"""English names: which words and abbreviations name something where only English stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from agents.records.parsed import Parsed
from agents.records.patterns import any_of, any_word

_CAPITALS = 4
"""Names up to this long mean nothing in small letters: as, mm, pe."""
_SPELT = re.compile(r"[aeiou]|[^a-z\d]")
_LIST_BEFORE = re.compile(
    r"(?:^|[,;:(\n/&+.-]|\b(?:with|has|had|of|and|for|known|severe|moderate|mild|h/o|hx|on))\s*$"
)
_LIST_BEHIND = re.compile(
    r"\s*(?:$|[,;.)\n/&+(-]|(?:on|since|and|s/p|with|diagnosed|for|in|x\d)\b)"
)
_LISTING = frozenset({"past", "diagnosis", "family", "present", "treatment"})

Shape = Literal["disease", "procedure"]


class LatinWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`plain`: short names that count in small letters too; `listed`: that count only in lists of
    diagnoses; `never`: that mean something else; `diseases`, `operations`: patterns of words that
    tell by their end what they are, `neither` excepted."""

    plain: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    neither: tuple[str, ...] = ()


class Latin:
    """The words as they are asked for."""

    def __init__(self, words: LatinWords) -> None:
        self._plain = frozenset(words.plain)
        self._listed = frozenset(words.listed)
        self._never = frozenset(words.never)
        self._shaped = re.compile(
            rf"\b(?!{any_word(words.neither)}\b)(?:(?P<disease>[a-z]+(?:{any_of(words.diseases)}))"
            rf"|(?P<procedure>[a-z]+(?:{any_of(words.operations)})))\b"
        )

    def names(self, parsed: Parsed, start: int, end: int) -> bool:
        """Whether a name of the tables is meant by these characters of an English note."""
        word, section = parsed.folded[start:end], parsed.section(start)
        if start < section.body or word in self._never:
            return False
        if word not in self._listed:
            return True
        line = parsed.folded.rfind("\n", 0, start) + 1
        return (
            section.kind in _LISTING
            and _LIST_BEFORE.search(parsed.folded, max(line, start - 12), start) is not None
            and _LIST_BEHIND.match(parsed.folded, end) is not None
        )

    def is_plain(self, word: str) -> bool:
        """Whether a short name counts in small letters: gout, ckd."""
        return word in self._plain or (len(word) >= _CAPITALS - 1 and not _SPELT.search(word))

    def shaped(self, parsed: Parsed) -> Iterator[tuple[int, int, Shape]]:
        """Words that no table need know: appendicectomy, bursitis."""
        for match in self._shaped.finditer(parsed.folded):
            if match.start() >= parsed.section(match.start()).body:
                yield (*match.span(), "disease" if match["disease"] else "procedure")
