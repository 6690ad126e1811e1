"""What is read out of patients' notes, beside what people wrote down of them by hand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from agents.records.parsed import Note
from schemas.records import Item
from streams.evaluation.record_fields import FIELDS, Field, is_said, is_told
from streams.evaluation.record_files import own_passages, own_sets, read
from streams.evaluation.record_matching import Match, Matched, kind_of, match, overlap, terms_seen
from streams.evaluation.record_sets import Fact, GoldNote, Half
from streams.evaluation.row import Row

TASK = "records"
Reader = Callable[[Note], Sequence[Item]]
KINDS = ("diagnosis", "result", "medication", "allergy", "procedure", "precaution", "family")
_PRECISION, _RECALL, _ASSERTED, _SURE_RECALL = 0.95, 0.90, 0.97, 0.97
_SURE = frozenset({"medication", "allergy"})
_LANGS = {"zh": "Chinese", "en": "English"}


class Read(NamedTuple):
    """A note and how its facts were read."""

    gold: GoldNote
    matched: Matched


def evaluate(
    data: Path | None,
    *,
    quick: bool = False,
    misses: Half | None = None,
    detail: Callable[[str], None] = lambda _: None,
    reader: Reader | None = None,
) -> list[Row]:
    """Rows for the notes of `data` where given, else for our own. Raises BadNotes.

    The half "test" chose no rule and no word; "tune" did. `quick` is "tune" alone. `misses`: the
    half of which `detail` is told every fact that was missed or read wrongly, one a line.
    """
    notes = read(data) if data else own_sets() + own_passages()
    done = judge(notes, reader or _bundled())
    for one in done:
        if one.gold.half == misses:
            for line in told(one):
                detail(line)
    rows: list[Row] = []
    for half in ("test", "tune"):
        for lang, name in _LANGS.items():
            for whole, called in ((True, "notes"), (False, "passages")):
                some = [
                    o
                    for o in done
                    if (o.gold.half, o.gold.lang, o.gold.whole) == (half, lang, whole)
                ]
                if some and not (quick and half == "test"):
                    where = f"{data.stem if data else 'own'} {called}, {name}, {half} half"
                    goals = whole and (half, lang) == ("test", "zh")
                    rows += _rows(where, some, goals=goals)
    return rows


def _bundled() -> Reader:
    from agents.records.extraction import Extractor
    from agents.records.pack import Pack

    extractor = Extractor(Pack.load())
    return extractor.read


def judge(notes: Sequence[GoldNote], reader: Reader) -> list[Read]:
    """Every note, read and matched; names are the same where the tables say so in any note.

    In a passage nothing is wrong for nobody having marked it.
    """
    items = [tuple(reader(one.note)) for one in notes]
    term_of = terms_seen(item for some in items for item in some)
    done = []
    for one, some in zip(notes, items, strict=True):
        matched = match(one.facts, some, term_of)
        done.append(Read(one, matched if one.whole else matched._replace(wrong=())))
    return done


class Counts(NamedTuple):
    """Facts of a kind that were found, missed, and things found that are none."""

    right: int
    missed: int
    wrong: int

    @property
    def precision(self) -> float:
        """nan where nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """nan where there was nothing to find."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """nan where there was neither."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def count(done: Sequence[Read], kind: str) -> Counts:
    """A normal result that was found is no hit, and none that was not found is a miss."""
    missed = sum(fact.kind == kind for one in done for fact in one.matched.missed)
    wrong = sum(kind_of(item) == kind for one in done for item in one.matched.wrong)
    right = sum(
        is_told(found.fact) and found.fact not in one.matched.missed
        for one in done
        for found in one.matched.matches
        if found.fact.kind == kind
    )
    return Counts(right, missed, wrong)


def certainties(done: Sequence[Read]) -> Counter[tuple[str, str]]:
    """Of what was found: as it is written, and as it was read."""
    return Counter(
        (found.fact.certainty, str(getattr(found.item, "certainty", "")))
        for one in done
        for found in _found([one])
        if _is_told_of(one, found)
    )


def _is_told_of(one: Read, found: Match) -> bool:
    """Whether a note says how certain a fact is: marks of a passage only do of the patient's."""
    return hasattr(found.item, "certainty") and (one.gold.whole or found.fact.kind == "diagnosis")


