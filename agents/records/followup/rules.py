"""What is to be checked, how often and why: rules for diagnoses, medication and results."""

from __future__ import annotations

import tomllib
from typing import Annotated

import msgspec

from agents.records.errors import BadPack
from schemas.records import Interpretation


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Fires for a diagnosis, a drug that is taken, or the last value of a test.

    `diagnoses`, `drugs`: codes by their beginning, or words; `test`: a term, abnormal as one of
    `is_`. Done when one of `tests` is measured, or one of `words` stands in a document other than
    as advice. `first_days`: from when it fires, if it was never done; `every_days` None: only once.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{3,40}$")]
    diagnoses: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    test: str = ""
    is_: tuple[Interpretation, ...] = msgspec.field(default=(), name="is")
    tests: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    every_days: Annotated[int, msgspec.Meta(ge=1, le=4000)] | None = None
    first_days: Annotated[int, msgspec.Meta(ge=0, le=4000)]
    what_zh: str
    what_en: str
    why_zh: str
    why_en: str


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a pack."""

    rule: tuple[Rule, ...]

    @classmethod
    def read(cls, content: str, place: str) -> Rules:
        """A TOML table. Raises BadPack."""
        try:
            rules = msgspec.convert(tomllib.loads(content), cls)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"{place}: {error}") from None
        seen: set[str] = set()
        for one in rules.rule:
            triggers = [bool(one.diagnoses), bool(one.drugs), bool(one.test)]
            if sum(triggers) != 1 or bool(one.test) != bool(one.is_):
                raise BadPack(f"{place}: {one.id}: one of diagnoses, drugs, or test with is")
            if not (one.tests or one.words):
                raise BadPack(f"{place}: {one.id}: no tests and no words: it is never done")
            if one.id in seen:
                raise BadPack(f"{place}: {one.id} stands twice")
            seen.add(one.id)
        return rules
