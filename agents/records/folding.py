"""A text as rules compare it, character for character as long as the text itself."""

import re
import unicodedata

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
"""Fillers and variation selectors, which Python calls printable."""


def fold(text: str) -> str:
    """Lower case, half width, invisible characters as spaces; place i is place i of the text.

    A character whose folded form is longer than one stays as it is, and so does a circled number:
    it counts a list, and beside a value it must not be read as its next digit. Raises nothing.
    """
    if text.isascii():
        return text.lower().translate(_FOLDED)
    return text.translate(_FOLDED)


def is_visible(character: str) -> bool:
    """Whether a person can see it, or the space that it is."""
    return character.isprintable() and not _UNSEEN.match(character)


class _Folded(dict[int, int]):
    """Characters as they are folded, each worked out once; as numbers they are soon put in."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if character == "\n":
            made = character
        elif not is_visible(character):
            made = " "
        else:
            made = unicodedata.normalize("NFKC", character).lower()
        self[code] = folded = ord(made if len(made) == 1 else character)
        return folded


_CIRCLED = range(ord("①"), ord("⑨") + 1)
_FOLDED = _Folded(
    {ord("。"): ord("。"), ord("～"): ord("~"), ord("－"): ord("-")}
    | {one: one for one in _CIRCLED}
)
