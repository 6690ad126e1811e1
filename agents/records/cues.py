"""Whether a mention is so, of whom and when: the cues of the pack."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Container, Iterator
from functools import cache, partial

import msgspec

from agents.records.assertion import Assertion
from agents.records.clauses import Reading
from agents.records.cue import Cue, Mark
from agents.records.doubts import Doubts, DoubtWords
from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.frames import Place, feared, place_of, told_apart
from agents.records.lexicon import Lexicon
from agents.records.marks import FAMILY, Marked, Marks, Scene, start_of
from agents.records.parsed import Parsed
from agents.records.patterns import any_word
from agents.records.people import People, PeopleWords
from agents.records.phrases import Phrases, PhraseWords
from agents.records.scope import Scope, Words
from agents.records.statements import Statements, StatementWords
from schemas.records import Certainty, Span

_ORDER: tuple[Certainty, ...] = ("refuted", "hypothetical", "uncertain")
"""Of two cues that reach a mention the first of these holds."""
_AND = frozenset({"、", "及", "和", "与", "以及", ",", " and "})
_BEHIND = re.compile(r"[^\s,、;。()]{0,4}[(:]\s*([^\s,、;。()]{1,8})")
_CLAUSE_END = re.compile(r"[,;。!?\n]")
_NEXT_SAYS = re.compile(r"[,?](?:那|这)?(?:才|都|其实)?是")
_NEXT_FEW = 12
"""Marks behind a mention that may be denials of something else."""
_OWN_WITHIN = 40
"""Characters behind a mention within which it may be said whose it is."""
_NAMED_WITHIN = 90
"""The same where whoever has it is named behind more words: …, 得这个病的是他爸."""
_BESIDE = 60
"""Characters on either side of a mention in which a word is no cue of it: as far as doubts look."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cue: tuple[Cue, ...]
    turns: tuple[str, ...]
    weak_turns: tuple[str, ...]
    patient: tuple[str, ...]
    narrates: tuple[str, ...]
    tails: tuple[str, ...]
    states: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    doubt: DoubtWords = DoubtWords()
    statement: StatementWords = StatementWords()
    people: PeopleWords = PeopleWords()
    phrases: PhraseWords = PhraseWords()
    english: tuple[Cue, ...] = ()


