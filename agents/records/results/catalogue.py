"""The tests that are known: names, units, reference ranges and critical limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from math import inf
from typing import Literal, NamedTuple

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.results.units import Unit, Units, convert


class Range(NamedTuple):
    """Of whom, from which year of age to before which, and between what values, both included."""

    sex: str
    since: float
    until: float
    low: float
    high: float


class Analyte(NamedTuple):
    """One test. `unit`: None if it has none; `others`: factor and offset by a unit's name."""

    key: str
    name: str
    unit: Unit | None
    ranges: tuple[Range, ...]
    critical: tuple[float, float]
    possible: tuple[float, float]
    molar: float | None
    others: Mapping[str, tuple[float, float]]
    positive_is_normal: bool
    vital: bool
    panel: bool
    decoy: bool
    pair: tuple[str, ...]
    words: tuple[str, ...]

    def normal_value(self, value: float, unit: Unit | None) -> float | None:
        """The value in the test's own unit, None if the unit does not fit or it cannot be.

        Without a unit: the test's own is meant.
        """
        made: float | None = value
        if unit is not None and unit is not self.unit:
            if unit.name in self.others:
                factor, offset = self.others[unit.name]
                made = value * factor + offset
            elif self.unit is None:
                return None
            else:
                made = convert(value, unit, self.unit, self.molar)
        if made is None or not self.possible[0] <= made <= self.possible[1]:
            return None
        return made


_Pair = tuple[float, float]


class _Cells(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One test as the table has it; `range` is that of everybody, `ranges` of some."""

    name: str
    aliases: list[str] = []
    short: list[str] = []
    unit: str = ""
    range: _Pair | None = None
    ranges: list[tuple[str, float, float, float, float]] = []
    critical: _Pair = (-inf, inf)
    possible: _Pair = (-inf, inf)
    molar: float | None = None
    factors: dict[str, float] = {}
    offsets: dict[str, float] = {}
    positive: Literal["", "N"] = ""
    vital: bool = False
    panel: bool = False
    decoy: bool = False
    pair: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Mention(NamedTuple):
    """A test's name at characters `start` to `end`; `short`: read only if its value fits."""

    start: int
    end: int
    tests: tuple[Analyte, ...]
    short: bool


class Analytes:
    """The catalogue, and where its names stand in a text."""

    def __init__(self, units: Units, rows: list[tuple[Analyte, list[str], list[str]]]) -> None:
        self.units = units
        self._by_key = {test.key: test for test, _, _ in rows}
        long: dict[str, list[Analyte]] = {}
        short: dict[str, list[Analyte]] = {}
        self._as_written: set[str] = set()
        for test, names, shorts in rows:
            for name in names:
                long.setdefault(fold(name), []).append(test)
            for name in shorts:
                short.setdefault(fold(name), []).append(test)
                self._as_written.add(name)
        self._found = {
            name: (tuple(long.get(name, []) + short.get(name, [])), name not in long)
            for name in sorted(set(long) | set(short))
        }
        self._names = list(self._found)
        self._search = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    @classmethod
    def read(cls, content: str, units: Units, place: str) -> Analytes:
        """The TOML table of tests. Raises BadPack."""
        try:
            table = msgspec.convert(tomllib.loads(content), dict[str, _Cells])
            rows = [_row(key, cells, units) for key, cells in table.items()]
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
            raise BadPack(f"{place}: {error}") from None
        return cls(units, rows)

    def __len__(self) -> int:
        return len(self._by_key)

    def __getitem__(self, key: str) -> Analyte:
        return self._by_key[key]

    def named(self, name: str) -> tuple[Analyte, ...]:
        """The tests of this name, likeliest first."""
        return self._found.get(fold(name), ((), False))[0]

    def find(self, text: str, folded: str) -> list[Mention]:
        """Names of tests in a text; Latin ones as whole words, short ones as the table has them."""
        found = []
        for which, start, stop in self._search.find_matches_as_indexes(folded):
            name = self._whole(folded, start, stop, self._names[which])
            tests, short = self._found.get(name, ((), False))
            end = start + len(name)
            if not tests or tests[0].decoy:
                continue
            if short and (text[start:end] not in self._as_written or _joined(text, start)):
                continue
            found.append(Mention(start, end, tests, short))
        return found

    def _whole(self, folded: str, start: int, end: int, name: str) -> str:
        """The name, or the longest one it begins with, that stands by itself: T36.5 is no T3."""
        while name and _inside_word(folded, start, end):
            end -= 1
            while end > start and folded[start:end] not in self._found:
                end -= 1
            name = folded[start:end]
        return name


def _row(key: str, cells: _Cells, units: Units) -> tuple[Analyte, list[str], list[str]]:
    unit = units.get(cells.unit) if cells.unit else None
    strange = [name for name in cells.factors if units.get(name) is None]
    if cells.unit and unit is None:
        strange.append(cells.unit)
    if strange:
        raise ValueError(f"{key}: no such unit: {', '.join(strange)}")
    ranges = [Range("any", 0.0, 200.0, *cells.range)] if cells.range else []
    test = Analyte(
        key=key,
        name=cells.name,
        unit=unit,
        ranges=(*ranges, *(Range(*row) for row in cells.ranges)),
        critical=cells.critical,
        possible=cells.possible,
        molar=cells.molar,
        others={name: (by, cells.offsets.get(name, 0.0)) for name, by in cells.factors.items()},
        positive_is_normal=cells.positive == "N",
        vital=cells.vital,
        panel=cells.panel,
        decoy=cells.decoy,
        pair=cells.pair,
        words=tuple(map(fold, cells.words)),
    )
    return test, [cells.name, *cells.aliases], cells.short


def _joined(text: str, start: int) -> bool:
    """Whether a short name hangs on a word, a number or a sign before it: pT3N1, L4/5, ca2."""
    before = text[start - 1] if start else " "
    return before.isascii() and (before.isalnum() or before in "-/+")


def _inside_word(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if start and first.isascii() and first.isalpha():
        before = text[start - 1]
        if before.isascii() and before.isalpha():
            return True
    if end < len(text) and last.isascii() and last.isalnum():
        after = text[end]
        if after.isascii() and (after.isalpha() if last.isalpha() else after.isalnum()):
            return True
    return False
