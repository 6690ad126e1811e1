"""A title for a cluster: the clause of its own texts that says most of what they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from windows.texts import terms

WIDTH = 48
"""Characters of a title."""

_END = re.compile(r"[!?;。、~…\n]+|\.(?=\s|$)|\.{2,}|(?<!\d),|,(?!\d)|:(?=\s)|\s-+\s")
_NOT_SAID = re.compile(r"\[\w+\]|[^\w\s.,'%+/:-]")


def title(heaviest: Sequence[str], texts: Iterable[str]) -> str:
    """The clause, or two neighbours, that hold most of the heaviest terms, by rank.

    `heaviest` are the terms of a cluster, heaviest first; `texts` are clean and redacted. Greetings
    and pleas hold none of the terms and are left out; placeholders, emoji and markup are dropped.
    The shortest of equals wins, then the first. Empty if no text holds a term.

    >>> title(["支付", "转圈", "付款"], ["你好", "你好,支付一直转圈,付款失败,急!!"])
    '支付一直转圈 付款失败'
    """
    rank = {term: len(heaviest) - place for place, term in enumerate(heaviest)}
    best, most = "", (0, 0)
    for text in texts:
        clauses = [_said(clause) for clause in _END.split(text)]
        clauses = [clause for clause in clauses if clause]
        for candidate in (*clauses, *(f"{a} {b}" for a, b in pairwise(clauses))):
            told = _cut(candidate)
            worth = sum(rank.get(term, 0) for term in terms(told)), -len(told)
            if worth[0] and worth > most:
                best, most = told, worth
    return best


def _said(clause: str) -> str:
    return " ".join(_NOT_SAID.sub(" ", clause).split()).strip(" .,'%+/:-")


def _cut(text: str) -> str:
    """At most `WIDTH` characters, whole words where there are spaces."""
    if len(text) <= WIDTH:
        return text
    head = text[:WIDTH]
    return head.rsplit(" ", 1)[0] if text[WIDTH] != " " and " " in head else head.rstrip()
