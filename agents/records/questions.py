"""What a doctor's question asks for, judged on the device, and the record's own answer to it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import msgspec

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Note, Parsed
from schemas.records import Line, Summary

if TYPE_CHECKING:
    from agents.records.pack import Pack

Scope = Literal["own", "general", "neither"]
"""own: of this patient's record, never asked outside; general: medical knowledge, may be."""
Topic = Literal[
    "medication", "allergies", "results", "diagnoses", "procedures", "followup", "precautions",
    "family", "changes", "summary",
]  # fmt: skip
_LEAST = 2


class Intent(NamedTuple):
    """`topics`: the parts of the record it asks for; all of it if none."""

    scope: Scope
    topics: tuple[Topic, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: tuple[str, ...]
    general: tuple[str, ...]
    surely_own: tuple[str, ...]
    medical: tuple[str, ...]
    topics: dict[Topic, tuple[str, ...]]


class Questions:
    """The words that tell questions apart, Chinese and English."""

    def __init__(self, file: _File) -> None:
        self._own, self._general = _any(file.own), _any(file.general)
        self._surely, self._medical = _any(file.surely_own), _any(file.medical)
        self._topics = {one: _any(file.topics[one]) for one in get_args(Topic)}

    @classmethod
    def read(cls, content: str, place: str) -> Questions:
        """Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _File))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError, re.error) as error:
            raise BadPack(f"{place}: {error}") from None

    def judge(self, question: str, named: tuple[Topic, ...] = ()) -> Intent:
        """In doubt it is of the record: that answer stays here. `named`: what terms tell."""
        folded = fold(question).strip()
        topics = tuple(
            one for one, words in self._topics.items() if one in named or words.search(folded)
        )
        if not (topics or self._medical.search(folded)):
            return Intent("neither")
        if self._surely.search(folded):
            return Intent("own", topics)
        if self._general.search(folded):
            return Intent("general", topics)
        if self._own.search(folded):
            return Intent("own", topics)
        return Intent("own" if topics else "general", topics)

    def answer(self, question: str, intent: Intent, summary: Summary) -> tuple[Line, ...]:
        """The lines of the summary that answer it, each with its sources; none if nothing does.

        If the question names what some of them are about, only these.
        """
        if intent.scope == "neither":
            return ()
        lines = tuple(dict.fromkeys(line for one in intent.topics for line in _lines(summary, one)))
        folded = fold(question)
        named = tuple(line for line in lines if _names(folded, line))
        return named if named or intent.scope == "general" else lines


def classify(question: str, pack: Pack) -> Intent:
    """By the words of a question, and the drugs and diseases that it names."""
    folded = fold(question)
    named: list[Topic] = []
    if pack.drugs.find(folded):
        named.append("medication")
    if pack.lexicon.tokens(Parsed(Note(question), ())):
        named.append("diagnoses")
    return pack.questions.judge(question, tuple(named))


def _names(question: str, line: Line) -> bool:
    """Whether the first word of a line stands in the question."""
    head = re.split(r"[\s:,、。;(·]", fold(line.text).strip(), maxsplit=1)[0]
    if head.isascii():
        return len(head) > _LEAST and re.search(rf"\b{re.escape(head)}\b", question) is not None
    return len(head) >= _LEAST and head in question


def _lines(summary: Summary, topic: Topic) -> Iterator[Line]:
    match topic:
        case "medication":
            yield from (*summary.medication, *summary.changes)
        case "diagnoses":
            yield from (line for one in summary.problems for line in one.lines)
        case "followup":
            yield from summary.precautions
        case "changes":
            yield from (*summary.changes, *summary.contradictions)
        case "summary":
            yield from summary.allergies
            yield from (line for one in summary.problems for line in one.lines[:1])
            yield from (*summary.changes, *summary.medication, *summary.results)
        case _:
            yield from getattr(summary, topic)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))
