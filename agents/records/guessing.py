"""Which lines are advice that stand under no heading, or under that of a list that ended before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.models.errors import BadModel
from agents.models.lines import Guess, Lines
from agents.records.parsed import Parsed, Section, SectionKind
from schemas.records import Span

GUESSED: SectionKind = "advice"
"""Of other kinds no guess found more than it spoilt."""
RUN_ON: frozenset[SectionKind] = frozenset({"diagnosis", "medication", "treatment"})
"""Sections whose lists writers end with advice, without a heading for it."""
MOST_LINES = 400
"""Of a note that are guessed at; those behind stay as they are."""


class Guesser:
    """Gives lines a kind, by which the rules of extraction then read them."""

    def __init__(self, model: Lines) -> None:
        """Raises BadModel: its labels are no kinds of sections."""
        if GUESSED not in model.card.labels:
            raise BadModel(f"{model.card.name} knows no kinds of sections")
        self._model = model

    def sections(self, parsed: Parsed) -> tuple[Section, ...]:
        """The sections of a note, cut where advice begins and ends.

        Raises BadModel if the model fails.
        """
        bare = all(one.kind == "other" for one in parsed.sections)
        lines = [
            span
            for span in parsed.sentences
            if span.start >= (section := parsed.section(span.start)).body
            and (bare or section.kind in RUN_ON)
        ][:MOST_LINES]
        if not lines:
            return parsed.sections
        guesses = self._model.guess([parsed.text[one.start : one.end] for one in lines])
        sure = [(line, self._is_sure(guess)) for line, guess in zip(lines, guesses, strict=True)]
        if not any(told for _, told in sure):
            return parsed.sections
        return tuple(piece for one in parsed.sections for piece in _cut(one, sure))

    def _is_sure(self, guess: Guess) -> bool:
        return guess.kind == GUESSED and guess.probability >= self._model.card.known


def _cut(section: Section, lines: Sequence[tuple[Span, bool]]) -> Iterator[Section]:
    """The section in pieces, each of lines that are advice or of lines that are not."""
    start, body, advice = section.start, section.body, False
    for line, told in lines:
        if section.body <= line.start < section.end and told != advice:
            if line.start > start:
                yield Section(GUESSED if advice else section.kind, start, body, line.start)
            start, advice = line.start, told
            body = line.start
    yield Section(GUESSED if advice else section.kind, start, body, section.end)
