"""What a text looks like outside (`clean`) and what it is about (`terms`)."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from operator import add, itemgetter

# NFKC costs 3 us a text and Chinese full-width punctuation alone would call for it in every text.
_WIDE = (("，", ","), ("！", "!"), ("？", "?"), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"))

# Code points that show nothing and yet are letters, marks or symbols: str.isprintable keeps them.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


def clean(text: str) -> str:
    """The text in NFKC, without invisible characters, white space collapsed to single spaces.

    Removed: control and format characters (zero-width, bidi), private use, surrogates, unassigned
    code points, variation selectors and blank fillers. Idempotent; raises nothing.
    """
    if not text.isascii():
        text = _compatible(text)
    printable = text.isprintable()
    if printable and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    if not printable:
        text = _visible(text)
    return " ".join(text.split())


def _visible(text: str) -> str:
    if all(map(str.isprintable, text.split())):
        return text
    return "".join([c for c in text if c.isprintable() or c.isspace()])


def _compatible(text: str) -> str:
    """NFKC of the visible characters; white space is kept."""
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    if not text.isprintable():
        text = _visible(text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text


# The letters alone are left over from "I'm", "it's", "3 a.m."; negations stay, they matter.
_STOP_WORDS = """
    a b c d e f g h i j k l m n o p q r s t u v w x y z
    am an and are as at be been but by can did do does for from get got had has have he her him his
    how if im in into is it its ive just me my of on or our she so some than that the their them
    then there these they this to too us very was we were what when which who will with would you
    your
"""
_STOP = frozenset(_STOP_WORDS.split())

# ASCII in one pass: letters to lower case, digits and underscores kept, apostrophes deleted.
_ASCII = bytes(
    ord(chr(c).lower()) if c < 128 and chr(c).isalnum() else ord(" ") for c in range(256)
)

# Scripts without spaces between words, or with vowel signs that \\w leaves out: Indic to Myanmar,
# Khmer, kana, bopomofo, Han and its planes.
_DENSE = (
    "\u0900-\u0963\u0970-\u109f\u1780-\u17d3\u3005-\u3007\u3041-\u30ff\u3105-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Chinese particles, pronouns and adverbs: they end a run as white space would, for the pairs they
# make with their neighbours are shared by all texts. Negations matter and stay with what follows.
_PARTICLES = "的了吗呢吧啊呀嘛么是我你您他她它在就都也还又才很太把被给让和跟与着这那哪一有"
_NEGATIONS = "不没"


def _cut(first: str, last: str, without: str) -> str:
    """The inside of a character class: `first` to `last` but for some."""
    bounds = [ord(first) - 1, *sorted(map(ord, without)), ord(last) + 1]
    return "".join(
        f"{chr(low + 1)}-{chr(high - 1)}" for low, high in pairwise(bounds) if high - low > 1
    )


_TELLING = _DENSE.replace("\u4e00-\u9fff", _cut("\u4e00", "\u9fff", _PARTICLES + _NEGATIONS))
_RUN = re.compile(f"([{_NEGATIONS}]?[{_TELLING}]+)|([^\\W_{_DENSE}]+)")
# All neighbours of a short run in one call: one by one they cost as much as the rest of `terms`.
_PAIRS = {n: itemgetter(*[slice(at, at + 2) for at in range(n - 1)]) for n in range(3, 33)}

# What varies from line to line but would leave letters behind once punctuation is gone.
_VARIABLE = re.compile(
    r"\[(?:email|phone|card|id)\]"
    r"|[a-z][a-z0-9+.-]{1,15}://[^\s\"'<>，。)]{1,2000}"
    r"|[\w.+-]{1,64}@[\w.-]{1,255}"
    r"|(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])",
    re.IGNORECASE,
)


def terms(text: str) -> list[str]:
    """The distinct terms of a clean text, in order of first appearance.

    A term is a lower-case word of two letters or more that is no English stop word, or two
    neighbouring characters of Chinese or Japanese (the character alone if it has no neighbour);
    Chinese particles part their neighbours, and a negation begins with what it negates.
    Whatever holds a digit is dropped: numbers, sizes, times, versions, addresses, hex, ids. So are
    URLs, e-mail addresses, the placeholders of `agents.privacy`, punctuation and emoji.
    """
    if "://" in text or "@" in text or "[" in text or text.count("-") > 3:
        text = _VARIABLE.sub(" ", text)
    if text.isascii():
        words = text.encode().translate(_ASCII, b"'").decode().split()
        return list(dict.fromkeys([w for w in words if w not in _STOP and w.isalpha()]))
    found: list[str] = []
    for dense, word in _RUN.findall(text.lower().replace("'", "").replace("’", "")):
        if word:
            if word not in _STOP and word.isalpha():
                found.append(word)
        elif len(dense) < 3:
            found.append(dense)
        elif len(dense) in _PAIRS:
            found += _PAIRS[len(dense)](dense)
        else:
            found += map(add, dense, dense[1:])
    return list(dict.fromkeys(found))
