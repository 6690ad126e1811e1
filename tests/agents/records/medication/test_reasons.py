"""Why medicines are changed, in whole clauses: where reasons stand, and what is none."""

import pytest

from agents.records import medication
from agents.records.medication import reasons
from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed

PACK = Pack.load()


def said(text: str) -> list[str]:
    """Change, before and reason of every medicine."""
    note = Note(text, "2025-08-20", "male", "1970")
    found = medication.find(Parsed(note, PACK.headings.sections(text)), PACK)
    return ["|".join((one.change, one.before, one.reason)) for one in found]


REASONS = [
    # A change at the head of a line holds for each of its medicines.
    ("停用：特拉唑嗪2mg qn（头晕）；艾司唑仑1mg qn（跌倒风险）", ["stop||头晕", "stop||跌倒风险"]),
    ("诉黄视，当日停地高辛。", ["stop||黄视"]),
    ("甲泼尼龙40mg qd，喘息缓解后改泼尼松20mg qd", ["stop||喘息缓解", "switch|甲泼尼龙|喘息缓解"]),
    ("氨氯地平5mg qd血压控制不佳加至10mg", ["increase|5mg|血压控制不佳"]),
    ("艾司奥美拉唑80mg静推后8mg/h维持", ["||"]),
    ("过敏：布洛芬\n术后：对乙酰氨基酚0.5g prn", ["||"]),
    # A clause of its own between the name and the change, and what is told of its course.
    ("氟桂利嗪10mg qn，胖了8斤，停。", ["stop||胖了8斤"]),
    ("沙丁胺醇2.5mg雾化试用一次，无改善，不再用。", ["stop||无改善"]),
    ("阿卡波糖服后腹胀，自行停用。", ["stop||腹胀"]),
    ("普萘洛尔10mg bid因心率52这两天先不吃。", ["hold||心率52"]),
    ("阿司匹林100mg qd 一级预防（皮下瘀斑，停）", ["stop||皮下瘀斑"]),
    ("华法林2.5mg qd，INR 5.2，暂停3天。", ["hold||INR 5.2"]),
    ("氯吡格雷75mg qd，支架满一年，停。", ["stop||支架满一年"]),
    # Between the medicine and the one in its place: of both.
    ("昂丹司琼引起便秘改帕洛诺司琼0.25mg iv。", ["stop||便秘", "switch|昂丹司琼|便秘"]),
    ("氯吡格雷皮疹，已改替格瑞洛90mg bid。", ["stop||皮疹", "switch|氯吡格雷|皮疹"]),
    ("由于咳嗽，将贝那普利换成缬沙坦80mg qd。", ["stop||咳嗽", "switch|贝那普利|咳嗽"]),
    # Behind the change.
    ("二甲双胍 0.5g tid ——停，eGFR 24", ["stop||eGFR 24"]),
    ("德谷胰岛素 14U qn → 10U，昨夜血糖3.1", ["decrease|14U|昨夜血糖3.1"]),
    ("瑞舒伐他汀 10mg qn ——改5mg，因CrCl 26ml/min", ["decrease|10mg|CrCl 26ml/min"]),
    ("艾司西酞普兰由10mg加到15mg qd（早醒）。", ["increase|10mg|早醒"]),
    # Before the name.
    ("eGFR下降→二甲双胍减为0.5g qd", ["decrease||eGFR下降"]),
    ("肌酸激酶高，停阿托伐他汀20mg qn。", ["stop||肌酸激酶高"]),
    ("考虑他汀相关肌痛，停用阿托伐他汀。", ["stop||他汀相关肌痛"]),
    ("因硬膜下血肿不再抗凝，利伐沙班停。", ["stop||硬膜下血肿"]),
    ("双踝浮肿，考虑氨氯地平所致，已将氨氯地平从10mg减至5mg。", ["||", "decrease|10mg|双踝浮肿"]),
    # Not given at all.
    ("昨日因皮试阳性未用头孢哌酮。", ["||皮试阳性"]),
    ("氯化钾缓释片没吃，嫌大。", ["||嫌大"]),
    ("唑来膦酸禁忌(eGFR<35)。", ["||eGFR<35"]),
    ("雷公藤没敢用（还想要二胎）。", ["||还想要二胎"]),
]

