"""Which English words name something."""

import pytest

from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
from tests.agents.records.reading import pack


def names(rules: Pack, text: str) -> list[str]:
    note = Parsed(Note(text, "2025-03-02"), rules.headings.sections(text))
    return [
        text[one.start : one.end]
        for one in rules.lexicon.tokens(note)
        if one.parts & {"disease", "procedure"}
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("has gout and ckd", ["gout", "ckd"]),
        ("bursitis, appendicectomy", ["bursitis", "appendicectomy"]),
        ("the diagnosis and prognosis", []),
        # What is a disease only in a list of diseases.
        ("PMH: HTN, RA, gout", ["HTN", "RA", "gout"]),
        ("Obs: sats 99% RA", []),
        # What means something else in English, and headings.
        ("see PCP, seen by DR Smith, 2 hrs", []),
        ("PE: lungs clear\nLabs: normal", []),
        # The same words stay what they were where Chinese is written.
        ("诊断：gout", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names(pack(), text) == expected
