"""Latin words with letters starred out: f*ck, b**ch."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from agents.reviews.words.folding import exact

MASKS = frozenset("*#%&_•●×-")
"""What stands for one letter each."""
_SHORTEST = 4
_LONGEST = 24
# Its first and last letter are shown; between them are letters and masks.
_MASKED = re.compile(rf"(?<![a-z0-9])[a-z][a-z*#%&_•●×-]{{2,{_LONGEST}}}(?<=[a-z])(?![a-z0-9])")
_MAYBE = re.compile(r"[a-zA-Zａ-ｚＡ-Ｚ][*#%&_•●×＊＃％＆＿－-]")
_LATIN = re.compile(r"[a-z]+")


class Masks:
    """The Latin words of a list, found again where letters of them are masked."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words`: as they are listed; each Latin word of a phrase counts."""
        by_ends: dict[tuple[int, str, str], set[str]] = defaultdict(set)
        for word in words:
            for latin in _LATIN.findall(exact(word)):
                if len(latin) >= _SHORTEST:
                    by_ends[len(latin), latin[0], latin[-1]].add(latin)
        self._by_ends = {ends: sorted(found) for ends, found in by_ends.items()}

    def lifted(self, text: str) -> str:
        """The text with masked words written out, as long as before."""
        if not _MAYBE.search(text):
            return text
        folded = exact(text)
        parts = []
        end = 0
        for written in _MASKED.finditer(folded):
            word = self._meant(written[0])
            if word is not None:
                parts += [text[end : written.start()], word]
                end = written.end()
        return "".join([*parts, text[end:]])

    def _meant(self, written: str) -> str | None:
        runs = [masked for masked, _ in groupby(written, MASKS.__contains__)]
        if runs != [False, True, False]:
            return None  # no mask, or a word drawn out: c-a-s-i-n-o
        for word in self._by_ends.get((len(written), written[0], written[-1]), ()):
            if all(a in MASKS or a == b for a, b in zip(written, word, strict=True)):
                return word
        return None
