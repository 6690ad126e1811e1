"""Lines of medical documents that teach the line model: moulds of ours filled with our terms."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple, get_args

from agents.records.parsed import SectionKind

MOULDS = files("streams.training") / "lines.toml"
TABLES = {
    "disease": "diagnoses.tsv",
    "drug": "drugs.tsv",
    "procedure": "procedures.tsv",
    "allergen": "allergens.tsv",
}
"""Which file of a pack fills what; `TESTS` and `REACTIONS` have forms of their own."""
TESTS = "tests.toml"
REACTIONS = "reactions.toml"
KINDS: tuple[SectionKind, ...] = tuple(
    kind for kind in get_args(SectionKind) if kind not in ("differential", "risk")
)
"""What a line without a heading may be: differentials and risks are known by their headings."""
_SLOT = re.compile(r"\{(\w+)\}")
_JOINS = ("，", "，", "，", "、", " ", "；")
_LATIN = 4
"""A name of Latin letters this short is an abbreviation: in capitals."""


class Line(NamedTuple):
    """`family`: the mould that it begins with."""

    text: str
    kind: SectionKind
    family: int


def lines(pack: Traversable, *, each: int, seed: int) -> list[Line]:
    """`each` lines of every mould: alone, or with another mould of its kind behind it."""
    table = tomllib.loads(MOULDS.read_text("utf-8"))
    fill: dict[str, Sequence[str]] = table["fill"] | _terms(pack)
    made: list[Line] = []
    family = 0
    for kind in KINDS:
        moulds = table["kinds"][kind]
        for mould in moulds:
            family += 1
            # A mould of its own seed: another one beside it leaves its lines as they are.
            rng = random.Random(f"{seed} {kind} {mould}")
            made += [Line(_line(mould, moulds, fill, rng), kind, family) for _ in range(each)]
    return made


def _line(
    mould: str, moulds: Sequence[str], fill: Mapping[str, Sequence[str]], rng: random.Random
) -> str:
    parts = [mould]
    while len(parts) < 3 and rng.random() < 0.3:
        other = rng.choice(moulds)
        if other.isascii() == mould.isascii():
            parts.append(other)
    joint = ", " if mould.isascii() else rng.choice(_JOINS)
    said = joint.join(_SLOT.sub(lambda m: rng.choice(fill[m[1]]), part) for part in parts)
    return said.strip() + rng.choice(("", "", "。", ""))


def _terms(pack: Traversable) -> dict[str, list[str]]:
    found = {}
    for slot, name in TABLES.items():
        names: list[str] = []
        for row in (pack / name).read_text("utf-8").splitlines():
            if row.strip() and not row.startswith("#"):
                cells = [*row.split("\t"), "", ""]
                names += [cells[0].strip(), *cells[2].split("|")]
        found[slot] = _chinese(names)
    tests = tomllib.loads((pack / TESTS).read_text("utf-8")).values()
    found["test"] = _chinese(n for one in tests for n in (one.get("name"), *one.get("aliases", ())))
    reactions = tomllib.loads((pack / REACTIONS).read_text("utf-8"))
    found["reaction"] = _chinese(reactions["words"])
    return found


def _chinese(names: object) -> list[str]:
    """Chinese names and abbreviations, sorted; English phrases stand in moulds of their own."""
    assert hasattr(names, "__iter__")
    kept = set()
    for name in names:
        if not name:
            continue
        if not name.isascii():
            kept.add(name)
        elif len(name) <= _LATIN:
            kept.add(name.upper())
    return sorted(kept)
