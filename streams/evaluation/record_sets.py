"""Notes with what is to be read out of them, written by hand: the sets in `sets/records`.

A file holds many: a line `=== ID | split=tune | date=2025-03-02 | …`, the note, a line `---`, and
one line a fact, `KIND | words of the note | field=value | …`. `sets/records/GUIDE.md` says what
counts as a fact and how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, cast, get_args

from agents.records.folding import fold
from agents.records.parsed import Note
from schemas.records import MOST_TEXT, Certainty, Change, Course, Interpretation, Sex, Span, is_date
from streams.errors import OperatorError

Half = Literal["tune", "test"]
"""tune: rules may be chosen on it; test: it chose nothing."""
Lang = Literal["zh", "en"]

_HEADER: Final = frozenset({"split", "department", "style", "date", "sex", "birth"})
_ALWAYS: Final = frozenset({"also", "optional"})
_FIELDS: Final[dict[str, frozenset[str]]] = {
    "diagnosis": frozenset({"certainty", "course", "time"}),
    "result": frozenset({"value", "text", "unit", "interpretation", "time"}),
    "medication": frozenset(
        {"dose", "route", "frequency", "change", "before", "reason", "certainty", "course", "time"}
    ),
    "allergy": frozenset({"reaction", "certainty", "time"}),
    "procedure": frozenset({"certainty", "time"}),
    "precaution": frozenset({"due_days", "time"}),
    "family": frozenset({"relative", "certainty", "time"}),
    "other": frozenset(),
}
"""other: a disease or allergy of somebody who is neither the patient nor family; never given."""
_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "certainty": get_args(Certainty),
    "course": get_args(Course),
    "change": get_args(Change),
    "interpretation": get_args(Interpretation),
    "optional": ("yes",),
}
_FORMS: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "value": (re.compile(r"-?\d+(\.\d+)?"), "a number; words go into text="),
    "due_days": (re.compile(r"\d+"), "a number of days"),
    "route": (re.compile(r"[a-z]{2,8}"), "a short code, as po"),
    "frequency": (re.compile(r"[a-z0-9]{2,5}"), "a short code, as bid"),
}
_VERBATIM: Final = ("value", "text", "unit", "dose", "before", "reason", "reaction", "relative")
_CHINESE: Final = re.compile(r"[一-鿿]")
_NTH: Final = re.compile(r"(.*?)(?:#(\d+))?", re.DOTALL)


class BadNotes(OperatorError):
    """Mend the note or the line that is named."""


class Fact(NamedTuple):
    """One thing to be read. `places`: where it is said, the named one first; none: no words.

    `fields` has what the line says; what it leaves out has the schema's default. `words`: of the
    line and of `also=`, which names further mentions. `optional`: neither missed nor wrong.
    """

    kind: str
    words: tuple[str, ...]
    places: tuple[Span, ...]
    fields: Mapping[str, str]
    optional: bool

    @property
    def name(self) -> str:
        """As the line has it; empty for `no allergy known`."""
        return self.words[0]

    @property
    def certainty(self) -> str:
        """Of the line, or the default."""
        return self.fields.get("certainty", "confirmed")


class GoldNote(NamedTuple):
    """A note and its facts; `whole`: all of them, and not only whose which disease is."""

    id: str
    half: Half
    lang: Lang
    note: Note
    facts: tuple[Fact, ...]
    whole: bool = True


def parse(content: str, file: str) -> Iterator[GoldNote]:
    """The notes of one file. Raises BadNotes, which names file, line and note."""
    lines = content.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("=== ")]
    if any(line.strip() for line in lines[: starts[0] if starts else None]):
        raise BadNotes(f"{file}, line 1: begins with no line === ID | split=… | date=…")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _note(lines[start:end], start + 1, file)


def _note(lines: Sequence[str], first: int, file: str) -> GoldNote:
    """One note; `first`: the number of its first line in the file."""
    name, header = _header(lines[0], f"{file}, line {first}")
    where = f"{file}, line {first}, {name}"
    cut = next((at for at, line in enumerate(lines) if line.strip() == "---"), None)
    if cut is None:
        raise BadNotes(f"{where}: no line --- before the facts")
    text = "\n".join(lines[1:cut])
    if not text.strip() or len(text) > MOST_TEXT:
        raise BadNotes(f"{where}: a note has 1 to {MOST_TEXT} characters")
    facts: list[Fact] = []
    for number, line in enumerate(lines[cut + 1 :], first + cut + 1):
        if line.strip():
            fact = _fact(line, text, f"{file}, line {number}, {name}")
            _check_new(fact, facts, f"{file}, line {number}, {name}")
            facts.append(fact)
    sex = cast("Sex", header.get("sex", "unknown"))
    note = Note(text, header["date"], sex, header.get("birth", ""))
    lang: Lang = "zh" if _CHINESE.search(text) else "en"
    return GoldNote(name, cast("Half", header["split"]), lang, note, _apart(facts))


def _apart(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Words of `also=` are not meant where a line names them as something else."""
    first = {place: fact for fact in facts for place in fact.places[:1]}
    return tuple(
        fact._replace(
            places=tuple(
                place
                for place in fact.places
                if place == fact.places[0] or first.get(place, fact).kind == fact.kind
            )
        )
        for fact in facts
    )