class Cues:
    """The cues of the pack. `lexicon`: what a note names besides a mention."""

    def __init__(self, table: _Table, lexicon: Lexicon | None = None) -> None:
        groups = [
            *table.cue,
            Cue("turn", words=table.turns),
            Cue("weak turn", words=table.weak_turns),
            Cue("patient", words=table.patient),
        ]
        kin = tuple(
            fold(word)
            for cue in table.cue
            if cue.kind == "family" and cue.side == "after"
            for word in cue.words
        )
        self._people = People(table.people, kin)
        self._usual = Marks(groups, table.prefixes, self._people, lexicon)
        self._latin = cache(partial(Marks, [*groups, *table.english], (), self._people, lexicon))
        self._statements = Statements(table.statement)
        self._doubts = Doubts(table.doubt)
        self._phrases = Phrases(table.phrases)
        self._lists = Words(
            re.compile(rf"[^,]{{0,4}}?{any_word(map(fold, table.narrates))}"),
            table.tails,
            re.compile(any_word(table.states)),
        )
        self._english = self._lists._replace(
            states=re.compile(table.phrases.states), longest=48, wide=3, is_open=True
        )

    @classmethod
    def read(cls, content: str, place: str, lexicon: Lexicon | None = None) -> Cues:
        """A TOML table of cues. Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _Table), lexicon)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
            raise BadPack(f"{place}: {error}") from None

    def __len__(self) -> int:
        return len(self._usual)

    def _marks(self, parsed: Parsed) -> Marks:
        return self._latin() if parsed.is_english else self._usual

    def is_told(self, parsed: Parsed) -> bool:
        """Whether people speak or write in a note, and not only a hospital."""
        return self._marks(parsed).scene(parsed).is_told

    def knows_whom(self, parsed: Parsed) -> bool:
        """Whether words for relatives mean the patient in a note."""
        return bool(self._marks(parsed).scene(parsed).cast.patient)

    def judge(self, parsed: Parsed, span: Span, *, wary: bool = False) -> Assertion:
        """How the mention at `span` is meant, by the cues of its sentence and its section.

        `wary`: words of denial or doubt that no cue explains make it uncertain.
        """
        scene = self._marks(parsed).scene(parsed)
        said = scene.judged.get((span, wary))
        if said is None:
            said = scene.judged[span, wary] = self._judged(parsed, scene, span, wary=wary)
        return said

    def _judged(self, parsed: Parsed, scene: Scene, span: Span, *, wary: bool) -> Assertion:
        sentence = parsed.sentence(span.start)
        marked = self._marks(parsed).of(parsed, scene, sentence)
        marks = marked.marks
        words = self._english if parsed.is_english else self._lists
        scope = Scope(parsed.folded, marks, sentence, span, words)
        at = bisect_left(marks, span.start, key=start_of)
        scope.look_back(at)
        scope.look_ahead(at)
        found = scope.found
        owner = self._owner(parsed, scene, marked, span)
        person = owner or found.get("family")
        if owner is not None and any(cue.kind == "other" for cue in owner.cues):
            return Assertion(other=True, claimed=True)
        runs = self._people.at_home(parsed.folded, span.end, sentence.end)
        if runs is not None and person is None:
            told = bisect_left(marks, runs, key=start_of)
            person = next((one for one in marks[told : told + 1] if one.start <= runs + 2), None)
        relative = self._relative(parsed, marks, person, span)
        family = "family" in found or bool(relative) or runs is not None
        certainty = self._certainty(parsed, span, found)
        place = place_of(parsed, span, scene.frame)
        if place is None and owner is None:
            place = self._stated(parsed, scene, span, certainty, walks=wary, family=family)
        if owner is not None:
            certainty = "confirmed"
        elif place is not None and place != "unsaid":
            certainty = place
        elif certainty in ("confirmed", "uncertain") and feared(parsed, span, scene.frame):
            certainty = "hypothetical"
        elif certainty == "confirmed" and told_apart(parsed, span):
            certainty = "uncertain"
        elif wary and certainty == "confirmed" and place is None:
            known = (*_plain(marks, span), *_of_others(scene, marks[at : at + _NEXT_FEW], span))
            certainty = "uncertain" if self._doubts.hold(parsed, span, known) else certainty
        if self._people.died_of(parsed.folded, span.end):
            return Assertion(family=family, relative=relative, other=not family)
        strangers = "other" in found or self._people.is_strangers(parsed.folded, span.end)
        return Assertion(
            certainty=certainty,
            past="past" in found,
            family=family or parsed.section(span.start).kind == "family",
            relative=relative,
            other=place == "unsaid" or (strangers and not family),
            planned="planned" in found,
            undone="undone" in found,
            claimed=owner is not None,
            framed=place == "confirmed",
        )

    def _certainty(self, parsed: Parsed, span: Span, found: Container[str]) -> Certainty:
        """By the cues that reach it; in English by the words right beside it first."""
        said = self._phrases.of(parsed, span) if parsed.is_english else None
        if said is not None:
            return said
        return next((kind for kind in _ORDER if kind in found), "confirmed")

    def _stated(
        self,
        parsed: Parsed,
        scene: Scene,
        span: Span,
        certainty: Certainty,
        *,
        walks: bool,
        family: bool,
    ) -> Place | None:
        """What the clauses behind a mention say of it, over what its own says."""
        place = self._statements.of(
            Reading(
                parsed,
                span,
                scene.topics,
                scene.turns,
                lambda there: self.judge(parsed, there, wary=True),
                walks,
                family,
            )
        )
        unsure = place == "uncertain" and certainty in ("uncertain", "hypothetical")
        return None if unsure else place

    def _owner(self, parsed: Parsed, scene: Scene, marked: Marked, span: Span) -> Mark | None:
        """Who is said behind a mention to have it: …是我父亲的, …的是她儿媳."""
        folded = parsed.folded
        begins = span.end + (_NEXT_SAYS.match(folded, span.end) is not None)
        sentence, people = parsed.sentence(span.start), marked.people
        if sentence.end <= begins:
            people = [
                *people,
                *self._marks(parsed).of(parsed, scene, parsed.sentence(begins)).people,
            ]
        behind = _within(people, span.end, span.end + _NAMED_WITHIN)
        if behind:
            stop = _CLAUSE_END.search(folded, begins, span.end + _OWN_WITHIN)
            ceiling = stop.start() if stop else span.end + _OWN_WITHIN
            for mark in behind:
                if mark.start < ceiling and self._people.own(folded, begins, mark[:2]):
                    return mark
        if not scene.is_told:
            return None
        myself = self._people.myself(folded, span.end)
        if myself is not None and scene.cast.told:
            return Mark(*myself, FAMILY)
        if self._people.of_speaker(folded, span.end):
            first = max(folded.rfind(mark, sentence.start, span.start) for mark in ",;。!?\n") + 1
            return next(iter(_within(people, max(first, sentence.start), span.start)), None)
        return next(
            (mark for mark in behind if self._people.has_this(folded, span.end, mark.start)), None
        )

    def _relative(self, parsed: Parsed, marks: list[Mark], mark: Mark | None, span: Span) -> str:
        """Whose it is, as written; empty where the words do not say."""
        if mark is not None and mark.named is not None:
            return parsed.text[mark.named[0] : mark.named[1]]
        if mark is not None and mark.end <= span.start:
            return parsed.text[self._joined(parsed, marks, mark) : mark.end]
        if mark is not None and any(cue.side == "after" for cue in mark.cues):
            return parsed.text[mark.start : mark.end]
        return self._bracketed(parsed, span)

    def _joined(self, parsed: Parsed, marks: list[Mark], mark: Mark) -> int:
        """Where the relatives that are named together begin: 妈妈、外婆都患…."""
        start = mark.start
        # A name that begins inside a word for a person has cut its mark short.
        for at in range(bisect_left(marks, mark.start, key=start_of) - 1, -1, -1):
            before = marks[at]
            between = parsed.folded[before.end : start]
            if not any(cue.kind == "family" for cue in before.cues) or between not in _AND:
                break
            start = before.start
        return start

    def _bracketed(self, parsed: Parsed, span: Span) -> str:
        """A relative in brackets behind the mention: 胃癌(父亲)."""
        end = min(span.end + 16, parsed.sentence(span.start).end)
        behind = _BEHIND.match(parsed.folded, span.end, end)
        if behind and any(cue.kind == "family" for cue in self._marks(parsed).cues(behind[1])):
            return parsed.text[behind.start(1) : behind.end(1)]
        return ""


def _of_others(scene: Scene, marks: list[Mark], span: Span) -> Iterator[Span]:
    """Denials behind a mention whose own mention stands right behind them: 低血压不是高血压."""
    return (
        Span(mark.start, mark.end)
        for mark in marks
        if mark.start >= span.end
        and mark.end in scene.topic_starts
        and any(cue.kind == "refuted" and cue.side != "before" for cue in mark.cues)
    )


def _within(marks: list[Mark], start: int, end: int) -> list[Mark]:
    """Those that begin there."""
    first = bisect_left(marks, start, key=start_of)
    return marks[first : bisect_left(marks, end, first, key=start_of)]


def _plain(marks: list[Mark], span: Span) -> Iterator[Span]:
    """Words beside a mention that look like a cue and are none."""
    for mark in _within(marks, span.start - 2 * _BESIDE, span.end + _BESIDE):
        if any(cue.kind == "none" for cue in mark.cues):
            yield Span(mark.start, mark.end)
