"""Wards and beds as those on duty write them."""

from __future__ import annotations

import pytest

from tests.support.redaction import gone_and_kept, removed

GONE = [
    ("内二5夜里发热", "内二5"),
    ("走廊加3家属反映滴得慢", "走廊加3"),
    ("外科12楼东26今晨排气", "外科12楼东26"),
    ("住在北楼九层靠窗那张", "北楼九层靠窗那张"),
    ("刚从心三转下来的", "心三"),
    ("NICU8体重1.62", "NICU8"),
    ("EICU-6呼吸机报警", "EICU-6"),
    ("十九床的药摆错了", "十九床"),
    ("护士站叫B区11去做B超", "B区11"),
    ("由老年二病区17转呼吸ICU 3，带入压疮", "呼吸ICU 3"),
    ("1506的2床要陪床椅", "1506的2床"),
    ("透析室9号机首次透析", "透析室9号机"),
    ("请移至东七12：核对腕带", "东七12"),
    ("急诊抢救二那个", "急诊抢救二"),
    ("6A-15要求转科", "6A-15"),
    ("3床禁食，17已出院", "17"),
]
KEPT = [
    "ICU 3天后转出，监护2小时无异常，留观30分钟",
    "隔离14天，抢救2次成功",
    "内科保守，外科2级护理，三级改二级",
    "一床被子两个枕头，每床一个呼叫器",
    "肿瘤二线治疗，骨一处转移",
    "血压130，80次每分",
]

test_gone, test_kept = gone_and_kept(GONE, KEPT)


@pytest.mark.parametrize("text", ["复查，17已出院不送", "剂量改到27，继续观察"])
def test_a_number_alone_is_no_bed_where_none_is_told_of(text: str) -> None:
    assert removed(text) == []
