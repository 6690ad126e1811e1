"""The table of tests is whole, and refused if it is not."""

import pytest

from agents.records.errors import BadPack
from agents.records.pack import Pack
from agents.records.results.catalogue import Analytes

PACK = Pack.load()


def test_there_are_enough() -> None:
    assert len(PACK.tests) >= 250


@pytest.mark.parametrize("name", ["肌酐", "CREA", "ｃｒ", "谷丙转氨酶", "ALT", "HbA1c", "抗-HCV"])
def test_names_are_found_however_written(name: str) -> None:
    assert PACK.tests.named(name)


def test_ranges_lie_within_what_is_possible() -> None:
    for names in ("肌酐", "血钾", "血红蛋白", "ALT", "TSH", "WBC", "PLT", "血糖", "CRP", "INR"):
        for test in PACK.tests.named(names):
            for one in test.ranges:
                assert one.low <= one.high
                assert test.critical[0] <= one.low or one.low == float("-inf")
                assert one.since < one.until


@pytest.mark.parametrize(
    "content",
    [
        "[x",
        "[x]\nunit = 'mg/dL'",
        "[x]\nname = 'x'\nunit = 'no such'",
        "[x]\nname = 'x'\nrange = [1]",
        "[x]\nname = 'x'\nfactors = { nothing = 1.0 }",
        "[x]\nname = 'x'\nranges = [['any', 0, 200, 'low', 'high']]",
        "[x]\nname = 'x'\nshort = 'letters'",
        "[x]\nname = 'x'\nmolar = 'heavy'",
        "[x]\nname = 'x'\nalias = ['misspelt']",
    ],
)
def test_a_broken_table_is_refused(content: str) -> None:
    with pytest.raises(BadPack, match=r"tests\.toml"):
        Analytes.read(content, PACK.tests.units, "tests.toml")