NO_REASONS = [
    ("阿司匹林停，今日复查血常规。", ["stop||"]),
    ("阿司匹林停用，皮疹消退。", ["stop||"]),
    ("格列齐特停用，监测血糖。", ["stop||"]),
    ("因肺部感染入院，阿司匹林停3天。", ["stop||"]),
    ("因血栓风险依诺肝素4000IU qd，已停。", ["stop||"]),
    ("因尿路感染口服左氧氟沙星0.5g qd，已停。", ["stop||"]),
    ("因皮疹停头孢曲松，停万古霉素1g。", ["stop||皮疹", "stop||"]),
    ("坦索罗辛吃了三年（前列腺增生），已嘱停2周。", ["stop||"]),
    ("氯硝西泮出院当天就停了。", ["stop||"]),
    ("甘精减至10U qn，血糖＜7不打。", ["decrease||"]),
    ("暂缓胰岛素，血钾>3.3后起始普通胰岛素4U。", ["hold||", "start||"]),
    ("多潘立酮停，恶心用甲氧氯普胺10mg。", ["stop||", "||"]),
]

CHANGES = [
    ("普罗布考 0.5g bid 弃用", ["stop||"]),
    ("呋塞米20mg po qd 照常", ["continue||"]),
    ("阿司匹林延至术后3天。", ["hold||"]),
    ("米非司酮已服3月，今起停。", ["stop||"]),
    ("托吡酯25mg bid，现减成25mg qn", ["decrease|25mg bid|"]),
    ("沙库巴曲缬沙坦先减半，由100mg bid减为50mg bid", ["decrease|100mg bid|"]),
    ("左乙拉西坦0.5g bid系预防用药，从未发作，今起减为0.25g bid", ["decrease|0.5g bid|"]),
    ("左乙拉西坦0.5g bid，今起减为0.25g bid，两周后停", ["decrease|0.5g bid|"]),
    ("舍曲林50mg→150mg qd，因静坐难安停用", ["stop|50mg|静坐难安"]),
    ("氨氯地平由5mg减2.5mg再停", ["stop|5mg|"]),
    ("低分子肝素 4000→3200IU（穿刺点渗血）", ["decrease|4000|穿刺点渗血"]),
    ("促红素 1万U tiw → 1万U qod", ["increase|1万U tiw|"]),
    ("停乙胺丁醇0.75g。", ["stop||"]),
    ("视物模糊停乙胺丁醇就诊。", ["||"]),
    ("勿自行停恩替卡韦。", ["continue||"]),
    ("胰岛素4U泵入降糖，TG不降拟血浆置换", ["||"]),
    ("胺碘酮150mg静推后300mg泵入", ["||"]),
    ("度他雄胺0.5mg qd（注意PSA要翻倍看）", ["||"]),
    ("地高辛0.125mg qd，不吃腌制。", ["||"]),
]


@pytest.mark.parametrize(("text", "expected"), [*REASONS, *NO_REASONS, *CHANGES])
def test_why(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_intolerance_of_one_does_not_refuse_the_next() -> None:
    text = "硝苯地平30mg qd，因头痛不能耐受改为氨氯地平5mg qd。"
    note = Note(text, "2025-08-20", "male", "1970")
    found = list(medication.find(Parsed(note, PACK.headings.sections(text)), PACK))
    assert [one.certainty for one in found] == ["confirmed", "confirmed"]


@pytest.mark.parametrize(
    "stretch", ["", ",", "(", ")", "((，", "因", "，，，", "→", "5", "满", "考虑"]
)
def test_scraps_are_no_reason(stretch: str) -> None:
    read = (reasons.before, reasons.between, reasons.behind, reasons.clause_behind)
    assert [one(stretch) for one in read] == [None] * 4
    assert reasons.ahead(stretch, "所致") is None
    assert reasons.clause_before(stretch) is None
