"""What an English note tells the patient to heed or to do: by the first words of a clause."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from agents.records.appointments import TIME, due_in
from agents.records.errors import BadPack
from agents.records.parsed import Parsed
from agents.records.patterns import any_of
from schemas.records import Precaution, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_TOLD = frozenset({"advice", "treatment"})
_NARRATED = re.compile(r"course")
_NEVER = frozenset({"family", "allergy", "exam", "results", "personal", "past"})
_MARKS = re.compile(r"(?:\(?\d{1,2}[.)]|[\s*•·>#-]){0,8}\s*")
_DOSED = re.compile(
    r"\d\s?(?:mg|g|ml|mcg|ug|units?|iu|tabs?|tablets?|capsules?|puffs?|drops?|mmol)\b(?!/day)"
)
_CONDITION = re.compile(r"\b(?:if|when|should|unless|until|with)\b")
_CONDITIONAL = re.compile(r"\s*(?:if|when|should (?:you|he|she|they|there))\b[^,]*$")
_SYMPTOM = re.compile(r"(?:or|no|get|have|feel|lose|stop|use|turn|change)\b")
"""Behind return if these go on to say when."""
_LEAST, _LONGEST = 3, 200


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    leads: tuple[str, ...]
    told: tuple[str, ...]
    begins: tuple[str, ...]
    surely: tuple[str, ...]
    holds: tuple[str, ...]
    comes: str
    never: tuple[str, ...]
    heeds: str


class Instructions:
    """The pack's patterns of English advice."""

    def __init__(self, table: _Table) -> None:
        verb = rf"(?:{any_of(table.begins)})\b"
        modal = r"(?:(?:i|he|she|you|they|we) )?(?:should |must |to |please |also |have |will )?"
        self._lead = re.compile(rf"(?:(?:{any_of(table.leads)})[ ,]+)*")
        self._told = re.compile(
            rf"(?:(?:{any_of(table.leads)})[ ,]+)*(?:{any_of(table.told)})[ ,]+"
        )
        self._begins = re.compile(verb)
        self._surely = re.compile(any_of(table.surely))
        self._holds = re.compile(any_of(table.holds))
        self._comes = re.compile(table.comes)
        self._never = re.compile(any_of(table.never))
        self._heeds = re.compile(table.heeds)
        self._cut = re.compile(
            rf"[;\n]|\.\s|\s[-–]\s|,\s+(?:and\s+|but\s+|then\s+)?(?={modal}{verb})|\s+and\s+(?={modal}{verb})"
            rf"|,\s+(?:and\s+)?(?=[^,;.]{{0,30}}{any_of(table.holds)})|,\s+(?=[^,;]{{0,40}}{TIME})"
            r"|\s+and\s+(?=(?:asked|advised|told|recommended|encouraged|instructed|suggested)\b)"
            rf"|\s+and\s+(?=(?:the |an? )?[\w ]{{2,24}} in {TIME})"
        )

    @classmethod
    def read(cls, content: str, place: str) -> Instructions:
        """A TOML table of patterns. Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _Table))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
            raise BadPack(f"{place}: {error}") from None

    def clauses(self, folded: str, sentence: Span) -> Iterator[Span]:
        """A sentence cut where another piece of advice begins; what follows if stays with it."""
        start = sentence.start
        for match in self._cut.finditer(folded, sentence.start, sentence.end):
            before = folded[start : match.start()]
            if match[0][0] in ", " and _is_open(before, folded[match.end() : match.end() + 8]):
                continue
            if match[0][0] == "," and _CONDITIONAL.match(before):
                continue
            yield Span(start, match.start())
            start = match.end()
        yield Span(start, sentence.end)

    def advice(self, folded: str, span: Span, *, told: bool, only: bool) -> int | None:
        """Where the advice of a clause begins; None: it is none.

        `told`: advice is told there; `only`: nothing but advice is.
        """
        mark = _MARKS.match(folded, span.start, span.end)
        first = mark.end() if mark else span.start
        spoken = self._told.match(folded, first, span.end)
        lead = spoken or self._lead.match(folded, first, span.end)
        place = lead.end() if lead else first
        said = folded[place : span.end].rstrip(" .,;:)")
        if not _LEAST <= len(said) <= _LONGEST or self._never.search(said):
            return None
        if _DOSED.search(said) and not self._heeds.match(said):
            return None
        if self._surely.match(said) or ((told or spoken) and self._is_told(said)):
            return place
        if only and " " in said and len(said) > _LEAST:
            return place
        return None

    def heeds(self, said: str) -> bool:
        """Whether what is said of a drug is advice and no order."""
        return self._heeds.match(said) is not None

    def _is_told(self, said: str) -> bool:
        if self._begins.match(said) or self._holds.search(said):
            return True
        return re.search(TIME, said) is not None and self._comes.search(said) is not None


def find(parsed: Parsed, pack: Pack) -> Iterator[Precaution]:
    """Clauses under plans and advice; elsewhere those that plainly are advice."""
    words, spoken_in = pack.instructions, -2
    for sentence in parsed.sentences:
        section = parsed.section(sentence.start)
        if sentence.start < section.body or section.kind in _NEVER:
            continue
        line = parsed.folded.rfind("\n", 0, sentence.start)
        heading = parsed.folded[section.start : section.body]
        told = section.kind in _TOLD and not _NARRATED.search(heading)
        told = told or line == spoken_in
        only = section.kind == "advice"
        for span in words.clauses(parsed.folded, sentence):
            start = words.advice(parsed.folded, span, told=told, only=only)
            if start is None:
                continue
            said = parsed.folded[start : span.end].rstrip(" .,;:)")
            drugs = any(not one.weak for one in pack.drugs.find(said))
            if drugs and not (words.heeds(said) or _CONDITION.search(said)):
                continue
            told, spoken_in = True, line
            place = Span(start, start + len(said))
            yield Precaution(
                span=place,
                sentence=parsed.sentence(place.start),
                name=parsed.text[place.start : place.end],
                due_days=due_in(parsed.note.date, said),
            )


def _is_open(before: str, behind: str) -> bool:
    """Whether a clause still tells when to come: return if fever, no urine."""
    return re.search(r"\b(?:if|with|for)\b[^.;]*$", before) is not None and bool(
        _SYMPTOM.match(behind)
    )