def _header(line: str, where: str) -> tuple[str, dict[str, str]]:
    name, header = _cells(line.removeprefix("=== "), where)
    where = f"{where}, {name}"
    strange = sorted(set(header) - _HEADER)
    if strange:
        raise BadNotes(f"{where}: no field of a note: {', '.join(strange)}")
    if header.get("split") not in get_args(Half):
        raise BadNotes(f"{where}: split= is tune or test")
    if header.get("sex", "unknown") not in get_args(Sex):
        raise BadNotes(f"{where}: sex= is one of {', '.join(get_args(Sex))}")
    if not header.get("date"):
        raise BadNotes(f"{where}: has no date=")
    for key in ("date", "birth"):
        if not is_date(header.get(key, "")):
            raise BadNotes(f"{where}: {key}={header[key]} is no date")
    return name, header


def _fact(line: str, text: str, where: str) -> Fact:
    kind, _, rest = line.partition("|")
    kind = kind.strip()
    if kind not in _FIELDS:
        raise BadNotes(f"{where}: {kind!r} is no kind of fact: {', '.join(_FIELDS)}")
    quote, fields = _cells(rest, where)
    for key, value in fields.items():
        _check_field(kind, key, value, text, where)
    also = [word for word in re.split("[、;]", fields.pop("also", "")) if word]
    optional = fields.pop("optional", "") == "yes"
    word, place = _place(quote, text, where)
    if not word and (kind, fields.get("certainty")) != ("allergy", "refuted"):
        raise BadNotes(f"{where}: only a refuted allergy has no words")
    more = [Span(*one.span()) for w in also for one in re.finditer(re.escape(w), text)]
    places = ([place] if place else []) + [one for one in more if one != place]
    return Fact(kind, (word, *also), tuple(places), fields, optional)


def _cells(line: str, where: str) -> tuple[str, dict[str, str]]:
    """`name | key=value | …`"""
    name, *rest = [cell.strip() for cell in line.split("|")]
    fields: dict[str, str] = {}
    for cell in rest:
        key, equals, value = cell.partition("=")
        if not equals or not value or key in fields:
            raise BadNotes(f"{where}: {cell!r} is not key=value, or is there twice")
        fields[key] = value
    return name, fields


def _place(quote: str, text: str, where: str) -> tuple[str, Span | None]:
    """Words and where they stand; `words#2` is their second place."""
    match = _NTH.fullmatch(quote)
    assert match
    word, nth = match[1], int(match[2] or 1)
    if not word:
        return "", None
    found = [one.span() for one in re.finditer(re.escape(word), text)]
    if not 1 <= nth <= len(found):
        raise BadNotes(f"{where}: the note has {word!r} {len(found)} times")
    return word, Span(*found[nth - 1])


def _check_field(kind: str, key: str, value: str, text: str, where: str) -> None:
    if key not in _FIELDS[kind] | _ALWAYS:
        raise BadNotes(f"{where}: {kind} has no field {key}")
    if key in _VALUES and value not in _VALUES[key]:
        raise BadNotes(f"{where}: {key}={value}: one of {', '.join(filter(None, _VALUES[key]))}")
    if key in _FORMS and not _FORMS[key][0].fullmatch(value):
        raise BadNotes(f"{where}: {key}={value}: {_FORMS[key][1]}")
    if key == "time" and not is_date(value):
        raise BadNotes(f"{where}: time={value} is no date")
    quoted = re.split("[、;]", value) if key == "also" else [value] if key in _VERBATIM else []
    exact = text if key == "also" else plain(text)
    for one in quoted:
        if (one if key == "also" else plain(one)) not in exact:
            raise BadNotes(f"{where}: {key}={one} is not in the note")


def _check_new(fact: Fact, before: Sequence[Fact], where: str) -> None:
    """No fact is written twice, and no words are the patient's and another's disease at once.

    Unless they say that it is not the patient's but the other's.
    """
    for one in before:
        same = fact.places[:1] == one.places[:1] and fact.name == one.name
        if same and (fact.kind, fact.fields) == (one.kind, one.fields):
            raise BadNotes(f"{where}: {fact.kind} {fact.name} is written twice")
        kinds = {fact.kind: fact, one.kind: one}
        mine = kinds.get("diagnosis")
        if same and mine and mine.certainty != "refuted" and kinds.keys() & {"family", "other"}:
            raise BadNotes(f"{where}: {fact.name} is {one.kind} already: which place, #2?")


def plain(text: str) -> str:
    """Folded and without white space, as words are compared."""
    return "".join(fold(text).split())
