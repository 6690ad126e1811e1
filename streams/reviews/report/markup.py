"""Pieces of HTML; whatever comes from people goes through `text`."""

from collections.abc import Iterable
from html import escape
from unicodedata import category

from sinks.plain import clean

NAME, SENTENCE = 128, 400
"""Characters that are shown."""
_MARKS = 4
"""Upon one letter; more of them are a tower that no line holds."""


def text(given: str, most: int = SENTENCE) -> str:
    """What somebody else wrote: escaped, cut, without invisible characters, in its own direction.

    >>> text("a<b>\\u202e")
    '<bdi>a&lt;b&gt;</bdi>'
    """
    return f"<bdi>{escape(_level(clean(given, most)))}</bdi>"


def _level(given: str) -> str:
    if given.isascii():
        return given
    kept, marks = [], 0
    for character in given:
        marks = marks + 1 if category(character).startswith("M") else 0
        if marks <= _MARKS:
            kept.append(character)
    return "".join(kept)


def product(given: str) -> str:
    """The name of one, or that there is none."""
    return text(given, NAME) if given else "no product named"


def names(given: Iterable[str], most: int) -> str:
    """The first of them, and that there are more."""
    found = list(given)
    shown = ", ".join(text(one, NAME) for one in found[:most])
    return f"{shown} and {len(found) - most:,} more" if len(found) > most else shown


def section(place: str, head: str, body: str) -> str:
    """One part of the page; `place`: what leads there."""
    return f'<section id="{place}"><h2>{head}</h2>{body}</section>'


def quotation(said: str, below: str = "") -> str:
    """What a review says; `below` is HTML."""
    small = f"<small>{below}</small>" if below else ""
    return f"<blockquote>{text(said)}{small}</blockquote>"


def fact(what: str, value: str) -> str:
    """One line of a list of facts; HTML both."""
    return f"<div><dt>{what}</dt><dd>{value}</dd></div>"


def key(css: str) -> str:
    """A patch of the colour of a sentiment."""
    return f'<i class="key {css}"></i>'
