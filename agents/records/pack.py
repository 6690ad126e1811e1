"""The rules, tables and models that read documents: one folder, one version."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from agents.models.errors import BadModel
from agents.models.lines import Lines
from agents.models.tags import Tags
from agents.records.advice import Advice
from agents.records.allergies import Reactions
from agents.records.cues import Cues
from agents.records.errors import BadPack
from agents.records.followup.rules import Rules
from agents.records.guessing import Guesser
from agents.records.headings import Headings
from agents.records.instructions import Instructions
from agents.records.lexicon import Lexicon
from agents.records.medication.dosing import Dosing
from agents.records.medication.drugs import Drugs
from agents.records.operating import Operating
from agents.records.questions import Questions
from agents.records.redaction.tables import Tables as RedactionTables
from agents.records.results.catalogue import Analytes
from agents.records.results.units import Units
from agents.records.summary.relations import Relations
from agents.records.terms import Terms

BUNDLED = files("agents.records") / "data"
"""The pack that comes with the application."""

_MEDICAL = (
    "allergens.tsv", "drugs.tsv", "tests.toml", "diagnoses.tsv", "procedures.tsv", "lesions.toml",
)  # fmt: skip
"""Their words are nobody's name."""
_LEXICON = (
    "diagnoses.tsv", "procedures.tsv", "lesions.toml",
    "diagnoses-english.tsv", "procedures-english.tsv",
)  # fmt: skip
"""Of the English ones some are people's names: Graves, Addison."""


@dataclass(frozen=True)
class Pack:
    """One version of everything that is judged by; without `tags` rules read alone."""

    version: str
    headings: Headings
    cues: Cues
    lexicon: Lexicon
    allergens: Terms
    reactions: Reactions
    advice: Advice
    instructions: Instructions
    guesser: Guesser
    tags: Tags | None
    tests: Analytes
    drugs: Drugs
    dosing: Dosing
    operating: Operating
    relations: Relations
    followups: Rules
    redaction: RedactionTables
    questions: Questions

    @classmethod
    def load(cls, folder: Path | Traversable = BUNDLED) -> Pack:
        """Raises BadPack."""
        facts = _toml(folder, "pack.toml")
        version = facts.get("version")
        if not isinstance(version, str):
            raise BadPack(f"{folder}: pack.toml names no version")
        guesser, tags = _models(folder)
        units = Units.read(text(folder, "units.toml"), "units.toml")
        dosing = Dosing.read(text(folder, "dosing.toml"), "dosing.toml")
        lexicon = Lexicon.read({name: text(folder, name) for name in _LEXICON})
        return cls(
            version=version,
            headings=Headings.read(text(folder, "headings.toml"), "headings.toml"),
            cues=Cues.read(text(folder, "cues.toml"), "cues.toml", lexicon),
            lexicon=lexicon,
            allergens=Terms.read(text(folder, "allergens.tsv"), "allergens.tsv"),
            reactions=Reactions.read(text(folder, "reactions.toml"), "reactions.toml"),
            advice=Advice.read(text(folder, "advice.toml"), "advice.toml"),
            instructions=Instructions.read(text(folder, "instructions.toml"), "instructions.toml"),
            guesser=guesser,
            tags=tags,
            tests=Analytes.read(text(folder, "tests.toml"), units, "tests.toml"),
            drugs=Drugs.read(text(folder, "drugs.tsv"), dosing, "drugs.tsv"),
            dosing=dosing,
            operating=Operating.read(text(folder, "operations.toml"), "operations.toml"),
            relations=Relations.read(text(folder, "relations.toml"), "relations.toml"),
            followups=Rules.read(text(folder, "followups.toml"), "followups.toml"),
            redaction=redaction_tables(folder),
            questions=Questions.read(text(folder, "questions.toml"), "questions.toml"),
        )


def redaction_tables(folder: Path | Traversable = BUNDLED) -> RedactionTables:
    """Those of a pack. Raises BadPack."""
    medical = "\n".join(text(folder, name) for name in _MEDICAL)
    return RedactionTables.read(text(folder, "redaction.toml"), "redaction.toml", medical)


def _models(folder: Path | Traversable) -> tuple[Guesser, Tags]:
    try:
        return Guesser(Lines(folder)), Tags(folder)
    except BadModel as error:
        raise BadPack(f"{folder}: {error}") from None


def text(folder: Path | Traversable, name: str) -> str:
    """A file of a pack. Raises BadPack."""
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPack(f"{folder}: {error}") from None


def _toml(folder: Path | Traversable, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text(folder, name))
    except tomllib.TOMLDecodeError as error:
        raise BadPack(f"{folder / name}: {error}") from None
