"""How Chinese characters sound, and how common they are as words."""

import unicodedata
from functools import cache
from typing import NamedTuple

import rjieba
from pypinyin.pinyin_dict import pinyin_dict

_FIRST_CODE = 0xE000
"""Syllables are written as characters for private use: no text keeps any after folding."""
_AROUND = 8
_HAN = range(0x4E00, 0xA000)
# The first reading of the table is not how these sound in the words that lists hold.
_READINGS = {
    "单": "dan",
    "伽": "jia",
    "勒": "le",
    "薇": "wei",
    "卫": "wei",
    "发": "fa",
    "嫖": "piao",
    "瞟": "piao",
    "的": "de",
}
_CAPITALS = {ord(c): c.upper() for c in "abcdefghijklmnopqrstuvwxyz"}
_cutter = rjieba.Jieba()


@cache
def syllables() -> dict[str, str]:
    """The reading of a character without its tone: 信 -> xin."""
    found = {}
    for code in _HAN:
        first = pinyin_dict.get(code, "").split(",")[0]
        plain = unicodedata.normalize("NFD", first.replace("ü", "v"))
        letters = "".join([c for c in plain if c.isascii() and c.isalpha()])
        if letters:
            found[chr(code)] = letters
    return found | _READINGS


@cache
def same_tone(one: str, other: str) -> bool:
    """Whether the first readings of two characters are one, tone and all."""
    readings = {pinyin_dict.get(ord(c), c).split(",")[0] for c in (one, other)}
    return len(readings) == 1


@cache
def _codes() -> list[int | str]:
    """For each character below the end of Han what it is in a sounded text."""
    numbers = {name: _FIRST_CODE + at for at, name in enumerate(sorted(set(syllables().values())))}
    codes: list[int | str] = list(range(_HAN.stop))
    for character, name in syllables().items():
        codes[ord(character)] = numbers[name]
    return codes


def sounded(squeezed: str) -> str:
    """A text with one sign for all characters of one sound, as long as before."""
    return squeezed.translate(_codes())


def is_word(text: str) -> bool:
    """Whether the dictionary holds it."""
    found: bool = _cutter.has_word(text)
    return found


@cache
def frequency(character: str) -> int:
    """How often a character stands alone as a word, in a text of 60 million words."""
    found: int = _cutter.suggest_freq(character)
    return found


def pieces(text: str) -> list[str]:
    """The text cut into words of the dictionary; what is in none is cut into characters."""
    # The dictionary writes B超 and T恤.
    found: list[str] = _cutter.cut(text.translate(_CAPITALS), False)
    return found


class Crossing(NamedTuple):
    """How the words around stand to a part of a text.

    `begins`, `ends`: words end where it begins and ends. `inside`: it is a part of one longer word.
    `claimed`: its last character makes a word with the single one that is left after it, as in
    枪支架: whether it is 枪支 or 支架 the words alone do not say. So does a longer word that begins
    with it, as 蛋白粉 in 混蛋白粉.
    """

    begins: bool
    ends: bool
    inside: bool
    claimed: bool


def crossing(text: str, first: int, last: int) -> Crossing:
    """How the words of a text stand to `text[first:last]`, of which a few characters around count.

    天下注目 is 天下 and 注目, so that 下注 neither begins nor ends there.
    """
    start = at = max(0, first - _AROUND)
    begins = ends = inside = claimed = False
    for word in pieces(text[start : last + _AROUND]):
        if at == last:
            ends = True
            claimed = len(word) == 1 and is_word(text[last - 1] + word)
            claimed = claimed or (last + 2 <= len(text) and is_word(text[last - 1 : last + 2]))
        begins = begins or at == first
        inside = inside or (at <= first and at + len(word) >= last and len(word) > last - first)
        at += len(word)
    return Crossing(begins, ends or at == last, inside, claimed)
