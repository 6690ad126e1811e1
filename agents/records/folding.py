"""A text as rules compare it, character for character as long as the text itself."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, half width, invisible characters as spaces; place i is place i of the text.

    A character whose folded form is longer than one stays as it is. Raises nothing.
    """
    if text.isascii():
        return text.lower().translate(_FOLDED)
    return text.translate(_FOLDED)


class _Folded(dict[int, int]):
    """Characters as they are folded, each worked out once; as numbers they are soon put in."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if character == "\n":
            made = character
        elif not character.isprintable():
            made = " "
        else:
            made = unicodedata.normalize("NFKC", character).lower()
        self[code] = folded = ord(made if len(made) == 1 else character)
        return folded


_FOLDED = _Folded({ord("。"): ord("。"), ord("～"): ord("~"), ord("－"): ord("-")})
