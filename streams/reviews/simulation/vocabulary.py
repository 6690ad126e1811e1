"""The words of a language that made-up reviews are put together from."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Literal, TypeVar

import msgspec

from streams.reviews.simulation.grammar import Template, Words

Language = Literal["zh", "en"]
Side = Literal["positive", "negative"]
T = TypeVar("T")


class _Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nouns: list[str]
    parts: list[str]
    attributes: list[str]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, list[str]]
    attributes: dict[str, dict[Side, list[str]]]
    general: dict[str, list[str]]
    risk: dict[str, list[str]]
    domains: dict[str, _Domain]


@dataclass(frozen=True)
class Domain:
    """What a kind of product is called and praised or blamed for."""

    name: str
    nouns: tuple[str, ...]
    attributes: tuple[str, ...]
    words: Words
    """All lists of words; `noun` is of the domain, a product narrows it to its own."""


@dataclass(frozen=True)
class Vocabulary:
    """One language: clauses by attribute and side, other templates by name, plain lists."""

    clauses: dict[tuple[str, Side], tuple[Template, ...]]
    templates: dict[str, tuple[Template, ...]]
    lists: dict[str, tuple[str, ...]]
    domains: dict[str, Domain]

    def one(self, name: str, random: Random, words: Words) -> str:
        """A text of one of the templates of a name."""
        return pick(self.templates[name], random).render(random, words)

    def clause(self, attribute: str, side: Side, random: Random, words: Words) -> str:
        """What may be said of an attribute."""
        return pick(self.clauses[attribute, side], random).render(random, words)


def pick(some: Sequence[T], random: Random) -> T:
    """One of them; three times as fast as random.choice."""
    return some[int(random.random() * len(some))]


_PLAIN = (
    "form_words",
    "join",
    "contrast",
    "stop",
    "short_positive",
    "short_negative",
    "default",
    "meme",
)


@cache
def vocabulary(language: Language) -> Vocabulary:
    """The words of a language."""
    file = files("streams.reviews.simulation") / "data" / f"{language}.toml"
    table = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _Table)
    templates = {name: list_ for name, list_ in table.general.items() if name not in _PLAIN}
    return Vocabulary(
        clauses={
            (name, side): _templates(list_)
            for name, sides in table.attributes.items()
            for side, list_ in sides.items()
        },
        templates={name: _templates(list_) for name, list_ in (templates | table.risk).items()},
        lists={name: tuple(table.general[name]) for name in _PLAIN},
        domains={
            name: Domain(
                name,
                tuple(one.nouns),
                tuple(one.attributes),
                table.words
                | {"noun": one.nouns, "part": one.parts}
                | dict.fromkeys(("f1", "f2", "f3"), table.general["form_words"]),
            )
            for name, one in table.domains.items()
        },
    )


def _templates(some: Sequence[str]) -> tuple[Template, ...]:
    return tuple(Template(one) for one in some)
