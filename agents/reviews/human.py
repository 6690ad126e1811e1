"""What a person has to look at, whatever else is said of the review: harm, danger, law, money."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

import ahocorasick_rs
import msgspec

from agents.privacy import redact
from agents.reviews.contacts import without_contacts
from agents.reviews.words.folding import exact
from schemas.reviews import MAX_EVIDENCE, Finding, TicketSeverity
from windows.texts import clean

_LOOKED_AT = 20_000
"""Characters of a long text that are read."""
_SURE, _WEAK, _HYPOTHETICAL = 0.9, 0.7, 0.4
_MATCHES = 20
"""Places of one reason that are looked at, should most of them be denied."""
_BEFORE, _AROUND, _WIDEST = 40, 24, 16
"""Characters before a match that may deny it, beside it as evidence, beside it of innocence."""


class _Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    severity: TicketSeverity
    signs: tuple[str, ...]
    words: str
    innocent: str = ""
    weak: bool = False


class _Before(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said before the words: `end` parts sentences, `denies` but for `idle`, `supposes`."""

    end: str
    denies: str
    idle: str
    supposes: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    before: _Before
    reason: dict[str, _Reason]


class _Rule(NamedTuple):
    name: str
    words: re.Pattern[str]
    innocent: re.Pattern[str] | None
    confidence: float


class _Context(NamedTuple):
    end: re.Pattern[str]
    denies: re.Pattern[str]
    idle: re.Pattern[str]
    supposes: re.Pattern[str]


def needs_human(text: str) -> list[Finding]:
    """Findings of kind `human`, one for each reason, with the words around what was said.

    What is denied (没有过敏, "no allergic reaction") is no finding; what is only feared or supposed
    is one of little confidence. Raises nothing.
    """
    text = clean(text[:_LOOKED_AT])
    folded = exact(text)
    signs, rules_of = _signs()
    hits = signs.find_matches_as_indexes(folded, overlapping=True)
    if not hits:
        return []
    called = [_rules()[rule] for rule in sorted({r for hit in hits for r in rules_of[hit[0]]})]
    found = _found(called, text, folded)
    if found and (masked := without_contacts(text)) != text:
        found = _found(called, masked, exact(masked))
    return found


def _found(rules: Sequence[_Rule], text: str, folded: str) -> list[Finding]:
    """One finding for each rule that holds, its best match being the evidence."""
    found = []
    for rule in rules:
        best = max(_matches(rule, folded), key=lambda match: match[0], default=None)
        if best is not None:
            confidence, first, last = best
            evidence = redact(text[max(0, first - _AROUND) : last + _AROUND].strip())
            found.append(
                Finding("human", f"human.{rule.name}", evidence[:MAX_EVIDENCE], confidence)
            )
    return found


def _matches(rule: _Rule, folded: str) -> Iterator[tuple[float, int, int]]:
    """How sure, and where, for each place that is neither denied nor innocent."""
    for match in islice(rule.words.finditer(folded), _MATCHES):
        first, last = match.span()
        if rule.innocent is not None and _is_within(rule.innocent, folded, first, last):
            continue
        before = _context().end.split(folded[max(0, first - _BEFORE) : first])[-1]
        if _context().denies.search(before) and not _context().idle.search(before):
            continue
        supposed = _context().supposes.search(before) is not None
        yield (_HYPOTHETICAL if supposed else rule.confidence), first, last


def _is_within(phrases: re.Pattern[str], folded: str, first: int, last: int) -> bool:
    """Whether a phrase covers a part of `first` to `last`."""
    around = phrases.finditer(folded, max(0, first - _WIDEST), last + _WIDEST)
    return any(phrase.start() < last and phrase.end() > first for phrase in around)


@cache
def _table() -> _Table:
    table = (files("agents.reviews") / "human.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(table), _Table)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            name,
            re.compile(reason.words),
            re.compile(reason.innocent) if reason.innocent else None,
            _WEAK if reason.weak else _SURE,
        )
        for name, reason in sorted(_table().reason.items())
    )


@cache
def _context() -> _Context:
    before = _table().before
    return _Context(
        re.compile(before.end),
        re.compile(f"(?:{before.denies})$"),
        re.compile(f"(?:{before.idle})$"),
        re.compile(f"(?:{before.supposes})$"),
    )


@cache
def _signs() -> tuple[ahocorasick_rs.AhoCorasick, list[list[int]]]:
    """What is searched first, and the rules that each sign of it calls."""
    rules_of: dict[str, list[int]] = defaultdict(list)
    for number, (_, reason) in enumerate(sorted(_table().reason.items())):
        for sign in reason.signs:
            rules_of[sign].append(number)
    return ahocorasick_rs.AhoCorasick(list(rules_of)), list(rules_of.values())


SEVERITY: dict[str, TicketSeverity] = {
    f"human.{name}": reason.severity for name, reason in sorted(_table().reason.items())
}
"""How urgent each reason is."""
