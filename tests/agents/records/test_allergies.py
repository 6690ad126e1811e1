"""Substances, reactions, and that none are known."""

import pytest

from agents.records import allergies
from tests.agents.records.reading import pack, parsed

CASES = [
    ("过敏史：青霉素（皮疹）", [("青霉素", "confirmed", "皮疹")]),
    ("青霉素过敏，表现为全身皮疹、呼吸困难", [("青霉素", "confirmed", "全身皮疹、呼吸困难")]),
    ("对青霉素不过敏", [("青霉素", "refuted", "")]),
    ("对磺胺类过敏", [("磺胺类", "confirmed", "")]),
    ("对青霉素、头孢过敏", [("青霉素", "confirmed", ""), ("头孢", "confirmed", "")]),
    ("否认药物、食物过敏史", [("", "refuted", "")]),
    ("无药物过敏史", [("", "refuted", "")]),
    ("过敏史：无", [("", "refuted", "")]),
    ("过敏史：①无 ②有", [("", "refuted", "")]),
    ("过敏史：否认", [("", "refuted", "")]),
    ("无青霉素过敏", [("青霉素", "refuted", "")]),
    ("青霉素过敏史可疑", [("青霉素", "uncertain", "")]),
    ("青霉素皮试阴性", [("青霉素", "refuted", "")]),
    ("头孢曲松皮试阳性", [("头孢曲松", "confirmed", "皮试阳性")]),
    ("用磺胺类后起荨麻疹", [("磺胺类", "confirmed", "荨麻疹")]),
    ("海鲜过敏（荨麻疹）、芒果过敏", [("海鲜", "confirmed", "荨麻疹"), ("芒果", "confirmed", "")]),
    ("过敏性鼻炎10年", []),
    ("母亲对青霉素过敏", []),
    ("allergic to penicillin (rash)", [("penicillin", "confirmed", "rash")]),
    (
        "Allergic to penicillin (rash) and sulfa",
        [("penicillin", "confirmed", "rash"), ("sulfa", "confirmed", "")],
    ),
    ("Allergic to penicillin and metformin was stopped", [("penicillin", "confirmed", "")]),
    ("NKDA", [("", "refuted", "")]),
    ("No known drug allergies.", [("", "refuted", "")]),
    ("Allergies: sulfa - hives", [("sulfa", "confirmed", "hives")]),
    # A bracket answers for its own substance, a clause for the whole list.
    (
        "过敏史：青霉素、头孢（皮试阴性）",
        [("青霉素", "confirmed", ""), ("头孢", "uncertain", "")],
    ),
    (
        "异烟肼、利福平均耐受，别嘌醇过敏",
        [
            ("异烟肼", "refuted", ""),
            ("利福平", "refuted", ""),
            ("别嘌醇", "confirmed", ""),
        ],
    ),
    ("桂圆、红枣均不过敏", [("桂圆", "refuted", ""), ("红枣", "refuted", "")]),
    # What the next substance is not does not take this one back.
    (
        "磺胺过敏（药疹），布洛芬胃痛——不是过敏",
        [("磺胺", "confirmed", "药疹"), ("布洛芬", "refuted", "")],
    ),
    (
        "过敏：阿司匹林√（喘憋） 青霉素× 头孢×",
        [
            ("阿司匹林", "confirmed", "喘憋"),
            ("青霉素", "refuted", ""),
            ("头孢", "refuted", ""),
        ],
    ),
    ("过敏史：青霉素过敏，头孢可用", [("青霉素", "confirmed", ""), ("头孢", "refuted", "")]),
    ("头孢呋辛静滴20分钟后双手痒、面部红", [("头孢呋辛", "confirmed", "双手痒、面部红")]),
    ("服桂枝后唇麻，是否过敏不能确定", [("桂枝", "uncertain", "唇麻")]),
    ("药物不良反应：卡马西平曾致药疹", [("卡马西平", "confirmed", "药疹")]),
    ("乳胶过敏（接触手套起红斑）", [("乳胶", "confirmed", "红斑")]),
    ("周身皮疹，考虑阿莫西林过敏", [("阿莫西林", "uncertain", "周身皮疹")]),
    ("问：过敏呢？\n答：花粉。", [("花粉", "confirmed", "")]),
    ("对紫杉醇过敏没有，从未用过", [("紫杉醇", "refuted", "")]),
    ("过敏史：多西他赛未用过", []),
    ("血压平稳，头晕好转，美托洛尔可耐受", []),
    ("纤维蛋白原低，皮肤过敏待查", []),
]

TOLD = [
    # What is shunned, with a reaction or as a known substance.
    ("她吃不得竹荪，一吃就浑身痒", [("竹荪", "confirmed", "浑身痒")]),
    ("腰果他沾都不能沾", [("腰果", "confirmed", "")]),
    ("家里人都知道他不能吃螃蟹，吃了喘不上气", [("螃蟹", "confirmed", "喘不上气")]),
    ("生冷油腻碰不得，重活也干不得", []),
    ("不能吃太咸的，血压会高", []),
    # What was met and what came of it.
    ("前年挂过一次头孢曲松，针还没拔脸就肿了", [("头孢曲松", "confirmed", "脸就肿了")]),
    ("土蜂叮了以后全身风团", [("土蜂", "confirmed", "全身风团")]),
    (
        "甲硝唑、呋喃唑酮药疹史",
        [("甲硝唑", "confirmed", "药疹"), ("呋喃唑酮", "confirmed", "药疹")],
    ),
    ("口服氯雷他定后皮疹消退", []),
    ("皮疹给予地塞米松静推后风团渐退", []),
    ("服用布洛芬后皮肤红肿缓解", []),
    ("停用阿莫西林后又起皮疹", []),
    # What is sensitive to a substance, and to a test of cultures.
    ("对酒精擦拭敏感，局部起红斑", [("酒精", "confirmed", "红斑")]),
    ("痰培养出肺炎克雷伯菌，对美罗培南敏感", []),
    ("尿培养大肠埃希菌，对头孢他啶敏感，无过敏史", [("", "refuted", "")]),
    (
        "过敏原检测：狗上皮3级、鳕鱼、艾蒿均阴性",
        [
            ("狗上皮", "confirmed", ""),
            ("鳕鱼", "refuted", ""),
            ("艾蒿", "refuted", ""),
        ],
    ),
    ("过敏：磺胺、安乃静", [("磺胺", "confirmed", ""), ("安乃静", "confirmed", "")]),
    # What was thought to be one.
    ("以前说对去痛片过敏，后来自己又吃过好几回，啥事没有", [("去痛片", "refuted", "")]),
    ("土霉素吃了犯恶心，不是过敏", [("土霉素", "refuted", "")]),
    ("用了面膜脸上起疹子，不确定是不是过敏", [("面膜", "uncertain", "脸上起疹子")]),
    # Another's.
    ("她男人喝啤酒会起风团", []),
    ("孩子爸爸吃虾过敏，孩子自己什么都吃，没见过敏", [("", "refuted", "")]),
    ("腕带核对：无过敏标识", []),
    (
        "否认青霉素过敏，对酒精敏感，皮肤起疹",
        [("青霉素", "refuted", ""), ("酒精", "confirmed", "皮肤起疹")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES + TOLD)
def test_allergies(text: str, expected: list[tuple[str, str, str]]) -> None:
    read = allergies.find(parsed(text), pack())
    assert [(one.name, one.certainty, one.reaction) for one in read] == expected
