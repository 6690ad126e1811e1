"""Which texts of an incident the language model reads: few, short, distinct, of every channel."""

from collections.abc import Iterable

import msgspec

from schemas.causes import Evidence
from windows.texts import clean, terms

MOST = 12
LONGEST = 500
"""Characters of one text."""
LONGEST_TOTAL = 4_000
_SAME = 0.8
"""Jaccard likeness of the terms from which two texts count as one: a flood varies its words."""


def pick(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Texts without invisible characters, cut, one channel after the other."""
    queues: dict[str, list[Evidence]] = {}
    seen: list[tuple[str, frozenset[str]]] = []
    for item in evidence:
        text = clean(item.text)[:LONGEST]
        words = frozenset(terms(text))
        if text and not any(text == other or _alike(words, known) for other, known in seen):
            seen.append((text, words))
            queues.setdefault(item.channel, []).append(msgspec.structs.replace(item, text=text))
    picked: list[Evidence] = []
    room = LONGEST_TOTAL
    for item in _in_turn(list(queues.values())):
        if len(picked) == MOST or len(item.text) > room:
            break
        room -= len(item.text)
        picked.append(item)
    return picked


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and len(one & other) >= _SAME * len(one | other)


def _in_turn(queues: list[list[Evidence]]) -> Iterable[Evidence]:
    for place in range(max(map(len, queues), default=0)):
        for queue in queues:
            if place < len(queue):
                yield queue[place]
