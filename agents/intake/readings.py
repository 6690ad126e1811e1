"""What follows from the words of an event alone, kept for the next event with the same words.

Pure functions of their keys: the partitions of a worker may share them, and what they forget
changes nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import TypeVar

from agents.privacy import redact
from schemas.events import CUT_TEXT, MAX_NAME, AttributeValue, check_text
from windows.fingerprints import fingerprint
from windows.masks import Tokens, form
from windows.tally import Leaf, Text
from windows.texts import clean, terms

KEPT = 8_192
"""Entries of the younger generation; the older one holds as many."""

RawLeaf = tuple[AttributeValue, ...]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Readings(dict[K, V], ABC):
    """A bounded cache; an entry that is asked for in every generation stays."""

    def __init__(self) -> None:
        super().__init__()
        self._old: dict[K, V] = {}

    def __missing__(self, key: K) -> V:
        value = self._old.pop(key, None)
        if value is None:
            value = self._read(key)
        if len(self) >= KEPT:
            self._old = self.copy()
            self.clear()
        self[key] = value
        return value

    @abstractmethod
    def _read(self, key: K) -> V: ...


class Texts(_Readings[str, Text]):
    """Texts by what was written: redacted, with their terms. Looking one up raises Refusal."""

    def _read(self, key: str) -> Text:
        kept = redact(clean(check_text(key)))
        found = tuple(terms(kept))
        return Text(fingerprint(found), found, kept, len(key) > CUT_TEXT)


class Lines(_Readings[str, Text]):
    """Log lines by what was written: redacted, with their form. Looking one up raises Refusal."""

    def __init__(self) -> None:
        super().__init__()
        self._tokens = Tokens()
        self._forms = _Forms()

    def _read(self, key: str) -> Text:
        kept = redact(clean(check_text(key)))
        known, number = self._forms[self._tokens.masked(kept)]
        return Text(number, (), kept, len(key) > CUT_TEXT, known)


class _Forms(_Readings[str, tuple[str, int]]):
    """Forms and their fingerprints by the line with its tokens masked."""

    def _read(self, key: str) -> tuple[str, int]:
        found = form(key)
        return found, fingerprint((found,))


class Leaves(_Readings[RawLeaf, Leaf]):
    """Leaves by attribute values as given: clean, redacted, cut; a missing value is empty."""

    def __missing__(self, key: RawLeaf) -> Leaf:
        plain = tuple([v if v is None or type(v) is str else str(v) for v in key])
        # Only strings are kept: 1, 1.0 and true are one dictionary key, but not one value.
        return super().__missing__(key) if plain == key else self[plain]

    def _read(self, key: RawLeaf) -> Leaf:
        return tuple([name(str(value)) if value else "" for value in key])


def name(raw: str) -> str:
    """An attribute value or name fit to leave intake."""
    return redact(clean(raw))[:MAX_NAME]
