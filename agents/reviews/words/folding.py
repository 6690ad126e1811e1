"""One form for all ways to write a character.

`exact`: width, case, accents, circles, quotes and traditional forms do not matter, and it keeps the
length of the text, so that a place in it is a place in the text. `squeezed` is what is searched:
letters and digits only, and what looks like a letter and is none, such as 0, $ and Cyrillic
letters, is that letter.
"""

import re
import unicodedata
from functools import cache

from windows.simplified import pairs

_LAST = 0x20000
"""Above it are rare ideographs, which stand for themselves, and what shows nothing."""
_PAIRS = (
    ("а", "a"), ("в", "b"), ("с", "c"), ("ԁ", "d"), ("е", "e"), ("ё", "e"), ("н", "h"), ("һ", "h"),
    ("і", "i"), ("ї", "i"), ("ј", "j"), ("к", "k"), ("м", "m"), ("о", "o"), ("р", "p"), ("ԛ", "q"),
    ("ѕ", "s"), ("т", "t"), ("у", "y"), ("ү", "y"), ("ԝ", "w"), ("х", "x"), ("ո", "n"), ("ս", "u"),
    ("α", "a"), ("β", "b"), ("ε", "e"), ("γ", "y"), ("η", "n"), ("ι", "i"), ("κ", "k"), ("ν", "v"),
    ("ο", "o"), ("ρ", "p"), ("τ", "t"), ("υ", "u"), ("χ", "x"), ("ω", "w"), ("σ", "o"), ("ı", "i"),
    ("ł", "l"), ("ø", "o"), ("đ", "d"), ("ħ", "h"), ("ŧ", "t"), ("ƒ", "f"), ("ɑ", "a"), ("ɡ", "g"),
    ("ɩ", "i"), ("ǀ", "i"), ("ᴀ", "a"), ("ʙ", "b"), ("ᴄ", "c"), ("ᴅ", "d"), ("ᴇ", "e"), ("ꜰ", "f"),
    ("ɢ", "g"), ("ʜ", "h"), ("ɪ", "i"), ("ᴊ", "j"), ("ᴋ", "k"), ("ʟ", "l"), ("ᴍ", "m"), ("ɴ", "n"),
    ("ᴏ", "o"), ("ᴘ", "p"), ("ʀ", "r"), ("ꜱ", "s"), ("ᴛ", "t"), ("ᴜ", "u"), ("ᴠ", "v"), ("ᴡ", "w"),
    ("ʏ", "y"), ("ᴢ", "z"), ("0", "o"), ("1", "i"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"),
    ("8", "b"), ("9", "g"),
)  # fmt: skip
_LOOKS = dict(_PAIRS)
_SYMBOL_LOOKS = {"@": "a", "$": "s", "|": "i", "!": "i", "€": "e", "£": "l", "¥": "y"}
"""Letters beside a Latin letter; elsewhere they are what they are."""
# l and 1 are written for i, and i and 1 for l: one form for the three.
_ONE_FORM = {"l": "i"}
_SYMBOLS = re.compile(r"[@$|€£¥]+|(?<=[a-z])!(?=[a-z])")
_ANY_SYMBOL = re.compile(r"[@$|€£¥+➕＠＄｜￡￥＋]|[A-Za-z]!")
# A plus says 加 before what one can be added by.
_ADDED = re.compile(r"[+➕](?=[\W_]{0,3}[vwq微薇徽威卫扣企])")
_QUOTES = "‘’´ʼ"
# A table costs a tenth of a microsecond a character, and most texts need no more than these.
_COMMON = tuple((chr(code + 0xFEE0), chr(code)) for code in map(ord, ",!?:;()~"))
_NOTHING = "\u200b"
_FAR = re.compile("[\U000e0000-\U0010ffff]")
# Squared letters, negative and not, and regional indicators have no compatible form of their own.
_LETTER_BLOCKS = (0x1F150, 0x1F170, 0x1F1E6)
# Letters to Unicode that show nothing.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def exact(text: str) -> str:
    """The text in one width, case and script, as long as before; surrogates become spaces."""
    if text.isascii():
        return text.lower()
    for wide, narrow in _COMMON:
        text = text.replace(wide, narrow)
    if not _odd().search(text):
        return text.lower()
    return _FAR.sub(_NOTHING, text).translate(_exact_table())


def told(folded: str) -> str:
    """An `exact` text with symbols as the letters they stand for, as long as before."""
    return _SYMBOLS.sub(_symbols, _ADDED.sub("加", folded))


def squeezed(text: str) -> str:
    """Letters and digits of a text, each in the form that is searched."""
    if _ANY_SYMBOL.search(text):
        text = told(exact(text))
    elif not text.isascii() and _FAR.search(text):
        text = _FAR.sub(_NOTHING, text)
    return text.translate(_squeezed_table())


def places(folded: str) -> list[int]:
    """Where in a `told` text each character of its `squeezed` form stands."""
    return [at for at, c in enumerate(folded) if c.isalnum()]


def looks_like(written: str, letter: str) -> bool:
    """Whether a character of an `exact` text that is no such letter can be read as it."""
    if written.isascii() and written.isalpha():
        return False
    look = _SYMBOL_LOOKS.get(written) or _LOOKS.get(written)
    return look is not None and _ONE_FORM.get(look, look) == _ONE_FORM.get(letter, letter)


def _symbols(run: re.Match[str]) -> str:
    text, first, last = run.string, run.start(), run.end()
    before, after = text[first - 1 : first], text[last : last + 1]
    if ("a" <= before <= "z") or ("a" <= after <= "z"):
        return "".join([_SYMBOL_LOOKS[c] for c in run[0]])
    return run[0]


@cache
def _exact_table() -> list[int]:
    """What every character below `_LAST` is folded to."""
    table = [_fold(chr(code)) for code in range(_LAST)]
    for first in _LETTER_BLOCKS:
        table[first : first + 26] = range(ord("a"), ord("z") + 1)
    for quote in _QUOTES:
        table[ord(quote)] = ord("'")
    table[ord("🐧")] = ord("鹅")  # the sign of QQ
    for old, new in pairs():
        table[ord(old)] = ord(new)
    return table


def _fold(character: str) -> int:
    if character in _BLANK or "\ud800" <= character <= "\udfff":
        return ord(" ")
    compatible = unicodedata.normalize("NFKC", character)
    if len(compatible) == 3 and compatible[0] == "(":
        compatible = compatible[1]
    if len(compatible) == 1:
        character = compatible
    if len(character.lower()) == 1:
        character = character.lower()
    bare = unicodedata.normalize("NFD", character)[0]
    return ord(bare.lower() if bare.isascii() else character)


@cache
def _odd() -> re.Pattern[str]:
    """What is, or may be, folded to more than its lower case. Of emoji only the penguin is."""
    table = _exact_table()
    odd = [chr(n) for n in range(0x10000) if chr(table[n]) != chr(n).lower()]
    # At the end of a word str.lower makes another letter of a sigma.
    return re.compile(f"[{re.escape(''.join(odd))}Σ🐧\U00010000-\U0001f2ff\U0001fb00-\U0010ffff]")


@cache
def _squeezed_table() -> list[int | None]:
    """What every character below `_LAST` is in a squeezed text; None: nothing."""
    return [_search_form(chr(code)) for code in _exact_table()]


def _search_form(folded: str) -> int | None:
    if not folded.isalnum():
        return None
    letter = _LOOKS.get(folded, folded)
    return ord(_ONE_FORM.get(letter, letter))
