"""Banned words in a review, however they are written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from agents.privacy import redact
from agents.reviews.words.checks import LOOSE
from agents.reviews.words.entries import WordList, starter
from agents.reviews.words.folding import exact
from agents.reviews.words.places import Place
from agents.reviews.words.search import Found, Search
from schemas.reviews import MAX_EVIDENCE, Finding, TicketSeverity
from windows.texts import clean

_RULES = "2"
"""Raise it when the same list finds something else."""
_WEAK = 0.8
_NEAR = 25
"""Characters to both sides of a weak word in which its company is looked for."""
_MAX_WORDS = 5


class _Membership(NamedTuple):
    """A word in a category."""

    category: str
    weak: bool


class BannedWords:
    """A list of words, ready to be looked for; safe to share, built once.

    `severity`: by reason; `version`: tells lists and rules apart.
    """

    def __init__(self, words: WordList) -> None:
        self.severity: Mapping[str, TicketSeverity] = {
            f"banned.{name}": one.severity for name, one in sorted(words.items())
        }
        listed = msgspec.json.encode([_RULES, dict(sorted(words.items()))])
        self.version = sha256(listed).hexdigest()[:12]
        self._near = {name: _folded(one.near) for name, one in words.items()}
        self._allow = {name: _folded(one.allow) for name, one in words.items()}
        self._categories: dict[str, dict[str, _Membership]] = defaultdict(dict)
        for name, one in sorted(words.items()):
            for word in one.weak:
                self._categories[word][name] = _Membership(name, weak=True)
            for word in one.words:
                self._categories[word][name] = _Membership(name, weak=False)
        self._search = Search(
            {
                word: all(one.weak for one in categories.values())
                for word, categories in sorted(self._categories.items())
            }
        )

    @classmethod
    def starter(cls) -> "BannedWords":
        """Those of our own list."""
        return cls(starter())

    def find(self, text: str) -> list[Finding]:
        """One finding a category, `banned.CATEGORY`, with the words as they are written.

        A word that is written in another way is followed by the word that is meant. Confidence: 1
        for a word as it stands in the list, less the more freely it is written. Raises nothing.
        """
        by_category: dict[str, list[Found]] = defaultdict(list)
        for found in self._search.find(text):
            for category, weak in self._categories[found.word].values():
                if self._is_allowed(category, found.place):
                    continue
                if not weak:
                    if found.confidence > LOOSE:
                        by_category[category].append(found)
                elif found.hidden or self._has_company(category, found.place):
                    least = min(found.confidence, _WEAK)
                    by_category[category].append(found._replace(confidence=least))
        return [
            Finding("banned", f"banned.{name}", _evidence(all_found), _best(all_found))
            for name, all_found in sorted(by_category.items())
        ]

    def _is_allowed(self, category: str, place: Place) -> bool:
        for phrase in self._allow[category]:
            start = max(0, place.last - len(phrase))
            if place.folded.find(phrase, start, place.first + len(phrase)) >= 0:
                return True
        return False

    def _has_company(self, category: str, place: Place) -> bool:
        around = place.around(_NEAR)
        return any(near in around for near in self._near[category])


def _folded(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({exact(phrase.strip()) for phrase in phrases if phrase.strip()}))


def _best(all_found: Sequence[Found]) -> float:
    return max(found.confidence for found in all_found)


def _evidence(all_found: Sequence[Found]) -> str:
    """The first words found, those that stand within longer ones left out."""
    written: dict[str, None] = {}
    widest = sorted(all_found, key=lambda f: (f.place.first, -f.place.last, -f.confidence))
    end = -1
    for found in widest:
        if found.place.last <= end or len(written) == _MAX_WORDS:
            continue
        end = found.place.last
        surface = clean(found.place.surface)
        same = exact(surface) == exact(found.word)
        written[surface if same else f"{surface} ({found.word})"] = None
    evidence = redact(", ".join(written))
    return evidence if len(evidence) <= MAX_EVIDENCE else evidence[: MAX_EVIDENCE - 1] + "…"
