"""A text that holds something to look at: where it is written, and what stands in between."""

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import cached_property

from agents.reviews.words.folding import exact, places, told
from agents.reviews.words.masks import MASKS

_MAX_GAP = 6
"""Characters between two letters of one word; of those that show nothing there may be more."""
_BRACKETED = re.compile(r"\w*\(\w{1,2}\)\w*")
_SENTENCE = frozenset(",.!?;:，。！？；：、…'’\"“”()\n\r")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f\u034f\u180e")


class Gap(IntEnum):
    """What parts the letters of a word, from what means least to what means most."""

    NONE = 0
    SPACE = 1
    SENTENCE = 2
    """What ends sentences: two sentences may meet there."""
    SYMBOL = 3
    """What nobody writes within a word but to hide it."""


class Place:
    """A part of a text that may be a banned word: its characters and what stands between."""

    def __init__(self, view: "View", at: tuple[int, ...]) -> None:
        self._view = view
        self.at = at
        self.first, self.last = at[0], at[-1] + 1
        self.letters = "".join([view.folded[i] for i in at])

    @cached_property
    def surface(self) -> str:
        """As its author wrote it."""
        return self._view.text[self.first : self.last]

    @property
    def folded(self) -> str:
        """The whole text in `exact` form."""
        return self._view.folded

    def original(self, index: int) -> str:
        """The character that was written as letter `index`."""
        return self._view.text[self.at[index]]

    @property
    def masked(self) -> bool:
        """Whether its author starred out letters of it."""
        return any(exact(self._view.text[i]) in MASKS for i in self.at)

    def gaps(self, but: Iterable[int] = ()) -> dict[int, Gap] | None:
        """What parts the letters before each index; None if something too long does."""
        if self.last - self.first == len(self.at):
            return {}  # nothing does
        natural = frozenset(but)
        found = {}
        for index in range(1, len(self.at)):
            between = self._view.folded[self.at[index - 1] + 1 : self.at[index]]
            if not between:
                continue
            # Letters in between are repetitions of the one before.
            shown = [c for c in between if c not in _INVISIBLE and not c.isalnum()]
            if len(shown) > _MAX_GAP:
                return None
            if index in natural and any(c in _SENTENCE for c in shown) and len(shown) > 1:
                return None  # "I paid, reviews were right" is not about paid reviews
            if index not in natural and (shown or not between.isalnum()):
                found[index] = max(map(_kind, shown), default=Gap.SYMBOL)
        return found

    @property
    def bracketed(self) -> bool:
        """Whether nothing parts it but brackets around one or two of its letters: 洗(钱)."""
        first = self.first - (self.before() == "(")
        last = self.last + (self.after() == ")")
        return _BRACKETED.fullmatch(self.folded, first, last) is not None

    def before(self) -> str:
        """The character before it in `exact` form; empty at the beginning."""
        return self._view.folded[max(0, self.first - 1) : self.first]

    def after(self, letters: int = 1) -> str:
        """The characters after it in `exact` form."""
        return self._view.folded[self.last : self.last + letters]

    def around(self, characters: int) -> str:
        """It and its neighbourhood in `exact` form."""
        return self._view.folded[max(0, self.first - characters) : self.last + characters]


class View:
    """A text beside the squeezed form that was searched.

    `lifted`: the text with masked words written out.
    """

    def __init__(self, text: str, lifted: str) -> None:
        self.text = text
        self.folded = exact(lifted)
        self._places = places(told(self.folded))

    def letter(self, index: int) -> str:
        """A character of the squeezed text in `exact` form."""
        return self.folded[self._places[index]]

    def place(self, indexes: Iterable[int]) -> Place:
        """Where some characters of the squeezed text stand."""
        return Place(self, tuple([self._places[i] for i in indexes]))


def _kind(character: str) -> Gap:
    if character in _SENTENCE:
        return Gap.SENTENCE
    return Gap.SPACE if character.isspace() else Gap.SYMBOL
