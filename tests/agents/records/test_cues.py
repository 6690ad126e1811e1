"""Traps of negation, uncertainty, hypothesis, past and other persons."""

import pytest

from agents.records.cues import Cues
from agents.records.errors import BadPack
from agents.records.extraction import Extractor
from agents.records.parsed import Note
from schemas.records import FamilyHistory, Span
from tests.agents.records.reading import marked, pack, parsed

REFUTED = """
否认{高血压}病史
否认高血压、{糖尿病}、冠心病等病史
否认高血压、糖尿病、{冠心病}等病史
否认高血压,糖尿病,{冠心病}病史
既往否认{肝炎}、结核等传染病史
否认肝炎、{结核}等传染病史，有高血压病史10年
否认曾患{肺结核}
否认有{癫痫}病史
否认既往有{心肌梗死}
无{高血压}、糖尿病病史
无高血压、{糖尿病}病史
无高血压，糖尿病，{心脏病}史
无慢性支气管炎、支气管扩张、{肺结核}等慢性呼吸系统疾病病史
既往无{冠心病}史
平素无{哮喘}
未见{骨折}
未见明显{占位}性病变
双肺未见{结节}及实变
未见出血及{梗死}灶
已排除{肺栓塞}
排除{急性心肌梗死}
{肺栓塞}已排除
{肺栓塞}排除
{高血压}、糖尿病均否认
高血压、{糖尿病}均否认
{高血压}，糖尿病，冠心病均无
{糖尿病}：无
{糖尿病}史：无
{糖尿病}(-)
{肺结核}可能排除
不支持{肺炎}
不考虑{肺结核}
目前不考虑{肺结核}
不符合{系统性红斑狼疮}
{结核}依据不足
并非{心绞痛}
没有得过什么大病，也没有{糖尿病}
从无{癫痫}发作
无明确{冠心病}病史
无{脑出血}征象
□{高血压}
未发现明确{转移}
未触及{肿大淋巴结}
不伴{骨折}
denies {diabetes}
no history of {asthma}
no fever, cough or {pneumonia}
{pulmonary embolism} was ruled out
no evidence of {metastasis}
negative for {fracture}
没有高血压，也没有{糖尿病}
否认近期{感染}
否认传染病史（{肝炎}、结核）
否认家族中有{高血压}
否认高血压 {糖尿病} 冠心病
无发热、咳嗽，无{肺炎}
误诊为{肺炎}
未见可疑{结节}
无明显{脑梗死}
否认{药物性肝炎}，糖尿病
未曾患{麻疹}
""".strip().splitlines()

CONFIRMED = """
否认糖尿病病史，{高血压}病史10年
否认冠心病、糖尿病，有{高血压}病史5年
否认糖尿病，但有{高血压}
无糖尿病而有{高血压}
否认肝炎，患{高血压}多年
无发热，{肺炎}较前吸收
并非没有{高血压}
不否认{高血压}
患者无痛人流术后{贫血}
无明显诱因出现{心绞痛}
无痛性{血尿}
三阴性{乳腺癌}
无症状性{菌尿}
不稳定型{心绞痛}
除{高血压}外无其他慢性病
除外伤外，有{高血压}
无转移的{肺癌}
未规律治疗的{高血压}
{高血压}无规律服药
{高血压}控制不佳，否认糖尿病
{肺炎}（否认结核接触史）
（否认外伤史）{骨折}
{右肺结节}（炎性可能）
诊断：{高血压}、冠心病？
{高血压} 冠心病待排
{高血压}，冠心病？
可能与{高血压}有关
如下诊断：{高血压}
例如{高血压}
母亲诉患儿{肺炎}3天
其母代诉：患儿反复{喘息}
女儿陪同来诊，{脑梗死}后遗症
家属述患者有{糖尿病}
父亲有糖尿病，患者{高血压}10年
父母体健，{高血压}5年
未见异常。{脂肪肝}
胸片未见异常 胃镜:{慢性胃炎}
心电图无异常，诊断{冠心病}
非霍奇金{淋巴瘤}
非酒精性{脂肪肝}
血清阴性{脊柱关节病}
尿常规阴性，{高血压}
无吸烟史，仅有{高血压}
不仅有{高血压}，还有糖尿病
无胸痛，查体发现{心房颤动}
{糖尿病}饮食控制
{高血压}病3级 很高危
未手术，{胆囊结石}保守治疗
父亲去世后情绪低落，诊断{抑郁症}
no fever but {pneumonia}
denies diabetes; {hypertension} for 10 years
denies diabetes, has {hypertension}
{hypertension}, no diabetes
无糖尿病 患者{高血压}10年
无高血压病史 确诊{糖尿病}2年
未见骨折，{右肺结节}
血压控制可，无头晕，{糖尿病}10年
否认胸闷，考虑到有{冠心病}，予阿司匹林
无创呼吸机治疗{呼吸衰竭}
{糖尿病}10年，否认低血糖
""".strip().splitlines()

