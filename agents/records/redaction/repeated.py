"""Who was named once: named again, by the given name alone, or in a list with others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.records.redaction.tables import Tables

_NEXT_IN_LIST: Final = re.compile(r"[、/]([一-鿿]{2,3})(?=[、/,，。;；(（和与\s]|等|$)")
_LAST_IN_LIST: Final = re.compile(r"(?<![一-鿿])([一-鿿]{2,3})[、/]$")
_HIDDEN: Final = re.compile(r"[某×xX*＊]{1,3}")


def repeated(
    text: str, found: Sequence[tuple[int, int]], tables: Tables
) -> Iterator[tuple[int, int]]:
    """More places of names, beside those found in a folded text."""
    places = [*found, *_beside(text, found, tables)]
    names = {text[start:end] for start, end in places if end - start > 1}
    names = {one for one in names if not _HIDDEN.search(one)}
    for name in sorted({*names, *(_given_alone(one, tables) for one in names)} - {""}):
        for again in re.finditer(re.escape(name), text):
            yield again.span()


def _beside(
    text: str, found: Sequence[tuple[int, int]], tables: Tables
) -> Iterator[tuple[int, int]]:
    """Who stands in a list with somebody: 叶圣涛、白敬亭."""
    for start, end in found:
        while (match := _NEXT_IN_LIST.match(text, end)) and _is_listed(match[1], tables):
            yield match.span(1)
            end = match.end(1)
        while (match := _LAST_IN_LIST.search(text, max(0, start - 5), start)) and (
            _is_listed(match[1], tables)
        ):
            yield match.span(1)
            start = match.start(1)


def _is_listed(word: str, tables: Tables) -> bool:
    known = word[:2] in tables.compound or word[0] in tables.surnames
    return known and not word.startswith(tables.not_names + tables.no_free)


def _given_alone(name: str, tables: Tables) -> str:
    """晓燕 of 陈晓燕: who was named once is called so afterwards."""
    family = 2 if name[:2] in tables.compound else 1
    given = name[family:]
    fits = len(given) == 2 and (family > 1 or name[0] in tables.surnames)
    return given if fits and all(one in tables.given for one in given) else ""
