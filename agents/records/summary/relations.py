"""What belongs to what: tests and drugs to a disease, diseases to a sex, drugs to an allergy."""

from __future__ import annotations

import re
import tomllib
from typing import TypeVar

import msgspec

from agents.records.errors import BadPack
from agents.records.folding import fold
from schemas.records import Diagnosis, FamilyHistory, Item, Medication, Procedure, Result, Sex

_CODE = re.compile(r"[A-Z]\d\d?[A-Z0-9.]*")
_Named = Diagnosis | Medication | Procedure | FamilyHistory | Result


class Relation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`diagnoses`, `drugs`: codes by their beginning, or words of a name; `tests`: terms."""

    diagnoses: tuple[str, ...]
    drugs: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


class Cross(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is allergic to one of `substances` shall be told of these `drugs`."""

    substances: tuple[str, ...]
    drugs: tuple[str, ...]


class General(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name that a note uses for short where another gave one of the more exact `kinds`."""

    name: str
    kinds: tuple[str, ...]


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an order asks for by one of `names`; `tests`: terms that show that it was done."""

    names: tuple[str, ...]
    tests: tuple[str, ...] = ()


class Relations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table. `short`: drugs of short courses; `passing`: tests of which only now counts.

    `female`, `male`: what the other sex cannot have. `refuting`: words that say it never was.
    `check`: what orders ask for; of `picture`, one with a `place`.
    """

    relation: tuple[Relation, ...]
    cross: tuple[Cross, ...]
    general: tuple[General, ...]
    short: tuple[str, ...]
    short_days: int
    passing: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]
    refuting: tuple[str, ...]
    standing: tuple[str, ...]
    check: tuple[Check, ...] = ()
    picture: tuple[Check, ...] = ()
    place: tuple[Check, ...] = ()

    @classmethod
    def read(cls, content: str, place: str) -> Relations:
        """A TOML table. Raises BadPack."""
        try:
            return msgspec.convert(tomllib.loads(content), cls)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"{place}: {error}") from None

    def belonging(self, diagnosis: Diagnosis) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The drugs and the tests that belong to a disease."""
        fit = [one for one in self.relation if fits(diagnosis, one.diagnoses)]
        drugs = tuple(name for one in fit for name in one.drugs)
        return drugs, tuple(name for one in fit for name in one.tests)

    def of_other_sex(self, item: Diagnosis | Procedure, sex: Sex) -> bool:
        """Whether a person of this sex cannot have it."""
        if sex == "unknown":
            return False
        return fits(item, self.female if sex == "male" else self.male)


def fits(item: _Named, names: tuple[str, ...]) -> bool:
    """Whether one of `names` begins its code or stands in its name or term."""
    return any(
        item.code.startswith(name)
        if _CODE.fullmatch(name)
        else name in item.term or name in item.name
        for name in names
    )


_T = TypeVar("_T", bound=Item)


def key(item: Item) -> str:
    """What two mentions of one thing have in common: the term, else the name without its side."""
    return _plain(item.term) if item.term else bare(item.name)


def bare(name: str) -> str:
    """A name without its side, to compare."""
    return _plain(_SIDE.sub("", name))


def _plain(name: str) -> str:
    return re.sub(r"[\s,，()（）]", "", fold(name))


def side(name: str) -> str:
    """left, right, both or empty."""
    found = {_SIDES[one] for one in _SIDE.findall(fold(name))}
    if not found:
        return ""
    return found.pop() if len(found) == 1 else "both"


_SIDES = {
    "左侧": "left", "左": "left", "left": "left", "右侧": "right", "右": "right", "right": "right",
    "双侧": "both", "双": "both", "两侧": "both", "bilateral": "both",
}  # fmt: skip
_SIDE = re.compile("|".join(sorted(_SIDES, key=len, reverse=True)), re.IGNORECASE)
