"""Whether a value is normal: the printed range first, then its flag, then our table."""

from __future__ import annotations

from math import inf, isinf
from typing import Literal, NamedTuple

from agents.records.results.catalogue import Analyte, Range
from agents.records.results.person import Person, years
from agents.records.results.units import Unit, rounded
from schemas.records import Interpretation, Reference

Side = Literal["H", "L", "A", "N", ""]


class Judgement(NamedTuple):
    """`low`, `high`: the range that was applied, in the value's own unit."""

    interpretation: Interpretation | Literal[""] = ""
    reference: Reference = "none"
    low: float | None = None
    high: float | None = None
    normal_value: float | None = None


class Measured(NamedTuple):
    """A number as read. `sign`: < or >; `printed`: the document's range; `flag`: its mark."""

    value: float
    sign: str
    unit: Unit | None
    printed: tuple[float, float] | None
    flag: Side
    urgent: bool = False


def judge(test: Analyte, one: Measured, person: Person) -> Judgement:
    """A value whose unit does not fit is judged by what the document says, or not at all."""
    normal = test.normal_value(one.value, one.unit)
    sides = test.critical if normal is not None and years(person) >= 1 else (-inf, inf)
    if one.printed is not None:
        low, high = one.printed
        side = _side(one.value, one.sign, low, high)
        return Judgement(
            _critical(side, normal, sides, one.urgent), "printed", _known(low), _known(high), normal
        )
    if one.flag:
        return Judgement(
            _critical(one.flag, normal, sides, one.urgent), "flag", normal_value=normal
        )
    chosen = _range(test, person) if normal is not None else None
    if chosen is None or normal is None:
        return Judgement(normal_value=normal)
    side = _side(normal, one.sign, *chosen)
    scale = normal / one.value if one.value and normal else 0.0
    written = _written(chosen, test, one.unit, scale)
    return Judgement(_critical(side, normal, sides, one.urgent), "table", *written, normal)


def _side(value: float, sign: str, low: float, high: float) -> Side:
    if sign in ("<", "≤"):
        if value <= low and low > 0:
            return "L"
        return "N" if value <= high and low <= 0 else ""
    if sign in (">", "≥"):
        if value >= high:
            return "H"
        return "N" if isinf(high) and value >= low else ""
    if value < low:
        return "L"
    return "H" if value > high else "N"


def _critical(
    side: Side, normal: float | None, sides: tuple[float, float], urgent: bool
) -> Interpretation | Literal[""]:
    if side == "L" and (urgent or (normal is not None and normal <= sides[0])):
        return "LL"
    if side == "H" and (urgent or (normal is not None and normal >= sides[1])):
        return "HH"
    return side


def _range(test: Analyte, person: Person) -> tuple[float, float] | None:
    """The range of this person; of an unknown sex, what is normal for either."""
    age = years(person)
    fitting = [one for one in test.ranges if one.since <= age < one.until]
    if person.pregnant:
        for one in fitting:
            if one.sex == "pregnant":
                return one.low, one.high
    fitting = [one for one in fitting if one.sex != "pregnant"]
    by_sex = [_of_sex(fitting, sex) for sex in _sexes(person)]
    known = [one for one in by_sex if one is not None]
    if not known or len(known) < len(by_sex):
        return None
    return min(one.low for one in known), max(one.high for one in known)


def _sexes(person: Person) -> tuple[str, ...]:
    return ("male", "female") if person.sex == "unknown" else (person.sex,)


def _of_sex(ranges: list[Range], sex: str) -> Range | None:
    return next((one for one in ranges if one.sex in ("any", sex)), None)


def _written(
    chosen: tuple[float, float], test: Analyte, unit: Unit | None, scale: float
) -> tuple[float | None, float | None]:
    """The range in the unit of the value: as it is, or by what the value itself was scaled."""
    if unit is None or unit is test.unit:
        return _known(chosen[0]), _known(chosen[1])
    if not scale or unit.offset or test.others.get(unit.name, (1.0, 0.0))[1]:
        return None, None
    low, high = (_known(one) for one in chosen)
    return (
        None if low is None else rounded(low / scale),
        None if high is None else rounded(high / scale),
    )


def _known(value: float) -> float | None:
    return None if isinf(value) else value
