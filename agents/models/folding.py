"""Code points folded for the models: case, width, digits and traditional characters."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from windows.simplified import pairs

Codes = npt.NDArray[np.uint32]

_PLANE = 1 << 16


@cache
def _table() -> Codes:
    """What every code point of the first plane becomes."""
    codes = list(range(_PLANE))
    for code in range(_PLANE):
        character = chr(code)
        lower = character.lower()
        if character.isdecimal():
            codes[code] = ord("0")
        elif len(lower) == 1:
            codes[code] = ord(lower)
    for traditional, simplified in pairs():
        codes[ord(traditional)] = ord(simplified)
    for odd, plain in zip("，！？：；（）～。、“”‘’｡", ",!?:;()~.,\"\"''.", strict=True):
        codes[ord(odd)] = ord(plain)
    return np.asarray(codes, np.uint32)


def folded(text: str) -> Codes:
    """The code points of a clean text in lower case and simplified Chinese, every digit a 0.

    As many as the text has.
    """
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    plain: Codes = _table().take(codes, mode="clip")
    beyond = codes >= _PLANE
    if beyond.any():
        plain[beyond] = codes[beyond]
    return plain
