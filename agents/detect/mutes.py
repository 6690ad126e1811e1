"""Themes that nobody wants to be woken for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from windows.texts import clean, terms
from windows.titles import title

if TYPE_CHECKING:
    # The settings check their entries here, and every command reads those: it need not wait for
    # numpy.
    from agents.detect.themes import Key, Themes
    from agents.detect.topics import Topics

WORDS = 12
"""Heaviest terms of a theme that count as its words; as many are shown to people."""

_ID = re.compile(r"[0-9a-f]{12}")


def words_of(entry: str) -> frozenset[str]:
    """The terms of an entry; none if it names a theme by its id.

    Raises ValueError if it holds neither an id nor a word.
    """
    if _ID.fullmatch(entry):
        return frozenset()
    if words := frozenset(terms(clean(entry))):
        return words
    raise ValueError(f"{entry!r} is neither the id of a theme nor a word that texts are known by")


class Mutes:
    """Of one product. An entry is a `cluster_id`, or words of which a theme must hold all.

    A theme holds its heaviest terms and the words of its title, one of them at least as a term.
    Raises ValueError for an entry that can mute nothing.
    """

    def __init__(
        self, entries: Iterable[str], themes: Themes, clusters: Mapping[str, Topics]
    ) -> None:
        wanted = {entry: words_of(entry) for entry in entries}
        self._ids = frozenset(entry for entry, words in wanted.items() if not words)
        self._words = [words for words in wanted.values() if words]
        self._themes = themes
        self._clusters = clusters

    def __contains__(self, key: Key) -> bool:
        theme = self._themes[key]
        if theme.cluster_id in self._ids:
            return True
        if not self._words:
            return False
        heaviest = self._clusters[key.kind].terms(key.cluster, WORDS)
        likely = [words for words in self._words if not words.isdisjoint(heaviest)]
        if not likely:
            return False
        texts = [sample.text for sample in theme.samples.since(0)]
        held = {*heaviest, *terms(title(heaviest, texts))}
        return any(words <= held for words in likely)
