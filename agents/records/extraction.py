"""Everything that a note says, in order of place, each thing once."""

from __future__ import annotations

from collections.abc import Iterable

from agents.records import (
    allergies,
    diagnoses,
    instructions,
    medication,
    precautions,
    procedures,
    results,
)
from agents.records.folding import fold
from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
from agents.records.patterns import HANS
from agents.records.revision import revised
from agents.records.settling import settled
from schemas.records import Item


class Extractor:
    """Reads notes by one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def read(self, note: Note) -> tuple[Item, ...]:
        """The items of a note: sorted by place, overlaps settled, each fact at one place."""
        folded = fold(note.text)
        # The model was taught Chinese; of English rules say all.
        tags = self._pack.tags if HANS.search(folded) else None
        tagged = tags.read(folded) if tags else None
        parsed = Parsed(note, self._pack.headings.sections_of(folded), folded, tagged)
        sections = self._pack.guesser.sections(parsed)
        if sections != parsed.sections:
            parsed = Parsed(note, sections, folded, tagged)
        return settled(parsed, revised(parsed, self._pack, self._found(parsed)))

    def _found(self, parsed: Parsed) -> Iterable[Item]:
        for part in (allergies, procedures, diagnoses, results, medication):
            yield from part.find(parsed, self._pack)
        advice = instructions if parsed.is_english else precautions
        yield from advice.find(parsed, self._pack)
