"""Whose a disease is where several people are named, and denials that come late."""

from __future__ import annotations

import pytest

from agents.records.extraction import Extractor
from agents.records.folding import fold
from agents.records.parsed import Note
from schemas.records import Diagnosis, FamilyHistory, Item
from tests.agents.records.reading import rules

# The disease, whose it is by the words of the note, and the note.
RELATIVES = """
慢支|奶奶|奶奶自述有慢支，孩子没有喘息。
强直性脊柱炎|胞兄|强直性脊柱炎系其胞兄所患，录入时误归本例。
心脏病|那口子|心脏病？那是我家那口子。我就一个胃炎。
胃癌|爹|他爹胃癌没的，他自己做了胃镜。
妊娠期糖尿病|母亲|母亲孕期患妊娠期糖尿病，患儿血糖正常。
痛风|我姐夫|我倒还好，我姐夫痛风犯起来走不了路。
乳腺癌|先证者之母|先证者之母乳腺癌，本人尚未患癌。
焦虑症|我|我是她女儿。妈妈睡得不好，我自己有焦虑症。
"""
# The disease that is the patient's though somebody else was named, and the note.
OWN = """
湿疹|室友得了疥疮，我身上也痒，大夫说是湿疹。
高血脂|单位同事去年心梗没了，吓得我也来查，就一个高血脂。
低血压|爷爷奶奶都是高血压，就我没有，我是低血压。
脑膜瘤|弟弟（病人）这回是脑膜瘤。爸妈身体好。
脑梗|我是病人的二女儿。爸爸有脑梗，走路不便。
高血压|老王的爹得过中风，老王自己高血压。
哮喘|他爸过敏性鼻炎，到他这儿成哮喘了。
"""
DENIED = """
甲亢|甲亢？压根没得过，抽了三回血都正常。
癫痫|谁说我有癫痫？没这回事。
慢性肾炎|外院曾写慢性肾炎，后来肾穿证实搞错了。
乳腺癌|说是乳腺癌，虚惊一场。
脂肪肝|脂肪肝这顶帽子早就摘了。
先心病|曾被告知有先心病，复查心超三次，大夫都讲心脏好好的，没这个病。
血管瘤|体检说我肝上长了血管瘤，增强核磁做完没有了。
哮喘|哮喘是小时候别人瞎说的。
糖尿病|上次报告打了个“糖尿病”，我找他们核实，工作人员承认打错了。
多发性骨髓瘤|转入时诊断多发性骨髓瘤，经复核骨髓，上述诊断不能成立。
丙肝|丙肝当年是化验室弄混了标本。
羊癫疯|隔壁张婶说他有羊癫疯，他妈说绝没有。
"""


def rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().splitlines()]


def read(text: str, name: str) -> list[Item]:
    """The diagnoses and the family's of that name."""
    return [
        one
        for one in Extractor(rules()).read(Note(text, "2025-05-12"))
        if isinstance(one, Diagnosis | FamilyHistory) and fold(one.name).endswith(fold(name))
    ]


@pytest.mark.parametrize(("name", "relative", "text"), rows(RELATIVES))
def test_a_relatives_disease_is_not_told_as_the_patients(
    name: str, relative: str, text: str
) -> None:
    found = read(text, name)
    assert [type(one) for one in found] == [FamilyHistory]
    assert relative in [one.relative for one in found if isinstance(one, FamilyHistory)]


@pytest.mark.parametrize(("name", "text"), rows(OWN))
def test_what_is_the_patients_is_not_told_as_a_relatives(name: str, text: str) -> None:
    found = read(text, name)
    assert [type(one) for one in found] == [Diagnosis]
    assert all(one.certainty != "refuted" for one in found if isinstance(one, Diagnosis))


@pytest.mark.parametrize(("name", "text"), rows(DENIED))
def test_a_denial_that_comes_late_is_heard(name: str, text: str) -> None:
    found = read(text, name)
    assert [one.certainty for one in found if isinstance(one, Diagnosis)] == ["refuted"]


def test_who_died_of_a_disease_is_not_the_patient() -> None:
    assert read("村东头老李是肝癌走的，我心里怕。", "肝癌") == []
