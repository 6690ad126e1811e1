import pytest

from agents.reviews.human import SEVERITY, needs_human
from schemas.reviews import MAX_EVIDENCE
from tests.agents.reviews.hostile import HOSTILE

NEEDED = {
    "injury": [
        "手被割伤流血了",
        "我摔伤了去医院缝了三针",
        "I cut my finger on the lid",
        "It sent me to the ER",
        "不小心烫伤了手",
    ],
    "allergy": [
        "用完脸上过敏起红疹",
        "眼睛红肿",
        "I got a rash after one use",
        "had an allergic reaction",
    ],
    "poisoning": [
        "吃完上吐下泻",
        "全家食物中毒",
        "We got food poisoning",
        "it made my son violently ill",
    ],
    "fire": [
        "充电时起火了",
        "充电宝鼓包",
        "手机炸了",
        "The charger caught fire",
        "battery exploded in my hand",
        "插座漏电",
    ],
    "child_safety": [
        "孩子把零件吞了下去",
        "宝宝被卡住喉咙",
        "My toddler almost choked on it, choking hazard",
        "pedophiles everywhere",
    ],
    "self_harm": ["我不想活了", "我真想自杀", "i want to kill myself", "suicidal because of this"],
    "threat": [
        "客服打电话威胁我",
        "再不退款我就砍死你",
        "The seller threatened me",
        "i will find you",
    ],
    "legal": [
        "我要起诉你们",
        "已经找律师了",
        "发律师函",
        "My lawyer will contact you",
        "see you in court",
        "class action now",
    ],
    "regulator": [
        "已打12315投诉",
        "向市场监管局举报",
        "我报警了",
        "I filed a complaint with the BBB",
        "going to call the police",
    ],
    "press": ["我要找记者曝光你们", "I will go to the press"],
    "fraud": [
        "被骗了500块",
        "银行卡被盗刷",
        "It is a scam",
        "they stole my money",
        "charged me twice",
    ],
    "data_leak": [
        "我的信息被卖了",
        "泄露个人隐私",
        "huge data breach",
        "my account was hacked",
        "能看到别人的订单",
    ],
    "discrimination": ["店员歧视外地人", "the host was racist"],
    "harassment": ["快递员骚扰我", "hidden camera in the room", "半夜骚扰电话"],
    "contamination": [
        "汤里有蟑螂",
        "吃出一根头发",
        "found a bug in my salad",
        "the bread was moldy",
        "收到就发霉了",
    ],
    "medicine": ["买到假药", "奶粉是假的假奶粉", "the pills are fake", "expired medicine"],
}
INNOCENT = [
    "没有过敏,很好用",
    "用了不会过敏",
    "敏感肌也没有起疹子",
    "no allergic reaction at all",
    "hypoallergenic and soft",
    "没有受伤",
    "酒店离医院很近",
    "内心受伤的故事",
    "it didn't catch fire",
    "never had food poisoning here",
    "价格爆炸好",
    "好吃到爆炸",
    "人气爆炸",
    "紧挨着火车站",
    "颜值爆炸",
    "The playlist is fire",
    "电脑中毒重装了系统",
    "笑得肚子疼",
    "想死你了",
    "笑死我了",
    "跳楼价买的",
    "用电话打了客服",
    "向大堂经理投诉后换了房",
    "315元买的",
    "律师题材的电视剧",
    "相机曝光准确",
    "曝光过度",
    "not a scam, works",
    "I reported it to support",
    "there is a bug in the app",
    "密码12345",
    "编号 abc12315678",
    "killer deal",
    "cutting board is great",
    "burning calories with this",
    "the room was hot",
    "hit the button",
    "sick beat",
    "防霉效果好",
    "优惠券过期了",
    "杀虫剂好用",
    "小心轻放,包装好",
    "孩子很喜欢",
    "baby loves it",
    "见缝插针的广告",
    "大出血价",
    "不含有毒物质",
    "杜绝漏电隐患",
]


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in NEEDED.items() for text in texts]
)
def test_harm_danger_law_and_money_need_a_person(reason: str, text: str) -> None:
    assert f"human.{reason}" in {finding.reason for finding in needs_human(text)}


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_denied_or_only_sounds_so_does_not(text: str) -> None:
    assert needs_human(text) == []


@pytest.mark.parametrize(
    "text", ["怕孩子误食中毒", "如果起火怎么办", "it could have caught fire", "差点烫伤"]
)
def test_what_is_only_feared_is_told_with_little_confidence(text: str) -> None:
    found = needs_human(text)
    assert found
    assert all(finding.confidence < 0.5 for finding in found)


def test_a_denial_ends_with_its_sentence() -> None:
    assert needs_human("没有过敏。但是起火了")[0].reason == "human.fire"
    assert needs_human("No rash, but it caught fire")[0].reason == "human.fire"


def test_the_evidence_is_cut_and_redacted() -> None:
    found = needs_human("起火了,打我电话13800138000," + "真的很可怕" * 50)
    assert "13800138000" not in found[0].evidence
    assert "[phone]" in found[0].evidence
    assert len(found[0].evidence) <= MAX_EVIDENCE


def test_no_account_name_stands_in_the_evidence() -> None:
    for said in ("vx: shop_8899", "一三八零零一三八零零零", "name at gmail dot com"):
        (found,) = needs_human(f"起火了 找我 {said} 谈")
        assert "[" in found.evidence
        assert said not in found.evidence


def test_every_reason_has_a_severity() -> None:
    assert set(SEVERITY) == {f"human.{reason}" for reason in NEEDED}
    assert SEVERITY["human.injury"] == SEVERITY["human.self_harm"] == "critical"
    assert SEVERITY["human.legal"] == "error"


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_read(text: str) -> None:
    for finding in needs_human(text):
        finding.evidence.encode()
