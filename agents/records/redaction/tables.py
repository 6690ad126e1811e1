"""The redactor's words, read from `redaction.toml` of a pack."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

import msgspec

from agents.records.errors import BadPack
from agents.records.redaction.frames import Frames


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
    usual: str = ""
    only_people: str = ""
    doubtful: str = ""
    before_names: str = ""
    goes_on: str = ""
    called: str = ""
    called_short: str = ""
    no_free: str = ""
    parts: str = ""
    japanese: tuple[str, ...] = ()
    variants: str = ""
    first_names: str = ""
    last_names: str = ""
    pinyin_surnames: str = ""
    syllables: str = ""
    familiar_not: str = ""
    festivals: str = ""
    no_employer: str = ""
    no_address: str = ""
    kin: str = ""
    kin_behind: str = ""
    told: str = ""
    anybody: str = ""
    drug_ends: str = ""
    never: str = ""
    never_first: str = ""
    never_last: str = ""
    seldom_last: str = ""
    before_people: str = ""
    frames: Frames = Frames()


class Tables(NamedTuple):
    """Words by what they are for; see the comments of the file. Longer ones come first."""

    surnames: frozenset[str]
    compound: frozenset[str]
    given: frozenset[str]
    given_core: frozenset[str]
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
    usual: frozenset[str]
    doubtful: frozenset[str]
    before_names: tuple[str, ...]
    goes_on: tuple[str, ...]
    only_people: tuple[str, ...]
    called: tuple[str, ...]
    called_short: str
    no_free: tuple[str, ...]
    parts: tuple[str, ...]
    variants: dict[int, str]
    first_names: frozenset[str]
    last_names: frozenset[str]
    pinyin_surnames: frozenset[str]
    syllables: tuple[str, ...]
    familiar_not: frozenset[str]
    festivals: tuple[str, ...]
    no_employer: tuple[str, ...]
    no_address: tuple[str, ...]
    kin: tuple[str, ...]
    kin_behind: tuple[str, ...]
    told: tuple[str, ...]
    anybody: tuple[str, ...]
    drug_ends: tuple[str, ...]
    medical: tuple[str, ...]
    medical_latin: frozenset[str]
    never: frozenset[str]
    never_first: frozenset[str]
    never_last: frozenset[str]
    seldom_last: frozenset[str]
    before_people: frozenset[str]
    frames: Frames

    @classmethod
    def read(cls, content: str, place: str, medical: str = "") -> Tables:
        """`medical`: text whose words are of medicine, nobody's name. Raises BadPack."""
        try:
            file = msgspec.convert(tomllib.loads(content), _File)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"{place}: {error}") from None
        return cls(
            surnames=frozenset("".join(file.surnames.split())),
            compound=frozenset((*file.compound, *file.japanese)),
            given=frozenset("".join(file.given.split())),
            given_core=frozenset(file.given.split()[0]) if file.given else frozenset(),
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
            usual=frozenset("".join(file.usual.split())),
            doubtful=frozenset("".join(file.doubtful.split())),
            before_names=_longest(
                [*file.before_names.split(), *(one for one in file.cues.split() if len(one) > 1)]
            ),
            goes_on=_longest(file.goes_on.split()),
            only_people=_longest(file.only_people.split()),
            called=_longest(file.called.split()),
            called_short=file.called_short,
            no_free=_longest(file.no_free.split()),
            parts=_longest([*file.parts.split(), *file.tibetan]),
            variants={ord(pair[0]): pair[1] for pair in file.variants.split()},
            first_names=frozenset(file.first_names.split()),
            last_names=frozenset(file.last_names.split()),
            pinyin_surnames=frozenset(file.pinyin_surnames.split()),
            syllables=_longest(file.syllables.split()),
            familiar_not=frozenset(file.familiar_not.split()),
            festivals=_longest(file.festivals.split()),
            no_employer=_longest(file.no_employer.split()),
            no_address=_longest(file.no_address.split()),
            kin=_longest(file.kin.split()),
            kin_behind=_longest(file.kin_behind.split()),
            told=_longest(file.told.split()),
            anybody=_longest(file.anybody.split()),
            drug_ends=_longest(file.drug_ends.split()),
            medical_latin=frozenset(re.findall("[a-z]{3,}", medical)),
            medical=_longest(re.findall("[一-鿿]{2,}", medical)),
            never=frozenset(file.never.split()),
            never_first=frozenset(file.never_first),
            never_last=frozenset(file.never_last),
            seldom_last=frozenset(file.seldom_last),
            before_people=frozenset(file.before_people),
            frames=file.frames,
        )

    def begins(self, text: str, at: int) -> bool:
        """Whether a name may begin here: at no sign, or behind a word that comes before names."""
        return (
            at == 0 or not "一" <= text[at - 1] <= "鿿" or text.endswith(self.before_names, 0, at)
        )


def _longest(words: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))
