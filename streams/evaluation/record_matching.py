"""Which item that was read is which fact of a note, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from schemas.records import Diagnosis, FamilyHistory, Item, Result, Span
from streams.evaluation.record_sets import Fact, plain

TermOf = Callable[[str, str], str]
"""Kind and name to the preferred term of the tables; empty where they have none."""

_FLAGS = frozenset({"LL", "L", "H", "HH", "A"})
_FORBIDDEN = frozenset({"refuted", "hypothetical"})


class Match(NamedTuple):
    """A fact with the item that it was read as, first, and its further mentions."""

    fact: Fact
    items: tuple[Item, ...]

    @property
    def item(self) -> Item:
        """The best of them, which alone is judged by what it asserts."""
        return self.items[0]


class Matched(NamedTuple):
    """A note's facts beside what was read.

    `unsafe`: refuted, hypothetical or other people's diseases given out as the patient's.
    `strayed`: family facts and diagnoses that were read as each other's.
    """

    matches: tuple[Match, ...]
    missed: tuple[Fact, ...]
    wrong: tuple[Item, ...]
    unsafe: tuple[Item, ...]
    strayed: tuple[Item, ...]


def kind_of(item: Item) -> str:
    """As the sets call it."""
    return str(item.__struct_config__.tag)


def terms_seen(items: Iterable[Item]) -> TermOf:
    """What the tables call a name, as far as they were asked for it in these items."""
    seen = {(kind_of(one), plain(one.name)): one.term for one in items if one.term}

    def term_of(kind: str, name: str) -> str:
        return seen.get((kind, plain(name)), "")

    return term_of


def match(facts: Sequence[Fact], items: Sequence[Item], term_of: TermOf) -> Matched:
    """One item a fact, the nearest first; further mentions of a matched fact are no error."""
    judge = _Judge(facts, term_of)
    ranked = sorted(
        (
            (rank, -which, -nth)
            for which, fact in enumerate(facts)
            for nth, item in enumerate(items)
            if (rank := judge.rank(fact, item))
        ),
        reverse=True,
    )
    best: dict[int, int] = {}
    taken: set[int] = set()
    for _, which, nth in ranked:
        if -which not in best and -nth not in taken:
            best[-which] = -nth
            taken.add(-nth)
    more: dict[int, list[int]] = {}
    for _, which, nth in ranked:
        if -nth not in taken:
            taken.add(-nth)
            more.setdefault(-which, []).append(-nth)
    matches, missed = [], []
    wrong = [item for nth, item in enumerate(items) if nth not in taken and _counts(item)]
    for which, fact in enumerate(facts):
        found = [items[nth] for nth in (best[which], *more.get(which, []))] if which in best else []
        flagged, expected = [one for one in found if _counts(one)], _expected(fact)
        if found:
            matches.append(Match(fact, tuple(found)))
        if expected and not flagged:
            missed.append(fact)
        if fact.kind == "result" and not expected and not fact.optional:
            wrong += flagged
    return Matched(
        tuple(matches),
        tuple(missed),
        tuple(sorted(wrong, key=lambda one: one.span)),
        tuple(one for one in items if judge.is_unsafe(one)),
        tuple(one for one in items if judge.is_strayed(one)),
    )


def _expected(fact: Fact) -> bool:
    """Whether it must be found: not what is optional, another's, or a normal result."""
    if fact.optional or fact.kind == "other":
        return False
    return fact.kind != "result" or fact.fields.get("interpretation") in _FLAGS


def _counts(item: Item) -> bool:
    """Results that are not flagged are neither right nor wrong."""
    return not isinstance(item, Result) or item.interpretation in _FLAGS


class _Judge:
    """How items stand to the facts of one note."""

    def __init__(self, facts: Sequence[Fact], term_of: TermOf) -> None:
        self._facts = facts
        self._term_of = term_of
        self._of = {
            kind: [fact for fact in facts if fact.kind == kind]
            for kind in ("diagnosis", "family", "other")
        }

    def rank(self, fact: Fact, item: Item) -> tuple[int, ...]:
        """How well an item fits a fact, more first; empty: not at all."""
        if fact.kind != kind_of(item) or _differ(fact, item) or self._of_another(item):
            return ()
        place = overlap(item.span, fact.places[:1]) * 2 or overlap(item.span, fact.places[1:])
        words = self._same_words(fact, item)
        if not place and not words:
            return ()
        alike = sum(
            plain(str(getattr(item, key, ""))) == plain(value)
            for key, value in fact.fields.items()
            if key in ("certainty", "relative", "interpretation", "text")
        )
        value = isinstance(item, Result) and item.value is not None and "value" in fact.fields
        return (place, value, alike, words, not fact.optional)

    def is_unsafe(self, item: Item) -> bool:
        """A disease that the note does not say the patient has, as one that they have."""
        if not isinstance(item, Diagnosis) or item.certainty != "confirmed":
            return False
        own = self._of["diagnosis"]
        here = [fact for fact in own if overlap(item.span, fact.places)]
        if here:
            sure = [fact for fact in here if not fact.optional]
            return bool(sure) and all(fact.certainty in _FORBIDDEN for fact in sure)
        if self._of_another(item):
            return True
        named = [fact for fact in own if self._same_words(fact, item)]
        if named:
            return all(fact.certainty in _FORBIDDEN and not fact.optional for fact in named)
        return any(self._same_words(fact, item) for fact in self._of["family"])

    def is_strayed(self, item: Item) -> bool:
        """A relative's disease as the patient's, whatever is said of it, or the other way round."""
        return isinstance(item, Diagnosis | FamilyHistory) and self._of_another(item, ("other",))

    def _of_another(self, item: Item, but: tuple[str, ...] = ()) -> bool:
        """Whether it stands on words that are said of somebody else than it says."""
        kinds = {"diagnosis": ("family", "other"), "family": ("diagnosis", "other")}
        kind = kind_of(item)
        if any(overlap(item.span, fact.places) for fact in self._of.get(kind, [])):
            return False
        others = [*self._of["other"]] if kind == "allergy" else []
        for one in kinds.get(kind, ()):
            others += self._of[one] if one not in but else []
        return any(overlap(item.span, fact.places) for fact in others)

    def _same_words(self, fact: Fact, item: Item) -> bool:
        if fact.kind == "precaution":
            return False
        name = plain(item.name)
        if name in map(plain, fact.words):
            return True
        terms = {self._term_of(kind_of(item), word) or plain(word) for word in fact.words if word}
        return bool(item.term) and (item.term in terms or plain(item.term) in terms)


def _differ(fact: Fact, item: Item) -> bool:
    """Results of the same test with another number are other results."""
    if not isinstance(item, Result) or item.value is None or "value" not in fact.fields:
        return False
    return item.value != float(fact.fields["value"])


def overlap(span: Span, places: Iterable[Span]) -> bool:
    """Whether they share a character with any of these places."""
    return any(span.start < one.end and one.start < span.end for one in places)
