"""An order stays until it is done, ordered anew or, if it is only to come again, answered."""

import pytest

from agents.records.extraction import Extractor
from agents.records.parsed import Note
from agents.records.summary import summarise
from schemas.records import Document
from tests.support.patients import pack, person

Visit = tuple[str, str, str]
"""Date, department, text."""
SCOPE = ("2025-01-10", "消化科", "诊断：慢性胃炎。建议6个月后复查胃镜。")
CHEST = ("2025-01-10", "呼吸科", "诊断：右肺结节。6个月后复查胸部CT。")
BLOOD = ("2025-01-10", "肾内科", "1个月后复查肌酐、血常规。")
BONE = ("2025-01-10", "骨科", "6周后复查X线。")
VISIT = ("2025-01-10", "心内科", "诊断：高血压病。2周后复诊。")


def orders(*visits: Visit) -> list[str]:
    """What the page says is due, with its day."""
    extractor = Extractor(pack())
    read = [
        (
            Document(f"d{at}", "p1", date, "病历", text, "", department=department),
            extractor.read(Note(text, date, "female", "1960-05-01")),
        )
        for at, (date, department, text) in enumerate(visits)
    ]
    made = summarise(person(), read, pack(), "en").precautions
    return [one.text for one in made if one.detail.startswith("due about")]


@pytest.mark.parametrize(
    ("order", "later"),
    [
        (SCOPE, ("2025-06-10", "眼科", "诊断：白内障。")),
        (SCOPE, ("2025-09-01", "消化科", "诊断：慢性胃炎。")),
        (SCOPE, ("2031-09-01", "消化科", "诊断：慢性胃炎。")),
        (SCOPE, ("2025-07-20", "消化科", "患者拒绝胃镜。")),
        (SCOPE, ("2025-07-20", "消化科", "胃镜未做。")),
        (SCOPE, ("2025-07-20", "消化科", "否认胃镜检查。")),
        (SCOPE, ("2025-07-20", "消化科", "建议复查胃镜。")),
        (SCOPE, ("2025-07-20", "消化科", "胃镜已预约。")),
        (SCOPE, ("2025-07-20", "消化科", "已告知复查胃镜。")),
        (SCOPE, ("2025-09-01", "眼科", "2025年1月胃镜示慢性胃炎。")),
        (SCOPE, ("2025-09-01", "眼科", "8月前胃镜示慢性胃炎。")),
        (SCOPE, ("2025-09-01", "眼科", "既往胃镜示慢性胃炎。")),
        (SCOPE, ("2025-01-20", "消化科", "胃镜病理：慢性炎症。")),
        (CHEST, ("2025-07-20", "外科", "腹部CT：肝囊肿。")),
        (CHEST, ("2025-07-20", "呼吸科", "诊断：右肺结节。")),
        (BLOOD, ("2025-02-10", "肾内科", "肌酐 92μmol/L。")),
        (BLOOD, ("2025-02-10", "肾内科", "诊断：肾功能不全。")),
        (BONE, ("2025-03-10", "呼吸科", "X线：右肺炎。")),
        (VISIT, ("2025-01-24", "眼科", "诊断：白内障。")),
        (VISIT, ("2025-01-13", "心内科", "诊断：高血压病。")),
    ],
)
def test_an_order_that_nothing_answers_stays(order: Visit, later: Visit) -> None:
    assert orders(order, later) == orders(order)


@pytest.mark.parametrize(
    ("order", "later"),
    [
        (SCOPE, ("2025-07-20", "消化科", "复查胃镜：溃疡愈合。")),
        (SCOPE, ("2025-07-20", "消化科", "今日复查胃镜示慢性胃炎。")),
        (SCOPE, ("2025-07-20", "体检中心", "无痛胃镜未见溃疡。")),
        (SCOPE, ("2025-09-01", "眼科", "患者2025年7月5日外院胃镜：慢性胃炎。")),
        (SCOPE, ("2025-07-20", "", "Gastroscopy showed no ulcer.")),
        (CHEST, ("2025-07-20", "呼吸科", "胸部CT：右肺结节同前。")),
        (CHEST, ("2025-07-20", "呼吸科", "CT：右上肺结节。")),
        (BLOOD, ("2025-02-10", "肾内科", "肌酐 92μmol/L，Hb 120g/L。")),
        (BLOOD, ("2025-02-10", "肾内科", "血常规正常，肌酐 92μmol/L。")),
        (BONE, ("2025-03-10", "骨科", "X线：骨折线模糊。")),
        (VISIT, ("2025-01-24", "心血管内科", "诊断：高血压病。")),
        (VISIT, ("2025-06-12", "", "诊断：高血压病。")),
    ],
)
def test_an_order_goes_when_it_is_done(order: Visit, later: Visit) -> None:
    assert len(orders(order)) == 1
    assert orders(order, later) == []


def test_the_newer_order_of_a_check_takes_the_place_of_the_older() -> None:
    assert orders(SCOPE, ("2025-07-20", "消化科", "3个月后复查胃镜。")) == ["3个月后复查胃镜"]
    assert orders(VISIT, ("2025-01-13", "心内科", "1个月后复诊。")) == ["1个月后复诊"]
    both = orders(BLOOD, ("2025-01-13", "肾内科", "2周后复查肌酐。"))
    assert both == ["2周后复查肌酐", "1个月后复查肌酐、血常规"]
    assert len(orders(VISIT, ("2025-01-13", "眼科", "2周后复诊。"))) == 2


def test_an_order_that_sends_elsewhere_is_answered_there() -> None:
    order = ("2025-01-10", "内分泌科", "诊断：2型糖尿病。6个月后眼科复查。")
    assert len(orders(order, ("2025-07-20", "内分泌科", "诊断：2型糖尿病。"))) == 1
    assert orders(order, ("2025-07-20", "眼科", "诊断：白内障。")) == []
