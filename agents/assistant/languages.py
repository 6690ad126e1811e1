"""Which language something is written in, as far as it matters here."""

import re

from agents.assistant.reading import Reading
from schemas.sessions import Session
from schemas.turns import Lang

_HAN = re.compile("[\u3400-\u9fff]")
_WORDS = re.compile(r"[A-Za-z']{2,}")


def has_han(text: str) -> bool:
    """Whether there is Chinese in it."""
    return _HAN.search(text) is not None


def is_wordless(text: str) -> bool:
    """Whether it says nothing in any language."""
    return not has_han(text) and not _WORDS.search(text)


def is_foreign(text: str, lang: Lang) -> bool:
    """Whether a reader of this language may not understand it."""
    return (lang == "zh") != has_han(text)


def spoken(session: Session, said: str, reading: Reading) -> Lang:
    """A conversation changes its language for a sentence, not for an "ok" or an order number."""
    if has_han(said):
        return reading.lang
    words = len(_WORDS.findall(said))
    return reading.lang if words >= (2 if session.exchanges else 1) else session.lang
