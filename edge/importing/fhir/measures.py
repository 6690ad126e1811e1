"""Lines about observations."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from edge.importing import facts
from edge.importing.fhir import words
from edge.importing.fhir.page import NOWHERE, Line, at, plain
from edge.importing.fhir.resources import Concept, Measure, Observation, Quantity, ReferenceRange
from schemas.records import DateText, Interpretation, Result

_NOT_SO = frozenset({"entered-in-error", "cancelled"})


def observation(resource: Observation) -> Iterator[Line]:
    """A line for the value and for each component; none if it was never measured."""
    if resource.status in _NOT_SO:
        return
    when = resource.effective_date_time or resource.effective_period.start or resource.issued
    day = facts.day(when)
    for measure in (resource, *resource.component):
        if (found := _line(measure, day)) is not None:
            yield found


def _line(measure: Measure, day: DateText) -> Line | None:
    """`2025-03-02 肌酐 132 μmol/L (57-111) ↑`."""
    name, value = plain(measure.code.words), _value(measure)
    if not name or not value:
        return None
    before = f"{day} " if day else ""
    given = measure.value_quantity
    unit = plain(given.unit or given.code) if given else ""
    limits = measure.reference_range[0] if len(measure.reference_range) == 1 else ReferenceRange()
    printed = _range(limits)
    judged = _interpretation(measure.interpretation)
    parts = [name, value, unit, f"({printed})" if printed else "", words.ARROWS.get(judged, "")]
    if judged == "A":
        parts.append("异常" if words.chinese(name) else "abnormal")
    text = before + " ".join(part for part in parts if part)
    if given is None or given.value is None:
        return Line(text, (), day)
    item = Result(
        span=NOWHERE, sentence=NOWHERE, name=name, time=day, text=value, unit=unit,
        value=None if given.comparator else float(given.value),
        low=_bound(limits.low), high=_bound(limits.high),
        interpretation=judged, reference="flag" if judged else "none",
    )  # fmt: skip
    return Line(text, (at(before, item),), day)


def _value(measure: Measure) -> str:
    given = measure.value_quantity
    if given is not None and given.value is not None:
        return plain(given.comparator) + _number(given.value)
    if measure.value_integer is not None:
        return str(measure.value_integer)
    if measure.value_boolean is not None:
        return "是" if measure.value_boolean else "否"
    return plain(measure.value_string or measure.value_codeable_concept.words)


def _number(value: Decimal) -> str:
    """As precise as given, without an exponent."""
    return format(value, "f") if abs(value.adjusted()) < 20 else str(value)


def _range(limits: ReferenceRange) -> str:
    low, high = _limit(limits.low), _limit(limits.high)
    if low and high:
        return f"{low}-{high}"
    return f"≥{low}" if low else f"≤{high}" if high else plain(limits.text).strip("()（）")


def _limit(limit: Quantity | None) -> str:
    return _number(limit.value) if limit is not None and limit.value is not None else ""


def _bound(limit: Quantity | None) -> float | None:
    return float(limit.value) if limit is not None and limit.value is not None else None


def _interpretation(concepts: tuple[Concept, ...]) -> Interpretation | Literal[""]:
    for code in sorted(code for concept in concepts for code in concept.codes):
        if code in words.INTERPRETATIONS:
            return words.INTERPRETATIONS[code]
    return ""
