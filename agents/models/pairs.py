"""Pairs of words that stand near each other, in whatever order: what a short question is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import rjieba
import xxhash

from agents.models.concepts import concepts

_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]+")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "my",
        "me",
        "to",
        "of",
        "is",
        "it",
        "in",
        "on",
        "for",
        "and",
        "do",
        "be",
        "can",
        "you",
        "was",
        "has",
        "have",
        "this",
        "that",
        "with",
        "at",
        "are",
        "am",
        "so",
        "but",
        "的",
        "了",
        "我",
        "吗",
        "呢",
        "吧",
        "啊",
        "你",
        "你们",
        "就",
        "也",
        "都",
        "呀",
        "是",
        "在",
        "把",
        "给",
    ]
)
_MOST_WORDS = 120


Found = tuple[list[int], list[int]]
"""Rows of texts, and a hash for each."""


def pairs(texts: Sequence[str], stem: int, reach: int) -> Found:
    """Words cut to `stem` letters, and pairs up to `reach` apart.

    `texts` are folded: lower case, simplified, digits as 0.
    """
    rows: list[int] = []
    keys: list[int] = []
    for row, text in enumerate(texts):
        words = _words(text, stem)
        found = set(words)
        for i, word in enumerate(words):
            for other in words[i + 1 : i + 1 + reach]:
                found.add(f"{word} {other}" if word < other else f"{other} {word}")
        rows += [row] * len(found)
        keys += map(_hash, found)
    return rows, keys


def meanings(texts: Sequence[str], times: int) -> Found:
    """The concepts of the texts, each under so many hashes."""
    rows: list[int] = []
    keys: list[int] = []
    for row, text in enumerate(texts):
        found = concepts(text)
        for time in range(times):
            rows += [row] * len(found)
            keys += [_hash(f"{time}#{one}") for one in found]
    return rows, keys


def _words(text: str, stem: int) -> list[str]:
    words: list[str] = []
    for run in _WORD.findall(text):
        if run[0] < "\u3400":
            words.append(run[:stem])
        else:
            words += rjieba.cut(run, False)
        if len(words) > _MOST_WORDS:
            break
    return [word for word in words[:_MOST_WORDS] if word not in _STOP]


@lru_cache(maxsize=1 << 14)
def _hash(text: str) -> int:
    return int(xxhash.xxh64_intdigest(text.encode("utf-8", "surrogatepass")))
