"""Where the words of a list may stand in a text, by one pass over its squeezed form."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import groupby, islice
from typing import NamedTuple

import ahocorasick_rs

from agents.reviews.words.checks import disguised, may_sound, repeated, sounding, spelled
from agents.reviews.words.folding import squeezed
from agents.reviews.words.masks import Masks
from agents.reviews.words.places import Place, View
from agents.reviews.words.sounds import sounded
from agents.reviews.words.variants import How, Variant, is_han, variants

_MAX_LOOKED_AT = 2_000
"""Places of one text that are looked at closely; a review has a handful at most."""
# Three of one letter or two pairs: few words are written so, such as 高高兴兴.
_REPEATS = re.compile(r"(\w)\1\1|(\w)\2(\w)\3")
_Look = Callable[[], "Found | None"]


class Found(NamedTuple):
    """A word of the list in a text; `hidden`: its author took trouble to hide it."""

    word: str
    place: Place
    confidence: float
    hidden: bool


class _Sought(NamedTuple):
    """What is searched: a word, a way to write it, and that in squeezed form."""

    word: str
    variant: Variant
    key: str


class Search:
    """The words of a list in all ways to write them; built once, then only read."""

    def __init__(self, words: Mapping[str, bool]) -> None:
        """`words`: each, and whether it is a weak one only."""
        self._weak = {word for word, weak in words.items() if weak}
        self._masks = Masks(words)
        keys: dict[str, list[_Sought]] = defaultdict(list)
        runs: dict[str, list[_Sought]] = defaultdict(list)
        sounds: dict[str, list[_Sought]] = defaultdict(list)
        for word in words:
            for variant in variants(word):
                sought = _Sought(word, variant, variant.key)
                keys[sought.key].append(sought)
                if variant.how is How.PLAIN:
                    runs[_collapsed(sought.key)].append(sought)
                    if sum(map(is_han, variant.letters)) > 1:
                        sounds[sounded(sought.key)].append(sought)
        self._keys, self._runs, self._sounds = _Keys(keys), _Keys(runs), _Keys(sounds)

    def find(self, text: str) -> Iterator[Found]:
        """Every word that stands in the text, in the order of its places."""
        lifted = self._masks.lifted(text)
        squeeze = squeezed(lifted)
        spellings = self._keys.find(squeeze)
        sounds = [] if squeeze.isascii() else list(self._sounding(squeeze))
        repeats = _REPEATS.search(squeeze) is not None
        if not (spellings or sounds or repeats):
            return
        view = View(text, lifted)
        looks: list[tuple[int, int, _Look]] = [
            (start, end, partial(_spelled, view, start, end, one)) for start, end, one in spellings
        ]
        looks += [
            (start, end, partial(_sounding, view, start, end, one)) for start, end, one in sounds
        ]
        if repeats:
            looks += self._repeated(view, squeeze)
        looks.sort(key=lambda look: look[:2])
        for _, _, look in islice(looks, _MAX_LOOKED_AT):
            found = look()
            if found is not None:
                yield found

    def _sounding(self, squeeze: str) -> Iterator[tuple[int, int, _Sought]]:
        for start, end, sought in self._sounds.find(sounded(squeeze)):
            if may_sound(squeeze[start:end], sought.key, sought.word in self._weak):
                yield start, end, sought

    def _repeated(self, view: View, squeeze: str) -> Iterator[tuple[int, int, _Look]]:
        starts = [0, *(at for at in range(1, len(squeeze)) if squeeze[at] != squeeze[at - 1])]
        ends = [*starts[1:], len(squeeze)]
        once = "".join([squeeze[at] for at in starts])
        for first, last, one in self._runs.find(once):
            bounds = list(zip(starts[first:last], ends[first:last], strict=True))
            yield bounds[0][0], bounds[-1][1], partial(_repeated, view, bounds, one)


class _Keys:
    """What is searched, and what it may mean: words and how they are written."""

    def __init__(self, meanings: dict[str, list[_Sought]]) -> None:
        self._meanings = [meanings[key] for key in meanings]
        self._automaton = ahocorasick_rs.AhoCorasick(list(meanings), store_patterns=False)

    def find(self, text: str) -> list[tuple[int, int, _Sought]]:
        """Start, end and meaning of the first that are in the text, overlapping or not."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return [
            (start, end, meaning)
            for index, start, end in hits[:_MAX_LOOKED_AT]
            for meaning in self._meanings[index]
        ]


def _spelled(view: View, start: int, end: int, sought: _Sought) -> Found | None:
    word, variant, _ = sought
    place = view.place(range(start, end))
    confidence = spelled(place, variant)
    if confidence is None:
        return None
    return Found(word, place, confidence, disguised(place, variant))


def _sounding(view: View, start: int, end: int, sought: _Sought) -> Found | None:
    word, variant, _ = sought
    place = view.place(range(start, end))
    confidence = sounding(place, variant.letters)
    return None if confidence is None else Found(word, place, confidence, False)


def _repeated(view: View, runs: list[tuple[int, int]], sought: _Sought) -> Found | None:
    """Of a run of one letter as many as the word has, and its very first and last."""
    word, variant, key = sought
    meant = [len(list(run)) for _, run in groupby(key)]
    lengths = [end - start for start, end in runs]
    if any(is_long < wanted for is_long, wanted in zip(lengths, meant, strict=True)):
        return None
    if not (max(lengths) > 2 or min(lengths) > 1) or lengths == meant:
        return None
    indexes: list[int] = []
    for (start, end), wanted in zip(runs, meant, strict=True):
        letters = variant.letters[len(indexes) : len(indexes) + wanted]
        indexes += _chosen(view, start, end, letters)
    indexes[-1] = runs[-1][1] - 1
    place = view.place(indexes)
    confidence = repeated(place, variant)
    return None if confidence is None else Found(word, place, confidence, True)


def _chosen(view: View, start: int, end: int, letters: str) -> Iterator[int]:
    """Of a run one index for each of its letters, l and i being one run: kiiiill."""
    for left, letter in zip(range(len(letters) - 1, -1, -1), letters, strict=True):
        indexes = range(start, end - left)
        start = next((at for at in indexes if view.letter(at) == letter), start)
        yield start
        start += 1


def _collapsed(key: str) -> str:
    """With one of each run of a letter."""
    return "".join([letter for letter, _ in groupby(key)])
