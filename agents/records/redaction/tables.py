"""The redactor's words, read from `redaction.toml` of a pack."""

from __future__ import annotations

import tomllib
from typing import NamedTuple

import msgspec

from agents.records.errors import BadPack


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    surnames: str
    compound: tuple[str, ...]
    given: str
    not_names: str
    cues: str
    labels: str
    titles: str
    not_before_titles: tuple[str, ...]
    follows: str
    provinces: tuple[str, ...]
    cities: tuple[str, ...]
    hospitals: tuple[str, ...]
    no_hospital: str
    english_words: str
    tibetan: tuple[str, ...]


class Tables(NamedTuple):
    """Words by what they are for; see the comments of the file. Longer ones come first."""

    surnames: frozenset[str]
    compound: frozenset[str]
    given: frozenset[str]
    not_names: tuple[str, ...]
    cues: tuple[str, ...]
    labels: tuple[str, ...]
    titles: tuple[str, ...]
    not_before_titles: tuple[str, ...]
    follows: tuple[str, ...]
    regions: tuple[str, ...]
    hospitals: tuple[str, ...]
    no_hospital: frozenset[str]
    english_words: frozenset[str]
    tibetan: tuple[str, ...]

    @classmethod
    def read(cls, content: str, place: str) -> Tables:
        """Raises BadPack."""
        try:
            file = msgspec.convert(tomllib.loads(content), _File)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"{place}: {error}") from None
        return cls(
            surnames=frozenset("".join(file.surnames.split())),
            compound=frozenset(file.compound),
            given=frozenset("".join(file.given.split())),
            not_names=tuple(one for one in _longest(file.not_names.split()) if len(one) > 1),
            cues=_longest(file.cues.split()),
            labels=_longest(file.labels.split()),
            titles=_longest(file.titles.split()),
            not_before_titles=file.not_before_titles,
            follows=_longest(file.follows.split()),
            regions=_longest([*file.provinces, *file.cities]),
            hospitals=_longest(file.hospitals),
            no_hospital=frozenset(file.no_hospital.split()),
            english_words=frozenset(file.english_words.split()),
            tibetan=_longest(file.tibetan),
        )


def _longest(words: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))