def family_scope(done: Sequence[Read]) -> tuple[int, int]:
    """Relatives' diseases given as theirs, of all that were given as theirs or the patient's.

    A disease of the patient that was given as a relative's is one more that is wrong.
    """
    strayed = sum(len(one.matched.strayed) for one in done)
    right = 0
    for one in done:
        taken = [item.span for item in one.matched.strayed]
        for found in one.matched.matches:
            if found.fact.kind == "family" and not found.fact.optional:
                right += not any(overlap(place, taken) for place in found.fact.places)
    return right, right + strayed


def field_counts(done: Sequence[Read], field: Field) -> tuple[int, int]:
    """Right, and where the fact or the item says something."""
    said = [is_said(field, found) for found in _found(done) if found.fact.kind == field.kind]
    judged = [one for one in said if one is not None]
    return sum(judged), len(judged)


def told(one: Read) -> Iterator[str]:
    """A line for everything that is wrong with one note, with its id."""
    name, matched = one.gold.id, one.matched
    for item in matched.unsafe:
        yield f"{name}: UNSAFE: {_item(one, item)}"
    for fact in matched.missed:
        yield f"{name}: missed: {fact.kind} {_fact(fact)}"
    for item in matched.wrong:
        yield f"{name}: wrong: {kind_of(item)} {_item(one, item)}"
    for found in _found([one]):
        read_as = getattr(found.item, "certainty", found.fact.certainty)
        if _is_told_of(one, found) and read_as != found.fact.certainty:
            yield f"{name}: certainty: {_fact(found.fact)}, read {read_as}"
        for field in FIELDS:
            if field.kind == found.fact.kind and is_said(field, found) is False:
                given = " / ".join(str(getattr(one, field.key)) for one in found.items)
                yield f"{name}: {field.key}: {_fact(found.fact)}, read {given or '-'}"


def _found(done: Sequence[Read]) -> Iterator[Match]:
    return (found for one in done for found in one.matched.matches if not found.fact.optional)


def _fact(fact: Fact) -> str:
    return " | ".join([fact.name or "(none)", *(f"{k}={v}" for k, v in fact.fields.items())])


def _item(one: Read, item: Item) -> str:
    """With the characters around it, which tell it from its namesakes."""
    text, span = one.gold.note.text, item.span
    around = text[max(0, span.start - 12) : span.end + 8].replace("\n", " ")
    said = [
        str(value)
        for key in ("certainty", "interpretation", "value")
        if (value := getattr(item, key, None)) not in (None, "")
    ]
    return f"{item.name} ({', '.join(said)}) in …{around}…"


def _rows(where: str, done: Sequence[Read], *, goals: bool) -> Iterator[Row]:
    def share(measure: str, right: int, of: int, goal: float | None) -> Row:
        value = _share(right, of)
        return Row(
            TASK, where, measure, value, goal if goals else None, True, "", f"{right} of {of}"
        )

    def of_kind(measure: str, value: float, goal: float | None, counted: str = "") -> Row:
        return Row(TASK, where, measure, value, goal if goals else None, True, "", counted)

    whole = all(one.gold.whole for one in done)
    for kind in KINDS if whole else ():
        counts = count(done, kind)
        goal = _SURE_RECALL if kind in _SURE else _RECALL
        found = f"{counts.right} right, {counts.wrong} wrong, {counts.missed} missed"
        yield of_kind(f"{kind}: precision", counts.precision, _PRECISION, found)
        yield of_kind(f"{kind}: recall", counts.recall, goal)
        yield of_kind(f"{kind}: F1", counts.f1, None)
    pairs = certainties(done)
    right = sum(number for (gold, read_as), number in pairs.items() if gold == read_as)
    row = share("certainty of what is found", right, pairs.total(), _ASSERTED)
    confused = "".join(
        f", {gold} as {read_as} {number}"
        for (gold, read_as), number in sorted(pairs.items())
        if gold != read_as
    )
    yield row._replace(counted=row.counted + confused)
    yield share("family scope", *family_scope(done), _ASSERTED)
    unsafe = sum(len(one.matched.unsafe) for one in done)
    yield Row(
        TASK, where, "unsafe: what the patient does not have, as theirs", float(unsafe),
        0.0 if goals else None, False, "", f"{len(done)} notes",
    )  # fmt: skip
    for field in FIELDS if whole else ():
        yield share(f"{field.kind}: {field.measure}", *field_counts(done, field), None)


def _share(part: int, of: int) -> float:
    return part / of if of else math.nan
