"""Contact details in a review: somebody wants to be reached, past the shop.

A name alone is no contact: "WeChat Pay works" has none, "vx: abc888" has. What is found is written
as a placeholder, so that no number, address or account name leaves this module.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import ahocorasick_rs
import msgspec

from agents.privacy import redact
from agents.reviews.adverts import adverts
from agents.reviews.words.folding import exact
from schemas.reviews import MAX_EVIDENCE, Finding
from windows.texts import clean

_LOOKED_AT = 20_000
"""Characters of a long text in which contacts are looked for."""
_AROUND = 28
_NUMERAL = "零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_TO_DIGITS = str.maketrans(_NUMERAL, "0012345678912123456789")
# Seven digits or more, some of them written as Chinese numerals.
_NUMERALS = re.compile(rf"[{_NUMERAL}\d](?:[^\w\n]{{0,3}}[{_NUMERAL}\d]){{6,}}")
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
# A number with such a word before it is not for dialling.
_NO_PHONE = re.compile(
    r"(?:单号?|编号|货号|条码|快递|流水号?|序列号|尾号|款号|order|tracking|serial|model|sku|no|isbn|id|#)"
    r"[^\d\w]{0,3}(?:号|number|no|is|was|是|为)?[^\d\w]{0,3}$"
)
# Whatever number is left near a contact may be a part of it.
_LEFT_OVER = re.compile(r"\w*\d(?:\W{0,2}\d){4,}\w*")


class _Pattern(msgspec.Struct, frozen=True):
    kind: str
    regex: str
    confidence: float = 0.95


class _Table(msgspec.Struct, frozen=True):
    signs: tuple[str, ...]
    parts: dict[str, str]
    pattern: tuple[_Pattern, ...]


def contacts(text: str) -> list[Finding]:
    """Findings of kind `contact`, one for each way to reach somebody, and of kind `advert`.

    Raises nothing.
    """
    text = clean(text[:_LOOKED_AT])
    folded = exact(text)
    found = adverts(folded)
    if _may_hold_any(folded):
        found += _details(folded)
    return found


def without_contacts(text: str) -> str:
    """The text itself if it holds no contact detail, else in `exact` form with placeholders.

    For what is quoted: `agents.privacy.redact` leaves account names and disguised numbers in.
    Raises nothing.
    """
    folded = exact(text)
    if not _may_hold_any(folded):
        return text
    masked, kinds = _masked(folded)
    return masked if kinds else text


def _may_hold_any(folded: str) -> bool:
    return bool(
        _signs().find_matches_as_indexes(folded)
        or _DIGITS.search(folded)
        or (not folded.isascii() and _NUMERALS.search(folded))
    )


def _details(folded: str) -> list[Finding]:
    masked, confidence = _masked(folded)
    return [
        Finding("contact", f"contact.{kind}", _evidence(masked, f"[{kind}]"), confidence[kind])
        for kind in sorted(confidence)
    ]


def _masked(folded: str) -> tuple[str, dict[str, float]]:
    """The text with placeholders, and how sure each kind is."""
    if not folded.isascii():
        folded = _NUMERALS.sub(lambda run: run[0].translate(_TO_DIGITS), folded)
    confidence: dict[str, float] = {}
    for kind, sure, pattern in _patterns():
        replaced = pattern.sub(_replacing(kind), folded)
        if replaced != folded:
            folded = replaced
            confidence[kind] = max(sure, confidence.get(kind, 0.0))
    return folded, confidence


def _replacing(kind: str) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        before = found.string[max(0, found.start() - 16) : found.start()]
        return found[0] if kind == "phone" and _NO_PHONE.search(before) else f"[{kind}]"

    return replace


def _evidence(masked: str, mark: str) -> str:
    """The words around the first placeholder."""
    masked = _LEFT_OVER.sub("[number]", redact(masked))
    at = max(0, masked.find(mark))
    return masked[max(0, at - _AROUND) : at + len(mark) + _AROUND].strip()[:MAX_EVIDENCE]


@cache
def _table() -> _Table:
    text = (files("agents.reviews") / "contacts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)


@cache
def _signs() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(list(_table().signs))


@cache
def _patterns() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    return tuple(
        (one.kind, one.confidence, re.compile(_filled(one.regex))) for one in _table().pattern
    )


def _filled(regex: str) -> str:
    for name, part in _table().parts.items():
        regex = regex.replace(f"<{name}>", part)
    return regex
