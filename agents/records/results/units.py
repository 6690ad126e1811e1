"""Units as they are written, and values turned from one into another."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

from agents.records.errors import BadPack
from agents.records.folding import fold

# 10^9 in its many spellings; a small 9 above the line is folded to 109.
_POWER = re.compile(r"(?:[×x✕*·]\s{0,2})?10\s{0,2}(?:\^|\*\*?|e|~|∧)?\s{0,2}(12|9|6|3)(?!\d)")
_LONGEST = 24


class Unit(NamedTuple):
    """A unit: `factor` times a value, plus `offset`, is in the first unit of its family."""

    name: str
    family: str
    factor: float
    offset: float


class Units:
    """The table of units."""

    def __init__(self, units: dict[str, Unit], spellings: dict[str, Unit]) -> None:
        self._units = units
        self._spellings = spellings
        self._firsts = frozenset(" ").union(spelling[:1] for spelling in spellings)

    @classmethod
    def read(cls, content: str, place: str) -> Units:
        """A TOML table of families; `place`: what an error calls it. Raises BadPack."""
        try:
            table = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise BadPack(f"{place}: {error}") from None
        offsets = table.pop("offset", {})
        units: dict[str, Unit] = {}
        spellings: dict[str, Unit] = {}
        for family, rows in table.items():
            for name, row in rows.items():
                if not isinstance(row, list) or not row or not isinstance(row[0], int | float):
                    raise BadPack(f"{place}: {name}: a factor and spellings")
                factor, *others = row
                unit = Unit(name, family, float(factor), float(offsets.get(name, 0.0)))
                units[name] = unit
                for spelling in (name, *others):
                    spellings.setdefault(_plain(fold(str(spelling))), unit)
        return cls(units, spellings)

    def get(self, name: str) -> Unit | None:
        """A unit by the table's name."""
        return self._units.get(name)

    def match(self, folded: str, start: int) -> tuple[Unit, int] | None:
        """The longest unit that stands at this character, and where it ends."""
        power = _POWER.match(folded, start)
        if power is not None:
            found = self._longest(f"10^{power[1]}", folded, power.end())
            if found is not None:
                return found
        return (
            self._longest("", folded, start) if folded[start : start + 1] in self._firsts else None
        )

    def _longest(self, head: str, folded: str, start: int) -> tuple[Unit, int] | None:
        line_end = folded.find("\n", start, start + _LONGEST)
        limit = min(len(folded), start + _LONGEST) if line_end < 0 else line_end
        for end in range(limit, start - (1 if head else 0), -1):
            if end > start and folded[end - 1] == " ":
                continue
            unit = self._spellings.get(_plain(head + folded[start:end]))
            if unit is not None and not _goes_on(folded, start, end):
                return unit, end
        return None


def convert(value: float, unit: Unit, to: Unit, molar: float | None = None) -> float | None:
    """The value in another unit; `molar`: grams a mole; None if there is no way."""
    first = value * unit.factor + unit.offset
    if unit.family != to.family:
        if molar is None or {unit.family, to.family} != {"mass", "molar"}:
            return None
        first = first / molar if unit.family == "mass" else first * molar
    return (first - to.offset) / to.factor


def rounded(value: float) -> float:
    """To three digits: a converted value is no more exact than it was measured."""
    return float(f"{value:.3g}")


def _plain(spelling: str) -> str:
    return spelling.replace(" ", "").replace("／", "/") if " " in spelling else spelling


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a word of Latin letters goes on after the unit."""
    if not 0 < end < len(text) or end == start:
        return False
    before, after = text[end - 1], text[end]
    if not (before.isascii() and before.isalpha() and after.isascii()):
        return False
    return after.isalpha() or (after == "/" and text[end + 1 : end + 2].isalpha())
