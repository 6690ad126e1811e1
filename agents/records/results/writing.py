"""Items made of what was read: which test is meant, and how its value is to be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.results.catalogue import Analyte, Analytes, Mention
from agents.records.results.judgement import Judgement, Measured, judge
from agents.records.results.reading import Number, Word
from agents.records.results.times import Times
from schemas.records import Interpretation, Result, Span

if TYPE_CHECKING:
    from agents.records.parsed import Parsed
    from agents.records.results.context import Specimen
    from agents.records.results.person import Person

_PREFIX: dict[str, tuple[str, ...]] = {"urine": ("尿",), "stool": ("粪便", "便")}
_VITAL = re.compile(r"\bt[: ]?\d\d\.\d|\bbp|[pr][: ]?\d{2,3}[ ,，]")
_WORSE: dict[str, int] = {"HH": 3, "LL": 3, "H": 2, "L": 2, "A": 2, "N": 1, "": 0}


class Writer:
    """Makes results of one note."""

    def __init__(self, parsed: Parsed, tests: Analytes, person: Person) -> None:
        self._parsed = parsed
        self._tests = tests
        self._person = person
        self._times = Times(parsed.folded, parsed.note.date)

    def number(
        self, mention: Mention, numbers: tuple[Number, ...], specimen: Specimen
    ) -> Iterator[Result]:
        """One result a number; two of a pair such as a blood pressure."""
        for number in numbers:
            pair = mention.tests[0].pair
            if pair:
                if number.slash is None:
                    return
                upper, lower = (self._tests[key] for key in pair)
                yield from self._one(mention, (upper,), number)
                second = number._replace(value=number.slash, other=number.slash_other)
                yield from self._one(mention, (lower,), second)
            else:
                yield from self._one(mention, self._candidates(mention, specimen), number)

    def word(self, mention: Mention, word: Word, specimen: Specimen) -> Iterator[Result]:
        """A result in words; a short name, or one of a pair, has none."""
        tests = self._candidates(mention, specimen)
        qualitative = next(
            (one for one in tests if one.unit is None or one.key.startswith(("urine", "stool"))),
            None,
        )
        if mention.tests[0].pair or not tests or (mention.short and qualitative is None):
            return
        test = (qualitative if word.side in ("A", "N") else None) or tests[0]
        side: Interpretation = word.side or "N"
        if side == "A" and test.positive_is_normal:
            side = "N"
        words = self._parsed.text[word.start : word.end].strip("() \t（）") or "-"
        yield self._item(mention, test, word.end, Judgement(side, "flag"), text=words)

    def _candidates(self, mention: Mention, specimen: Specimen) -> tuple[Analyte, ...]:
        if specimen == "":
            return mention.tests
        if specimen == "other":
            return ()
        name = self._parsed.folded[mention.start : mention.end]
        own = tuple(one for one in mention.tests if one.key.startswith((specimen, "hp")))
        named = (one for head in _PREFIX[specimen] for one in self._tests.named(head + name))
        return (*own, *(one for one in named if one not in own))

    def _one(
        self, mention: Mention, tests: tuple[Analyte, ...], number: Number
    ) -> Iterator[Result]:
        test = next(
            (t for t in tests if t.normal_value(number.value, number.unit) is not None), None
        )
        if test is None or test.panel:
            if mention.short or not (number.unit or number.printed or number.flag):
                return
            test = next((one for one in mention.tests if not one.panel), None)
            if test is None or (number.unit is None and test.unit is not None and not tests):
                return
            judgement = _printed_only(test, number, self._person)
        elif mention.short and number.unit is None and not self._fits(mention, number, test):
            return
        else:
            value, judgement = self._judged(test, number)
            number = number._replace(value=value)
        start, end = number.unit_text
        written = self._parsed.text[
            number.start : start if number.unit and start > number.start else number.end
        ].strip(" \t")
        wide = number.other is not None
        yield self._item(
            mention,
            test,
            number.end,
            judgement,
            value=number.value,
            text=number.sign + _number_text(written) if wide or number.sign else "",
            unit=self._parsed.text[start:end].strip() if number.unit else "",
        )

    def _fits(self, mention: Mention, number: Number, test: Analyte) -> bool:
        """Whether a short name is meant though its value has no unit.

        Not of a share, nor where the number hangs on the name without a point (K1, L5, P25).
        """
        if number.other is not None or number.slash is not None:
            return False
        folded = self._parsed.folded
        if test.unit is not None and (test.unit.name == "%" or folded[mention.start].isdigit()):
            return False
        written = folded[number.start : number.end]
        if number.start > mention.end or "." in written or number.flag or number.printed:
            return True
        near = folded[max(0, mention.start - 12) : number.end + 12]
        return test.vital and _VITAL.search(near) is not None

    def _judged(self, test: Analyte, number: Number) -> tuple[float, Judgement]:
        """Of a range such as 38 to 39 the end that is farther out."""
        values = [number.value] if number.other is None else [number.other, number.value]
        made = [(value, judge(test, _measured(number, value), self._person)) for value in values]
        return max(made, key=lambda one: _WORSE[one[1].interpretation])

    def _item(
        self,
        mention: Mention,
        test: Analyte,
        end: int,
        judgement: Judgement,
        *,
        value: float | None = None,
        text: str = "",
        unit: str = "",
    ) -> Result:
        normal = judgement.normal_value
        return Result(
            span=Span(mention.start, max(end, mention.end)),
            sentence=self._parsed.sentence(mention.start),
            name=self._parsed.text[mention.start : mention.end],
            term=test.name,
            time=self._times.at(mention.start),
            value=value,
            text=text,
            unit=unit,
            normal_value=normal,
            normal_unit=test.unit.name if test.unit and normal is not None else "",
            low=judgement.low,
            high=judgement.high,
            interpretation=judgement.interpretation,
            reference=judgement.reference,
        )


def _measured(number: Number, value: float) -> Measured:
    return Measured(value, number.sign, number.unit, number.printed, number.flag, number.urgent)


def _printed_only(test: Analyte, number: Number, person: Person) -> Judgement:
    return judge(test._replace(ranges=()), _measured(number, number.value), person)


def _number_text(written: str) -> str:
    return written.lstrip("<>≤≥= ")
