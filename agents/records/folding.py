"""A text as rules compare it, character for character as long as the text itself."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, half width, invisible characters as spaces; place i is place i of the text.

    A character whose folded form is longer than one stays as it is. Raises nothing.
    """
    if text.isascii():
        return text.lower().translate(_FOLDED)
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Characters as they are folded, each worked out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character == "\n":
            made = character
        elif not character.isprintable():
            made = " "
        else:
            made = unicodedata.normalize("NFKC", character).lower()
        made = made if len(made) == 1 else character
        self[code] = made
        return made


_FOLDED = _Folded({ord("。"): "。", ord("～"): "~", ord("－"): "-"})