UNCERTAIN = """
{肺结核}待排
{肺结核}？
考虑{肺炎}
考虑为{肺炎}可能
疑似{阑尾炎}
{肺癌}可能
{肺癌}可能性大
{肺癌}不除外
不除外{肺癌}
不能排除{肺栓塞}
尚不能完全除外{结核}，不能排除{肺栓塞}
{冠心病}待查
肺炎可能，{结核}不除外
可疑{骨折}
待排除{心肌梗死}
进一步排除{肺栓塞}
明确有无{转移}
是否存在{糖尿病}
{淋巴瘤}(?)
possible {pneumonia}
suspected {appendicitis}
r/o {myocardial infarction}
{pneumonia} cannot be excluded
无发热，考虑{病毒性肺炎}
倾向于{良性肿瘤}
{肺部感染}可能性不能除外
鉴别{克罗恩病}
否认结核接触史，疑{肺结核}
高度怀疑{卵巢癌}
{甲亢}可能性较大
""".strip().splitlines()

HYPOTHETICAL = """
如出现{脑梗死}症状请及时就诊
若发生{低血糖}立即进食
警惕{消化道出血}
预防{压疮}
避免{感染}
一旦出现{心肌梗死}，拨打120
有{脑卒中}风险
谨防{跌倒}骨折
if {stroke} occurs call
risk of {bleeding}
防止{深静脉血栓}形成
""".strip().splitlines()

FAMILY = [
    ("父亲患{高血压}", "父亲"),
    ("其母有{糖尿病}", "其母"),
    ("父亲患高血压，{糖尿病}", "父亲"),
    ("母亲死于{胃癌}", "母亲"),
    ("有{乳腺癌}家族史", ""),
    ("家族史：{高血压}（父亲）", "父亲"),
    ("家族史：{高血压}", ""),
    ("父亲体健，母亲有{冠心病}", "母亲"),
    ("患者无高血压，其父有{高血压}", "其父"),
    ("姐姐{甲状腺癌}术后", "姐姐"),
    ("爷爷和父亲都有{高血压}", "爷爷和父亲"),
    ("爱人患{乙肝}", "爱人"),
    ("husband has {hepatitis b}", "husband"),
    ("外祖母患{阿尔茨海默病}", "外祖母"),
    ("mother had {breast cancer}", "mother"),
    ("family history of {diabetes}", "family history of"),
]
OTHER = [
    "同班有{支原体感染}患儿",
    "邻床患者为{流感}",
    "同事有{肺结核}",
    "同病房病人突发{室颤}",
    "roommate has {influenza}",
]
PAST = [
    "曾患{肺结核}",
    "{肺结核}已治愈",
    "幼时患{哮喘}",
    "{甲状腺癌}术后",
    "{肺炎}已愈",
    "小时候得过{肾炎}",
]
NOT_REFUTED_FAMILY = ["父亲有{高血压}", "其母患{糖尿病}，父亲体健"]


@pytest.mark.parametrize("text", REFUTED)
def test_refuted(text: str) -> None:
    assert pack().cues.judge(*marked(text)).certainty == "refuted"


@pytest.mark.parametrize("text", CONFIRMED)
def test_confirmed(text: str) -> None:
    said = pack().cues.judge(*marked(text))
    assert (said.certainty, said.family, said.other) == ("confirmed", False, False)


@pytest.mark.parametrize("text", UNCERTAIN)
def test_uncertain(text: str) -> None:
    if text.count("{") > 1:
        text = text.replace("{", "", 1).replace("}", "", 1)
    assert pack().cues.judge(*marked(text)).certainty == "uncertain"


@pytest.mark.parametrize("text", HYPOTHETICAL)
def test_hypothetical(text: str) -> None:
    assert pack().cues.judge(*marked(text)).certainty == "hypothetical"


@pytest.mark.parametrize(("text", "relative"), FAMILY)
def test_family(text: str, relative: str) -> None:
    said = pack().cues.judge(*marked(text))
    assert (said.family, said.relative) == (True, relative)


def test_a_name_may_begin_within_a_word_for_a_person() -> None:
    (one,) = Extractor(pack()).read(Note("她老头高血压不吃药。"))
    assert isinstance(one, FamilyHistory)


@pytest.mark.parametrize("text", NOT_REFUTED_FAMILY)
def test_a_relative_has_it(text: str) -> None:
    assert pack().cues.judge(*marked(text)).certainty == "confirmed"


@pytest.mark.parametrize("text", OTHER)
def test_of_nobody_in_the_family(text: str) -> None:
    said = pack().cues.judge(*marked(text))
    assert said.other
    assert not said.family


@pytest.mark.parametrize("text", PAST)
def test_past(text: str) -> None:
    assert pack().cues.judge(*marked(text)).past


def test_planned_and_undone() -> None:
    cues = pack().cues
    assert cues.judge(*marked("建议行{胃镜}检查")).planned
    assert cues.judge(*marked("择期{胆囊切除术}")).planned
    assert cues.judge(*marked("拒绝{胃镜}检查")).undone
    assert not cues.judge(*marked("2019年行{胆囊切除术}")).planned


@pytest.mark.parametrize("character", ["无", "否认", "父亲", "?", "（", "，", "有", "考虑"])
@pytest.mark.timeout(30)
def test_one_cue_very_often(character: str) -> None:
    text = character * (100_000 // len(character)) + "高血压"
    whole = parsed(text)
    pack().cues.judge(whole, Span(len(text) - 3, len(text)))


@pytest.mark.parametrize("content", ["cue = 3", "[[cue", "turns = ['a']"])
def test_a_table_that_is_none(content: str) -> None:
    with pytest.raises(BadPack, match="here"):
        Cues.read(content, "here")
