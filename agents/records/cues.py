"""Whether a mention is so, of whom and when: the cues of the pack."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from weakref import WeakKeyDictionary

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.assertion import Assertion
from agents.records.doubts import Doubts, DoubtWords
from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.frames import feared, place_of, told_apart
from agents.records.parsed import Parsed
from agents.records.scope import Cue, Mark, Scope, Words
from agents.records.terms import whole_word
from schemas.records import Certainty, Span

_ORDER: tuple[Certainty, ...] = ("refuted", "hypothetical", "uncertain")
"""Of two cues that reach a mention the first of these holds."""
_PREFIXED = frozenset({"refuted", "uncertain"})
_SHORTEST = 2
_AND = frozenset({"、", "及", "和", "与", "以及", ",", " and "})
_BEHIND = re.compile(r"[^\s,、;。()]{0,4}[(:]\s*([^\s,、;。()]{1,8})")


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


class Cues:
    """The cues of the pack."""

    def __init__(self, table: _Table) -> None:
        self._cues: dict[str, tuple[Cue, ...]] = {}
        groups = [
            *table.cue,
            Cue("turn", words=table.turns),
            Cue("weak turn", words=table.weak_turns),
            Cue("patient", words=table.patient),
        ]
        for cue in groups:
            for word in map(fold, cue.words):
                self._cues[word] = (*self._cues.get(word, ()), cue)
        self._prefix([fold(word) for word in table.prefixes])
        self._words = sorted(self._cues)
        self._doubts = Doubts(table.doubt)
        self._search = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        self._lists = Words(
            tuple(map(fold, table.narrates)),
            table.tails,
            re.compile("|".join(map(re.escape, table.states)) or "(?!)"),
        )
        self._marks: WeakKeyDictionary[Parsed, dict[Span, list[Mark]]] = WeakKeyDictionary()

    @classmethod
    def read(cls, content: str, place: str) -> Cues:
        """A TOML table of cues. Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _Table))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"{place}: {error}") from None

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

    def __len__(self) -> int:
        return len(self._words)

    def judge(self, parsed: Parsed, span: Span, *, wary: bool = False) -> Assertion:
        """How the mention at `span` is meant, by the cues of its sentence and its section.

        `wary`: words of denial or doubt that no cue explains make it uncertain.
        """
        sentence = parsed.sentence(span.start)
        marks = self._of(parsed, sentence)
        scope = Scope(parsed.folded, marks, sentence, span, self._lists)
        at = bisect_left(marks, span.start, key=lambda mark: mark.start)
        scope.look_back(at)
        scope.look_ahead(at)
        found = scope.found
        relative = self._relative(parsed, marks, found.get("family"), span)
        family = "family" in found or bool(relative)
        certainty: Certainty = next((kind for kind in _ORDER if kind in found), "confirmed")
        place = place_of(parsed, span)
        if place is not None and place != "unsaid":
            certainty = place
        elif certainty in ("confirmed", "uncertain") and feared(parsed, span):
            certainty = "hypothetical"
        elif certainty == "confirmed" and told_apart(parsed, span):
            certainty = "uncertain"
        elif wary and certainty == "confirmed" and place is None:
            plain = (
                Span(mark.start, mark.end)
                for mark in marks
                if any(cue.kind == "none" for cue in mark.cues)
            )
            certainty = "uncertain" if self._doubts.hold(parsed, span, plain) else certainty
        return Assertion(
            certainty=certainty,
            past="past" in found,
            family=family or parsed.section(span.start).kind == "family",
            relative=relative,
            other=place == "unsaid" or ("other" in found and not family),
            planned="planned" in found,
            undone="undone" in found,
        )

    def _relative(self, parsed: Parsed, marks: list[Mark], mark: Mark | None, span: Span) -> str:
        """Whose it is, as written; empty where the words do not say."""
        if mark is not None and mark.end <= span.start:
            return parsed.text[self._joined(parsed, marks, mark) : mark.end]
        return self._bracketed(parsed, span)

    def _joined(self, parsed: Parsed, marks: list[Mark], mark: Mark) -> int:
        """Where the relatives that are named together begin: 妈妈、外婆都患…."""
        start = mark.start
        for before in reversed(marks[: marks.index(mark)]):
            between = parsed.folded[before.end : start]
            if not any(cue.kind == "family" for cue in before.cues) or between not in _AND:
                break
            start = before.start
        return start

    def _of(self, parsed: Parsed, sentence: Span) -> list[Mark]:
        """The cues of a sentence, found once."""
        known = self._marks.setdefault(parsed, {})
        marks = known.get(sentence)
        if marks is None:
            folded = parsed.folded[sentence.start : sentence.end]
            marks = [
                Mark(sentence.start + start, sentence.start + end, self._cues[self._words[which]])
                for which, start, end in self._search.find_matches_as_indexes(folded)
                if whole_word(folded, start, end)
            ]
            known[sentence] = marks
        return marks

    def _bracketed(self, parsed: Parsed, span: Span) -> str:
        """A relative in brackets behind the mention: 胃癌(父亲)."""
        end = min(span.end + 16, parsed.sentence(span.start).end)
        behind = _BEHIND.match(parsed.folded, span.end, end)
        if behind and any(cue.kind == "family" for cue in self._cues.get(behind[1], ())):
            return parsed.text[behind.start(1) : behind.end(1)]
        return ""
