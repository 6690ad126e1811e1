"""Words of the same meaning, by our own list: what a small set of examples cannot tell."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import combinations

import ahocorasick_rs

_NO_WORD = re.compile(r"[^a-z0'\u3400-\u9fff]+")
_MOST = 14


def concepts(text: str) -> list[str]:
    """The distinct concepts of a folded text, and pairs of them; sorted."""
    automaton, names = _automaton()
    flat = f" {_NO_WORD.sub(' ', text)} "
    matches = automaton.find_matches_as_indexes(flat, overlapping=True)
    found = sorted({name for which, _, _ in matches for name in names[which]})[:_MOST]
    return [*found, *(f"{one}&{other}" for one, other in combinations(found, 2))]


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[str, ...]]]:
    meant: dict[str, list[str]] = {}
    for line in (files("agents.models") / "concepts.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, *words = line.split()
        for word in words:
            pattern = word.replace("_", " ").replace("$", " ")
            meant.setdefault(f" {pattern}" if word.isascii() else pattern, []).append(name)
    # Two English words share the space between them: overlapping matches, then.
    automaton = ahocorasick_rs.AhoCorasick(list(meant), matchkind=ahocorasick_rs.MatchKind.Standard)
    return automaton, [tuple(dict.fromkeys(names)) for names in meant.values()]
