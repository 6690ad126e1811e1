"""The letters of texts, without what copyists like to change: case, punctuation, emoji, spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from windows.texts import clean

LIMIT = 2_000
"""Characters of a text that are compared; of a longer one the rest must be equal to be the same."""
_LETTER = 0.25
"""Weight of a letter where words are spelt."""

_END = "\n"
_OTHER = re.compile(rf"(?:[^\w{_END}]|_)+")
# Scripts without spaces, in which two characters say something: Thai to Khmer, kana, Han, Hangul.
_DENSE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x30FF), (0x3400, 0x9FFF))
_DENSE_HIGH = ((0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


class Letters(NamedTuple):
    """Code points of all texts, one after the other; text i has `codes[starts[i]:starts[i + 1]]`.

    Words are parted by one space; where no words are spelt there is none. `dense`: whether a code
    point is of a script without spaces. `names`: a hash of each text's letters.
    """

    codes: NDArray[np.uint32]
    dense: NDArray[np.bool_]
    starts: NDArray[np.int64]
    names: NDArray[np.uint64]

    def weights(self) -> NDArray[np.float32]:
        """How much each text says at most, figures apart; float32 of shape (texts,)."""
        figure = (self.codes >= 48) & (self.codes <= 57)
        each = np.where(self.dense, 1.0, np.where(figure | (self.codes == 32), 0.0, _LETTER))
        sums = np.concatenate(([0.0], np.cumsum(each)))
        return (sums[self.starts[1:]] - sums[self.starts[:-1]]).astype(np.float32)


def letters(texts: Sequence[str]) -> Letters:
    """The letters of texts. Raises nothing."""
    joined = _END.join([clean(text[:LIMIT]).lower() for text in texts]) + _END
    codes = np.frombuffer(_OTHER.sub(" ", joined).encode("utf-32-le"), np.uint32)
    dense = _is_dense(codes)
    ends = codes == 10
    space = codes == 32
    # A space beside a character that needs none says nothing, nor does one at either end.
    alone = dense | ends
    useless = space & (np.roll(alone, 1) | np.roll(alone, -1))
    kept = ~(useless | ends)
    before = np.concatenate(([0], np.cumsum(kept)))
    starts = np.concatenate(([0], before[np.flatnonzero(ends)])).astype(np.int64)
    codes, dense = codes[kept], dense[kept]
    return Letters(codes, dense, starts, _names(codes, starts, texts))


def _is_dense(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    found = np.zeros(len(codes), bool)
    high = int(codes.max(initial=0))
    for first, last in _DENSE + _DENSE_HIGH:
        if high >= first:
            found |= (codes >= first) & (codes <= last)
    return found


def _names(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], texts: Sequence[str]
) -> NDArray[np.uint64]:
    held = codes.tobytes()
    bounds = (starts * 4).tolist()
    names = [
        xxh3_64_intdigest(held[bounds[i] : bounds[i + 1]])
        if len(text) <= LIMIT
        else xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))
        for i, text in enumerate(texts)
    ]
    return np.array(names, np.uint64)
