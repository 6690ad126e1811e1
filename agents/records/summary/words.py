"""Our own words in a language, and lines made of them: no line can be made without a source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from agents.records.folding import fold
from agents.records.summary.facts import Said
from schemas.records import DateText, Item, Line, Medication, Source

Language = Literal["zh", "en"]
Mark = Literal["", "new", "changed", "abnormal", "critical", "uncertain", "contradiction"]


class Words:
    """The texts of one language."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def __call__(self, text: str, **values: str) -> str:
        """The text of this name with its gaps filled."""
        return self._texts[text].format(**values)

    def name(self, item: Item) -> str:
        """As the document writes it, with the term of our table where that says more."""
        written, term = item.name.strip(), item.term
        if not term or not written:
            return written or term
        if fold(term) in fold(written):
            return written
        return self("also_written", term=term, name=written)

    def drug(self, item: Medication) -> str:
        """Its name with dose, route and frequency, as far as they are said."""
        return " ".join(part for part in (self.name(item), intake(item)) if part)


def intake(item: Medication) -> str:
    """Dose, route and frequency."""
    return " ".join(part for part in (item.dose, item.route, item.frequency) if part)


@cache
def words(language: Language) -> Words:
    """Of Chinese or English."""
    place = files("agents.records.summary") / "texts" / f"{language}.toml"
    return Words(tomllib.loads(place.read_text(encoding="utf-8")))


def line(
    text: str,
    first: Said[Item] | Source,
    *more: Said[Item] | Source,
    date: DateText = "",
    detail: str = "",
    mark: Mark = "",
) -> Line:
    """A line of what is said at these places, of which there is at least one.

    `date`: else of the first one; left out if `detail` tells it.
    """
    sources = [one if isinstance(one, Source) else one.source for one in (first, *more)]
    if not date and isinstance(first, Said):
        date = first.item.time or first.date
    if date and date in detail:
        date = ""
    return Line(text, tuple(dict.fromkeys(sources)), date, detail, mark)


def joined(*parts: str) -> str:
    """Parts of a detail."""
    return " · ".join(part for part in parts if part)
