"""Adverts in a review: it sells something, and not what it is about."""

import re
import tomllib
from functools import cache
from importlib.resources import files

import ahocorasick_rs
import msgspec

from agents.privacy import redact
from schemas.reviews import MAX_EVIDENCE, Finding

_CONFIDENCE = 0.85
# What the patterns take for the words of an advert may hold a name or a number to reach it by.
_LEFT_OVER = re.compile(r"[\w.@+-]*\d[\w.@-]{3,}|\S*@\S+|\S+://\S*")


class _Pattern(msgspec.Struct, frozen=True):
    reason: str
    regex: str


class _Table(msgspec.Struct, frozen=True):
    signs: tuple[str, ...]
    pattern: tuple[_Pattern, ...]


def adverts(folded: str) -> list[Finding]:
    """Findings of kind `advert` in a text in `words.folding.exact` form, one for each reason.

    Raises nothing.
    """
    if not _signs().find_matches_as_indexes(folded):
        return []
    found: dict[str, str] = {}
    for reason, pattern in _patterns():
        match = None if reason in found else pattern.search(folded)
        if match is not None:
            evidence = _LEFT_OVER.sub("[…]", redact(match[0].strip()))
            found[reason] = evidence[:MAX_EVIDENCE]
    return [
        Finding("advert", f"advert.{reason}", found[reason], _CONFIDENCE)
        for reason in sorted(found)
    ]


@cache
def _table() -> _Table:
    text = (files("agents.reviews") / "adverts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)


@cache
def _signs() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(list(_table().signs))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one.reason, re.compile(one.regex)) for one in _table().pattern)
