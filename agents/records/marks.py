"""Where the cues of the pack stand in a note, and whom its words for people mean there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile, zip_longest
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.assertion import Assertion
from agents.records.cue import Cue, Mark
from agents.records.folding import fold
from agents.records.frames import Frame
from agents.records.lexicon import Lexicon, Token
from agents.records.parsed import Parsed
from agents.records.people import Cast, Meaning, People
from agents.records.terms import latin, whole_word
from agents.records.turns import Turns
from schemas.records import Span

_PREFIXED = frozenset({"refuted", "uncertain"})
_SHORTEST = 2
_HE_OR_SHE = {"male": "he", "female": "she"}
_WHEN = re.compile(r"\b(?:when|until|after|before|since|because|while|as|at) $")
"""Before he or she: told of whoever was named."""
_BED = re.compile(r"(?<!\d)(\d{1,2})(?:床(?!位)|号?机位)|(?:暖箱|机位)(?P<unit>\d{1,2})")
_PRONOUN = {
    "male": re.compile(r"(?<![其吉])他(?![汀人克巴达院科们妈爸家])"),
    "female": re.compile(r"她(?![们妈爸家])"),
}
_OTHER_SEX = {"male": _PRONOUN["female"], "female": _PRONOUN["male"]}
_NAMED_BEFORE = 70
"""Characters before a pronoun in which somebody is named."""
_OF_ONE = re.compile(r"(?:亲|的|那|这|[一两二三]个|大|小|老|同|家)*")
_NEXT = 4
"""Characters between a pronoun and the relative that it belongs to: 她两个表妹."""
_kind = attrgetter("kind")
start_of = attrgetter("start")
_PERSONS = frozenset({"family", "other"})
_BESIDE = 2
_QUOTING = frozenset({":", '"', "“", "「"})
_PATIENT = (Cue("patient"),)
FAMILY = (Cue("family", over="sentence", reach=60),)
_OTHER = (Cue("other", over="sentence", reach=40),)
_TOPICS = frozenset({"disease", "lesion", "symptom"})


class Marked(NamedTuple):
    """The cues of a sentence in order. `people`: those that name who is not the patient."""

    marks: list[Mark]
    people: list[Mark]

    @classmethod
    def of(cls, marks: list[Mark]) -> Marked:
        """Of its marks."""
        return cls(marks, [*filter(is_person, marks)])


class Scene:
    """What is found out once of a note: who speaks, who is who, what it names."""

    def __init__(self, parsed: Parsed, people: People, tokens: Sequence[Token]) -> None:
        headings = {one.start for one in parsed.sections if one.body > one.start}
        self.turns = Turns(parsed.folded, people.speakers, headings)
        self.cast: Cast = people.cast(parsed.note, parsed.folded, self.turns)
        self.topics = [Span(one.start, one.end) for one in tokens if one.parts & _TOPICS]
        self.topic_starts = frozenset(one.start for one in self.topics)
        self.frame = Frame(parsed.folded)
        self.marks: dict[Span, Marked] = {}
        self.judged: dict[tuple[Span, bool], Assertion] = {}

    @property
    def is_told(self) -> bool:
        """Whether people speak or write here, and not only a hospital."""
        return bool(self.turns.turns) or self.cast.told


class Marks:
    """The cues of the pack, as they are searched."""

    def __init__(
        self, cues: Iterable[Cue], prefixes: Iterable[str], people: People, lexicon: Lexicon | None
    ) -> None:
        self._cues: dict[str, tuple[Cue, ...]] = {}
        for cue in cues:
            for word in map(fold, cue.words):
                self._cues[word] = (*self._cues.get(word, ()), cue)
        self._prefix(list(map(fold, prefixes)))
        self._words = sorted(self._cues)
        self._latin = [*map(latin, self._words)]
        self._search = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        self._people = people
        self._lexicon = lexicon
        self._scenes: WeakKeyDictionary[Parsed, Scene] = WeakKeyDictionary()

    def __len__(self) -> int:
        return len(self._words)

    def cues(self, word: str) -> tuple[Cue, ...]:
        """What a folded word says."""
        return self._cues.get(word, ())

    def scene(self, parsed: Parsed) -> Scene:
        """Of a note, found out once."""
        known = self._scenes.get(parsed)
        if known is None:
            tokens = self._lexicon.tokens(parsed) if self._lexicon else ()
            known = self._scenes[parsed] = Scene(parsed, self._people, tokens)
        return known

    def of(self, parsed: Parsed, scene: Scene, sentence: Span) -> Marked:
        """The cues of a sentence, found once."""
        marked = scene.marks.get(sentence)
        if marked is None:
            folded = parsed.folded[sentence.start : sentence.end]
            marks = [
                Mark(sentence.start + start, sentence.start + end, self._cues[self._words[which]])
                for which, start, end in self._search.find_matches_as_indexes(folded)
                if not self._latin[which] or whole_word(folded, start, end)
            ]
            marked = Marked.of(self._meant(parsed, scene, sentence, marks))
            scene.marks[sentence] = marked
        return marked

    def _prefix(self, prefixes: list[str]) -> None:
        """均未见 means 未见, in front of a name or behind it."""
        for word, cues in list(self._cues.items()):
            if not "一" <= word[0] <= "鿿" or len(word) < _SHORTEST:
                continue
            denying = tuple(one for one in cues if one.kind in _PREFIXED)
            if denying and len(denying) == len(cues):
                for prefix in prefixes:
                    known = self._cues.get(prefix + word, ())
                    if not any(one.side != "before" or one.kind == "none" for one in known):
                        more = (one for one in denying if one not in known)
                        self._cues[prefix + word] = (*known, *more)

    def _meant(self, parsed: Parsed, scene: Scene, sentence: Span, marks: list[Mark]) -> list[Mark]:
        """The marks as the one who tells means them."""
        meant: list[Mark] = []
        named = False
        for mark, behind in zip_longest(marks, marks[1:]):
            if behind is not None and self._is_owner(parsed.folded, mark, behind):
                continue
            if is_person(mark):
                named = True
                whom = self._whom(parsed, scene, mark)
                if whom == "none":
                    continue
                mark = mark._replace(cues=_PATIENT) if whom == "patient" else mark
            elif self._is_of_relative(parsed, scene, mark, named=named):
                named = True
                mark = mark._replace(cues=FAMILY)
            meant.append(mark)
        if not (named or scene.is_told or scene.cast.bed):
            return marks
        people = [one for one in meant if is_person(one)]
        meant += self._pronouns(parsed, scene, sentence, people)
        meant += self._of_other_sex(parsed, sentence, people)
        meant += self._myself(parsed, scene, sentence, meant)
        if scene.cast.bed:
            meant += (
                Mark(
                    match.start(),
                    match.end(),
                    _PATIENT if _bed(match) == scene.cast.bed else _OTHER,
                )
                for match in _BED.finditer(parsed.folded, sentence.start, sentence.end)
            )
        return sorted(meant)

    def _is_owner(self, folded: str, mark: Mark, behind: Mark) -> bool:
        """Whether a word for the young only says whose relative the next one is: 孩子小姨."""
        near = 0 <= behind.start - mark.end < _BESIDE
        return near and is_person(behind) and self._people.is_young(folded[mark.start : mark.end])

    def _is_of_relative(self, parsed: Parsed, scene: Scene, mark: Mark, *, named: bool) -> bool:
        """Whether he or she is a relative: father had MI when he was 60."""
        word = parsed.folded[mark.start : mark.end]
        if word not in _HE_OR_SHE.values():
            return False
        if word == _HE_OR_SHE.get(parsed.note.sex, word):
            return named and _WHEN.search(parsed.folded, 0, mark.start) is not None
        sentence = parsed.sentence(mark.start)
        before = parsed.sentence(sentence.start - 1) if sentence.start else sentence
        return named or (before < sentence and bool(self.of(parsed, scene, before).people))

    def _whom(self, parsed: Parsed, scene: Scene, mark: Mark) -> Meaning:
        """Whom a word for somebody else means here; `none`: it is but a name or a label."""
        folded = parsed.folded
        turn = scene.turns.at(mark.start)
        if turn >= 0 and mark.end <= scene.turns.turns[turn].body:
            return "none"
        if any(start <= mark.start and mark.end <= end for start, end in scene.cast.names):
            return "none"
        if self._people.is_compared(folded, mark.start, mark.end):
            return "none"
        if scene.cast.bed and folded[mark.start : mark.end].endswith("床"):
            return "none"
        if not any(cue.kind == "family" for cue in mark.cues):
            return "other"
        if folded[mark.start - 1 : mark.start] == "床":
            return "none"
        if not self._people.is_grown(parsed.note, folded[mark.start : mark.end]):
            return "none"
        if parsed.section(mark.start).kind == "family":
            return "family"
        if self._people.is_name(folded, mark.start, mark.end):
            return "none"
        patient = self._people.is_patient(scene.cast, folded, mark.start, mark.end)
        return "patient" if patient else "family"

    def _pronouns(
        self, parsed: Parsed, scene: Scene, sentence: Span, people: list[Mark]
    ) -> Iterator[Mark]:
        """He or she who is the patient, and not somebody of the same sex named before."""
        folded = parsed.folded
        pattern = _PRONOUN.get(parsed.note.sex)
        if pattern is None:
            return
        man = parsed.note.sex == "male"
        alike = (
            one.end
            for one in people
            if not scene.is_told and self._people.is_man(folded[one.start : one.end]) == man
        )
        first = min(alike, default=sentence.end)
        for match in pattern.finditer(folded, sentence.start, sentence.end):
            owns = any(
                _OF_ONE.fullmatch(folded, match.end(), one.start)
                for one in _next(people, match.end())
            )
            if not owns and match.start() < first:
                yield Mark(match.start(), match.end(), _PATIENT)

    def _of_other_sex(self, parsed: Parsed, sentence: Span, people: list[Mark]) -> Iterator[Mark]:
        """He or she who cannot be the patient: who was named before, of that sex."""
        pattern = _OTHER_SEX.get(parsed.note.sex)
        if pattern is None:
            return
        folded = parsed.folded
        for match in pattern.finditer(folded, sentence.start, sentence.end):
            if _next(people, match.end()):
                continue
            for one in _named_before(people, match.start()):
                man = self._people.is_man(folded[one.start : one.end])
                if man == (parsed.note.sex == "female"):
                    yield Mark(match.start(), match.end(), one.cues, (one.start, one.end))
                    break

    def _myself(
        self, parsed: Parsed, scene: Scene, sentence: Span, marks: list[Mark]
    ) -> Iterator[Mark]:
        """I: a relative or a stranger who speaks, or else the patient."""
        told = list(self._people.speaks_of_self(parsed.folded, sentence.start, sentence.end))
        if not told:
            return
        speaker = scene.turns.at(sentence.start)
        who = scene.turns.turns[speaker].who if speaker >= 0 else ""
        cues = FAMILY if who in self._people.relatives or scene.cast.told else _PATIENT
        if who in self._people.strangers:
            cues = _OTHER
        taken = sorted(one.start for one in marks if is_person(one) or one.cues == _PATIENT)
        for start, end in told:
            quoted = cues == _PATIENT and parsed.folded[start - 1 : start] in _QUOTING
            quoted = quoted or (scene.cast.told and self._people.only_tells(parsed.folded, end))
            named = bisect_right(taken, start) < bisect_right(taken, end + 1) or any(
                first < end + 1 and start < last for first, last in scene.cast.names
            )
            if not quoted and not named:
                yield Mark(start, end, cues)


def _next(people: list[Mark], end: int) -> list[Mark]:
    """Who is named right behind a pronoun that ends there."""
    first = bisect_left(people, end, key=start_of)
    return people[first : bisect_right(people, end + _NEXT, key=start_of)]


def _named_before(people: list[Mark], start: int) -> Iterator[Mark]:
    """Who is named not far before a place, the nearest first."""
    before = map(people.__getitem__, range(bisect_left(people, start, key=start_of) - 1, -1, -1))
    near = takewhile(lambda one: start - one.end <= _NAMED_BEFORE, before)
    return (one for one in near if one.end <= start)


def _bed(match: re.Match[str]) -> str:
    return match[1] or match["unit"]


def is_person(mark: Mark) -> bool:
    """Whether it names somebody who is not the patient."""
    return not _PERSONS.isdisjoint(map(_kind, mark.cues))
