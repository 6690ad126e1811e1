"""The patient's results, test by test: the last value, whether it is abnormal, where it goes."""

from __future__ import annotations

from dataclasses import dataclass

from agents.records.folding import fold
from agents.records.results.trend import scale, trend
from agents.records.results.units import rounded
from agents.records.summary.facts import Facts, Said
from agents.records.summary.relations import Relations, key
from agents.records.summary.words import Mark, Words, joined, line
from schemas.records import DateText, Line, Result, Span

_MOST_VALUES = 5
"""Of a trend, the newest."""
_CRITICAL = frozenset({"LL", "HH"})
_ARROWS = {"LL": "↓↓", "L": "↓", "N": "", "H": "↑", "HH": "↑↑", "A": "", "": ""}


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """Results that are written as one: a blood pressure has two."""

    said: tuple[Said[Result], ...]

    @property
    def day(self) -> DateText:
        """Of the measurement, where the document says it, else of the visit."""
        return self.said[0].item.time or self.said[0].date

    @property
    def abnormal(self) -> bool:
        """Whether any of it is."""
        return any(one.item.interpretation not in ("", "N") for one in self.said)

    @property
    def normal(self) -> bool:
        """Whether all of it is known to be."""
        return all(one.item.interpretation == "N" for one in self.said)

    @property
    def critical(self) -> bool:
        """Whether any of it is."""
        return any(one.item.interpretation in _CRITICAL for one in self.said)

    @property
    def value(self) -> str:
        """As written, without the unit."""
        return "/".join(_value(one.item) for one in self.said)

    @property
    def text(self) -> str:
        """With unit and arrow."""
        last = self.said[-1].item
        arrow = next((a for one in self.said if (a := _ARROWS[one.item.interpretation])), "")
        return f"{self.value}{_unit(last.unit)}{arrow}"


def _value(item: Result) -> str:
    if item.text or item.value is None:
        return item.text
    return _number(item.value)


def _unit(unit: str) -> str:
    return f" {unit}" if unit and unit != "%" else unit


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


@dataclass(frozen=True, slots=True, repr=False)
class Series:
    """All readings of one test in order of time, at least one. `terms`: of its results."""

    name: str
    terms: frozenset[str]
    readings: tuple[Reading, ...]

    @property
    def last(self) -> Reading:
        """The newest one."""
        return self.readings[-1]

    @property
    def before(self) -> Reading | None:
        """The newest one of an earlier day."""
        earlier = [one for one in self.readings if "" < one.day < self.last.day]
        return earlier[-1] if earlier else None


def series(facts: Facts) -> tuple[Series, ...]:
    """Every test, the one measured last first."""
    together: dict[tuple[int, Span], list[Said[Result]]] = {}
    for one in facts.results:
        together.setdefault((one.visit, one.item.span), []).append(one)
    found: dict[str, list[Reading]] = {}
    for said in together.values():
        name = "/".join(dict.fromkeys(key(one.item) for one in said))
        found.setdefault(name, []).append(Reading(tuple(said)))
    made = [_test(name, readings) for name, readings in found.items()]
    return tuple(
        sorted(made, key=lambda one: (one.last.day, -one.last.said[0].at[1]), reverse=True)
    )


def _test(name: str, readings: list[Reading]) -> Series:
    """Of a value that is told twice on a day, the one with a unit counts."""
    once: dict[tuple[DateText, str], Reading] = {}
    for one in sorted(readings, key=lambda each: not each.said[0].item.unit):
        once.setdefault((one.day, one.value), one)
    ordered = sorted(once.values(), key=lambda one: (one.day, one.said[0].at))
    terms = frozenset(said.item.term for one in ordered for said in one.said)
    return Series(name, terms, tuple(ordered))


def result_lines(
    facts: Facts, all_tests: tuple[Series, ...], relations: Relations, words: Words
) -> tuple[Line, ...]:
    """Tests whose last value is abnormal, the critical ones first, then the newest."""
    abnormal = [
        one for one in all_tests
        if one.last.abnormal
        and not (one.terms & set(relations.passing) and one.last.day < facts.last_visit)
    ]  # fmt: skip
    abnormal.sort(key=lambda one: not one.last.critical)
    return tuple(series_line(one, words) for one in abnormal)


def series_line(test: Series, words: Words) -> Line:
    """The last value and how it went."""
    last = test.last
    earlier = [one for one in test.readings if one.day <= last.day][-_MOST_VALUES:]
    first, *more = last.said
    sources = [said for one in reversed(earlier) if one is not last for said in one.said]
    return line(
        f"{series_name(test, words)} {last.text}", first, *more, *sources,
        date=last.day, detail=joined(_range(first.item, words), _trend(test, earlier, words)),
        mark=series_mark(last),
    )  # fmt: skip


def series_mark(reading: Reading) -> Mark:
    """Critical, abnormal or nothing."""
    return "critical" if reading.critical else "abnormal" if reading.abnormal else ""


def series_name(test: Series, words: Words) -> str:
    """Its term, and what the document calls it."""
    items = [one.item for one in test.last.said]
    if len(items) == 1:
        return words.name(items[0])
    written, terms = items[0].name, "/".join(dict.fromkeys(one.term or one.name for one in items))
    return (
        terms if fold(written) in fold(terms) else words("also_written", term=terms, name=written)
    )


def _range(item: Result, words: Words) -> str:
    if item.low is None and item.high is None:
        return ""
    low = "" if item.low is None else f"{item.low:g}"
    high = "" if item.high is None else f"{item.high:g}"
    return words("range", low=low, high=high)


def _trend(test: Series, readings: list[Reading], words: Words) -> str:
    went = trend((one.day, one.said[0].item) for one in test.readings)
    numbers = [one for one in readings if one.day and one.said[0].item.value is not None]
    if went is None or not numbers:
        return ""
    unit, values = _in_one_unit(numbers)
    # The last one's day is the line's own.
    told = " → ".join(
        value if one.day == test.last.day else f"{value} ({one.day})" for one, value in values
    )
    return words("trend", trend=words(f"trend_{went.direction}"), values=f"{told}{unit}")


def _in_one_unit(numbers: list[Reading]) -> tuple[str, list[tuple[Reading, str]]]:
    """Values in the newest one's unit, which is told if others were written in another.

    In the table's unit if there is no plain factor to it; what does not convert is left out.
    """
    if len({fold(said.item.unit) for one in numbers for said in one.said}) == 1:
        return "", [(one, one.value) for one in numbers]
    newest = numbers[-1].said[0].item
    factor = scale(newest)
    unit = newest.normal_unit if factor is None else newest.unit or newest.normal_unit
    values = [
        (one, "/".join(_converted(said.item, unit, factor or 1.0) for said in one.said))
        for one in numbers
        if all(_converts(said.item, unit) for said in one.said)
    ]
    return _unit(unit), values


def _converts(item: Result, unit: str) -> bool:
    number = item.normal_value is not None and not item.text
    return number or (item.value is not None and fold(item.unit) == fold(unit))


def _converted(item: Result, unit: str, factor: float) -> str:
    if fold(item.unit) == fold(unit) or item.normal_value is None:
        return _value(item)
    return _number(rounded(item.normal_value / factor))
