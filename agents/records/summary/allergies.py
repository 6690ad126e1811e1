"""What the patient is allergic to, and where documents speak against each other about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.records.folding import fold
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.medication import Drug
from agents.records.summary.relations import Relations, fits, key
from agents.records.summary.words import Mark, Words, joined, line
from schemas.records import Allergy, Line, Medication


@dataclass(frozen=True, slots=True, repr=False)
class Substance:
    """A substance that any document names. `held`: in order of time, at least one.

    `denied`: where, then or later, no allergy is known, or none to this.
    """

    name: str
    held: tuple[Held[Allergy], ...]
    denied: tuple[Said[Allergy], ...]

    @property
    def first(self) -> Held[Allergy]:
        """Where it is named first."""
        return self.held[0]

    @property
    def uncertain(self) -> bool:
        """Whether no document is sure of it."""
        return all(one.uncertain for one in self.held)


def substances(facts: Facts) -> tuple[Substance, ...]:
    """The one named last first."""
    held: dict[str, list[Held[Allergy]]] = {}
    for one in facts.allergies:
        held.setdefault(_same(one, held), []).append(one)
    made = [
        Substance(name, tuple(said), tuple(_denied(name, said[0], facts)))
        for name, said in held.items()
    ]
    return tuple(sorted(made, key=lambda one: one.held[-1].at, reverse=True))


def _same(said: Held[Allergy], known: Iterable[str]) -> str:
    name = key(said.item)
    return next((one for one in known if one == name or one in name or name in one), name)


def _denied(name: str, first: Held[Allergy], facts: Facts) -> Iterable[Said[Allergy]]:
    """A substance's own denial counts at any time after; none known, not in the same document."""
    for one in facts.not_allergic:
        if one.item.name:
            other = key(one.item)
            if (other in name or name in other) and one.visit >= first.visit:
                yield one
        elif one.visit > first.visit:
            yield one


def allergy_lines(facts: Facts, named: tuple[Substance, ...], words: Words) -> tuple[Line, ...]:
    """Named ones first; what is said against them, or that none is known, only where it is said."""
    lines = [_named(one, words) for one in named]
    against = {one for each in named for one in each.denied}
    for one in sorted(against, key=lambda said: said.at, reverse=True):
        others = [each for each in named if one in each.denied]
        names = "、".join(words.name(each.first.item) for each in others)
        sources = (said for each in others for said in each.held)
        lines.append(
            line(
                _denial(one, words), one, *sources,
                date=one.date, detail=words("but_allergic", names=names), mark="contradiction",
            )
        )  # fmt: skip
    if not named:
        none = [one for one in facts.not_allergic if not one.item.name]
        if none:
            lines.append(line(_denial(none[-1], words), *reversed(none), date=none[-1].date))
    return tuple(lines)


def _denial(one: Said[Allergy], words: Words) -> str:
    return words("not_allergic", name=one.item.name) if one.item.name else words("no_allergy")


def _named(one: Substance, words: Words) -> Line:
    newest, first = one.held[-1].item, one.first.date
    reaction = next((said.item.reaction for said in reversed(one.held) if said.item.reaction), "")
    mark: Mark = "contradiction" if one.denied else "uncertain" if one.uncertain else ""
    detail = joined(
        words("reaction", reaction=reaction) if reaction else words("reaction_unknown"),
        words("uncertain") if one.uncertain else "",
        words("first_said", date=first) if first and first != one.held[-1].date else "",
    )
    return line(
        words.name(newest), *reversed(one.held), *one.denied,
        date=one.held[-1].date, detail=detail, mark=mark,
    )  # fmt: skip


def taken(
    named: tuple[Substance, ...], drugs: tuple[Drug, ...], relations: Relations
) -> Iterable[tuple[Substance, Held[Medication]]]:
    """What the patient is allergic to and takes all the same, or was given at a later visit."""
    for substance in named:
        for drug in drugs:
            given = [
                one
                for one in drug.statements
                if isinstance(one, Held)
                and one.item.course == "active"
                and one.item.change not in ("stop", "hold")
                and (one.visit > substance.first.visit or one is drug.now)
            ]
            if given and _hits(substance, given[-1].item, relations):
                yield substance, given[-1]


def _hits(substance: Substance, drug: Medication, relations: Relations) -> bool:
    for one in substance.held:
        name, own = key(one.item), key(drug)
        if name == own or (len(own) > 1 and (name in own or own in name)):
            return True
        for cross in relations.cross:
            if any(fold(word) in name for word in cross.substances) and fits(drug, cross.drugs):
                return True
    return False
