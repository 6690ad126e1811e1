"""An article of the bank, read: what it is about, when it holds, and its text without markup."""

from datetime import date

import msgspec

from schemas.turns import Lang

Fact = str | int | float


class Section(msgspec.Struct, frozen=True):
    """A part of an article under one heading; `line` is that of the heading, from 1.

    `anchor` is the same in all languages. `sentences` in their order, plain text.
    """

    anchor: str
    heading: str
    line: int
    sentences: tuple[str, ...]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The front matter; days are both included, `valid_to` None: until further notice.

    `asked`: how people put it who do not know the bank's words. `facts`: name to value, the same
    in every article that names it. `related`: ids. `link`: a deep link of links.toml.
    """

    id: str
    title: str
    lang: Lang
    product: str
    intents: tuple[str, ...]
    valid_from: date
    updated: date
    valid_to: date | None = None
    link: str = ""
    related: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    facts: dict[str, Fact] = {}


class Article(msgspec.Struct, frozen=True):
    """A file; `links` are those of its text with their lines, `lines` those of the front matter."""

    file: str
    head: Head
    sections: tuple[Section, ...]
    links: tuple[tuple[int, str], ...] = ()
    lines: dict[str, int] = {}

    def line(self, *keys: str) -> int:
        """Where the first of these keys stands that is there."""
        return next((self.lines[key] for key in keys if key in self.lines), 1)

    @property
    def text(self) -> str:
        """All that is said, a line each."""
        told = [part for one in self.sections for part in (one.heading, *one.sentences)]
        return "\n".join([self.head.title, *filter(None, told)])


class Finding(msgspec.Struct, frozen=True, order=True):
    """What is wrong with an article, and where."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"
