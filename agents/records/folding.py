"""A text as rules compare it, character for character as long as the text itself."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, half width, invisible characters as spaces; place i is place i of the text.

    A character whose folded form is longer than one stays as it is. Raises nothing.
    """
    if text.isascii():
        return text.lower()
    return "".join([_FOLDED.get(c) or _folded(c) for c in text])


_FOLDED: dict[str, str] = {
    "。": "。",
    "\n": "\n",
    "\t": " ",
    "：": ":",
    "，": ",",
    "～": "~",
    "－": "-",
}


def _folded(character: str) -> str:
    if not character.isprintable():
        return " "
    made = unicodedata.normalize("NFKC", character).lower()
    return made if len(made) == 1 else character
