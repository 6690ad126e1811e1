"""Allergies as people tell them: by what came of what they took, in shorthand, in answers."""

import pytest

from agents.records import allergies
from tests.agents.records.reading import pack, parsed

CASES = [
    # Rows of signs.
    (
        "过敏：青(-) 磺(+) 碘(?)",
        [("青", "refuted", ""), ("磺", "confirmed", ""), ("碘", "uncertain", "")],
    ),
    ("药敏：头孢+(疹)、海鲜-", [("头孢", "confirmed", "疹"), ("海鲜", "refuted", "")]),
    ("腕带：青霉素(-)碘(+:面红)", [("青霉素", "refuted", ""), ("碘", "confirmed", "面红")]),
    ("GBS(+)，HBsAg(-)，梅毒(-)", []),
    ("术后予头孢+甲硝唑+奥美拉唑静滴", []),
    # Borne well, where a note tells of allergies.
    (
        "青霉素过敏。狂犬疫苗既往打过，没反应。",
        [("青霉素", "confirmed", ""), ("狂犬疫苗", "refuted", "")],
    ),
    (
        "蓝莓吃了舌麻；核桃、腰果照样吃，没事",
        [("蓝莓", "confirmed", "舌麻"), ("核桃", "refuted", ""), ("腰果", "refuted", "")],
    ),
    ("血压平稳。青霉素过敏。\n美托洛尔照吃。", [("青霉素", "confirmed", "")]),
    # Told in the next sentence, in an answer, or before what is blamed.
    ("青霉素打过没？打过，打完身上起风团。", [("青霉素", "confirmed", "身上起风团")]),
    ("问：青霉素过敏吗？答：不过敏，打过好多次。", [("青霉素", "refuted", "")]),
    ("问：对头孢过敏不？答：嗯，起过疹子。", [("头孢", "confirmed", "起过疹子")]),
    ("一挂上就喘不上来，护士讲是头孢曲松。", [("头孢曲松", "confirmed", "喘不上来")]),
    # What no table knows.
    ("孩子吃了半个蛋挞，嘴巴一圈红疹", [("蛋挞", "confirmed", "嘴巴一圈红疹")]),
    ("打完三个小时出了一身皮疹", []),
    ("吃了感冒药后打了一天球", []),
    # Outgrown, or written wrongly.
    ("小时候对鸡蛋牛奶过敏，现在都能吃了", [("鸡蛋", "refuted", ""), ("牛奶", "refuted", "")]),
    ("以前说头孢过敏，这次皮试阴性，用了没反应", [("头孢", "refuted", "")]),
    ("青霉素过敏系录入错误", [("青霉素", "refuted", "")]),
    # Lists told at length, and what is given beside one.
    (
        "药物过敏分别为：磺胺、氨曲南，每次都是皮疹",
        [("磺胺", "confirmed", "皮疹"), ("氨曲南", "confirmed", "皮疹")],
    ),
    ("过敏史：不详。肺炎，美罗培南1g q8h", []),
    ("芒果过敏，问遍没有药物过敏", [("芒果", "confirmed", ""), ("", "refuted", "")]),
    ("我自己啥都不过敏", [("", "refuted", "")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_allergies_as_people_tell_them(text: str, expected: list[tuple[str, str, str]]) -> None:
    read = sorted(allergies.find(parsed(text), pack()), key=lambda one: one.span)
    assert [(one.name, one.certainty, one.reaction) for one in read] == expected


HINTED = [
    ("naming", "named", ["“花蛤”过敏", "诊断芒果过敏", "过敏源为杨絮", "花生严格回避中("]),
    (
        "shunning",
        "avoided",
        ["他不能碰虾", "海鲜不行", "虾碰都碰不得", "就怕花粉", "沾不得酒", "虾一口都不能吃"],
    ),
    (
        "meeting",
        "asserted",
        [
            "换了洗面奶后", "吃不得虾", "虾吃不得", "花粉高敏", "一吃虾就", "海虾一吃就",
            "不敢吃虾", "碰到漆树,", "被蜂蜇了休克", "对虾敏感", "对虾有反应", "对虾不好",
            "头孢不宜再用",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("hint", "whole", "said"), HINTED)
def test_what_is_soon_looked_for_is_in_all_of_its_kind(
    hint: str, whole: str, said: list[str]
) -> None:
    telling = pack().reactions.telling
    for words in said:
        assert getattr(telling, whole).search(words), words
        assert getattr(telling, hint).search(words), words
