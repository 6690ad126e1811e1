"""Words that stand around places and numbers; the table `frames` of `redaction.toml`."""

from __future__ import annotations

import re

import msgspec

from agents.records import patterns


class Frames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns with spaces between; of an empty one nothing is found."""

    works: str = ""
    workers: str = ""
    before_workers: str = ""
    work_ends: str = ""
    always_work: str = ""
    work_kinds: str = ""
    school_kinds: str = ""
    trades: str = ""
    subjects: str = ""
    weak_works: str = ""
    no_work: str = ""
    homes: str = ""
    home_signs: str = ""
    stalls: str = ""
    no_home: str = ""
    tails: str = ""
    departments: str = ""
    department_signs: str = ""
    bays: str = ""
    measures: str = ""
    of_beds: str = ""
    clinics: str = ""
    rooms: str = ""
    papers: str = ""
    paper_signs: str = ""
    numbered: str = ""


def any_of(words: str) -> str:
    """A pattern of any of them, the longest first; of none, one that fits nothing."""
    return f"(?:{patterns.any_of(sorted(words.split(), key=lambda word: (-len(word), word)))})"


def any_at(words: str) -> re.Pattern[str]:
    """The same, compiled."""
    return re.compile(any_of(words))
