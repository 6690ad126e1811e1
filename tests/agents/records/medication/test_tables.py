"""The tables of medication are whole, and refused if they are not."""

import pytest

from agents.records.errors import BadPack
from agents.records.medication.dosing import Dosing
from agents.records.medication.drugs import Drugs
from agents.records.pack import Pack

PACK = Pack.load()


def test_there_are_enough() -> None:
    assert len(PACK.drugs) >= 1000


@pytest.mark.parametrize(
    ("name", "term", "code"),
    [
        ("拜新同", "硝苯地平", "C08CA05"),
        ("Aspirin", "阿司匹林", "B01AC06"),
        ("倍他乐克", "美托洛尔", "C07AB02"),
        ("来时", "", ""),
        ("诺和锐", "门冬胰岛素", "A10AB05"),
        ("消心痛", "硝酸异山梨酯", "C01DA08"),
        ("速效救心丸", "速效救心丸", ""),
    ],
)
def test_names_lead_to_the_ingredient(name: str, term: str, code: str) -> None:
    found = PACK.drugs.get(name)
    assert (found.name if found else "", found.code if found else "") == (term, code)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("每日三次", "tid"),
        ("3次/日", "tid"),
        ("一天两次", "bid"),
        ("每8小时一次", "q8h"),
        ("q6h", "q6h"),
        ("隔日一次", "qod"),
        ("每周一次", "qw"),
        ("一天一次", "qd"),
        ("每两周", "q2w"),
        ("睡前", "qn"),
        ("three times a day", "tid"),
    ],
)
def test_frequencies(written: str, code: str) -> None:
    assert [one.meaning for one in PACK.dosing.frequencies.find(written)] == [code]


@pytest.mark.parametrize("content", ["阿司匹林", "阿司匹林\tB01AC06", "\tB01AC06\t"])
def test_a_broken_row_is_refused(content: str) -> None:
    with pytest.raises(BadPack, match=r"drugs\.tsv, line 1"):
        Drugs.read(content, PACK.dosing, "drugs.tsv")


@pytest.mark.parametrize("content", ["[x", "", "salts = 1"])
def test_a_broken_table_is_refused(content: str) -> None:
    with pytest.raises(BadPack, match=r"dosing\.toml"):
        Dosing.read(content, "dosing.toml")
