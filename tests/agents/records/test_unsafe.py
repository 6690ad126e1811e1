"""Ways of naming a disease that the patient does not have: none may be told as theirs."""

from __future__ import annotations

import pytest

from agents.records.extraction import Extractor
from agents.records.parsed import Note
from schemas.records import Diagnosis
from tests.agents.records.reading import pack, rules

READER, RULES = Extractor(pack()), Extractor(rules())

# The disease, and a sentence that does not say that the patient has it.
NOT_THEIRS = """
肠结核|肠镜活检见肉芽肿，肠结核排除（T-SPOT阴性）
乙肝|乙肝表面抗体阳性，HBsAg阴性，未感染乙肝
高血压|否认高血压、糖尿病、冠心病、脑卒中、慢性支气管炎等慢性病史
脑卒中|否认高血压、糖尿病、冠心病、脑卒中、慢性支气管炎等慢性病史
肺结核|否认肝炎、肺结核、伤寒、疟疾等传染病史
肺结核|既往无高血压、糖尿病、肺结核病史
冠心病|高血压、糖尿病、冠心病均否认
冠心病|高血压、糖尿病、冠心病史均无
糖尿病|既往体健，高血压（-），糖尿病（-）
糖尿病|高血压：无；糖尿病：无
糖尿病|问：有糖尿病吗？答：没有
哮喘|问有无哮喘，答无
癫痫|您有癫痫吗 没有
心衰|没有胸闷气短，心衰应该谈不上
心衰|目前还算不上心衰
糖尿病|血糖偏高，但尚构不成糖尿病
糖尿病|离糖尿病还差一点
痛风|尿酸高，还没到痛风那一步
痛风|不是痛风，脚没肿过
肺炎|胸片没看到肺炎
肺炎|拍片没有肺炎
脑梗死|头颅CT平扫未见脑出血及脑梗死征象
脑膜炎|家长担心脑膜炎，查体颈软
脑膜炎|患儿母亲怕是脑膜炎
脑膜炎|脑膜刺激征阴性，目前无脑膜炎依据
心肌梗死|心电图、肌钙蛋白正常，急性心肌梗死可除外
肺栓塞|CTPA阴性，肺栓塞已排除
肺栓塞|肺栓塞、主动脉夹层均已除外
主动脉夹层|肺栓塞、主动脉夹层均已除外
主动脉夹层|主动脉夹层：CTA未见异常，排除
主动脉夹层|主动脉夹层 CTA阴性 不考虑
阑尾炎|阑尾炎？B超未见阑尾肿大，不支持
系统性红斑狼疮|系统性红斑狼疮依据不足
系统性红斑狼疮|暂无系统性红斑狼疮的证据
多发性骨髓瘤|需排除多发性骨髓瘤
多发性骨髓瘤|行骨穿以除外多发性骨髓瘤
多发性骨髓瘤|多发性骨髓瘤待骨穿明确
甲亢|查甲功排查甲亢
甲亢|完善甲功了解有无甲亢
甲亢|甲亢待甲功回报
肺癌|建议增强CT进一步明确，警惕肺癌
肺癌|与肺癌鉴别
肺癌|需与肺癌、肺结核相鉴别
肺癌|肺癌与肺结核难以区分
肺癌|鉴别诊断：1.肺癌：多见于中老年男性，咳嗽痰血，本例无
肺癌|患者担心自己得了肺癌
肺癌|患者怀疑自己是肺癌
肺癌|上网查说可能是肺癌，很焦虑
深静脉血栓|鼓励下床活动，预防深静脉血栓
深静脉血栓|谨防深静脉血栓
深静脉血栓|卧床期间易并发深静脉血栓、坠积性肺炎
坠积性肺炎|卧床期间易并发深静脉血栓、坠积性肺炎
低血糖|使用胰岛素期间注意低血糖
低血糖|防止低血糖发生
低血糖|如有低血糖立即进食糖果
低血糖|低血糖时口服葡萄糖
骨质疏松|长期激素治疗可致骨质疏松
骨质疏松|长期用激素会引起骨质疏松、股骨头坏死
股骨头坏死|长期用激素会引起骨质疏松、股骨头坏死
脑卒中|血压不控制将来容易得脑卒中
脑卒中|有脑卒中的风险
脑卒中|脑卒中高危
脑卒中|降低脑卒中发生率
喉返神经损伤|术中有喉返神经损伤、甲状旁腺功能减退的可能
甲状旁腺功能减退|术中有喉返神经损伤、甲状旁腺功能减退的可能
多器官功能衰竭|向家属告知可能发展为多器官功能衰竭
呼吸衰竭|病情可能进一步加重为呼吸衰竭
呼吸衰竭|病情危重，随时可出现呼吸衰竭
术后谵妄|告知：术中低血压、肺栓塞、术后谵妄
肺栓塞|告知：术中低血压、肺栓塞、术后谵妄
肺栓塞|已告知家属肺栓塞、心梗等风险，签字为证
尿瘘|知情同意：1、出血 2、感染 3、尿瘘
尿瘘|手术风险包括出血、感染、尿瘘
尿瘘|术后可出现尿瘘、肠瘘
糖尿病|其父患糖尿病
糖尿病|父亲有糖尿病
糖尿病|家族史：父糖尿病，母体健
糖尿病|父母均有糖尿病
糖尿病|岳父有糖尿病
糖尿病|她婆婆有糖尿病，一直是她照顾
糖尿病|老公糖尿病十年了
痛风|他儿子倒是痛风
乙肝|同病房有人是乙肝
乙肝|邻床患者有乙肝
乙肝|室友有乙肝
手足口病|幼儿园老师说最近有手足口病
手足口病|班上好几个小朋友手足口病
流感|同班小朋友有两个得了流感
流感|单位同事最近流感
胰腺炎|朋友本人有胰腺炎史，提醒查淀粉酶
疥疮|室友近期有疥疮，本人夜间不痒
乙肝|供者乙肝，受者乙肝五项阴性
高血压|□高血压 □糖尿病 ☑甲状腺功能减退
高血压|高血压□ 糖尿病□ 冠心病☑
高血压|高血压 ○是 ●否
高血压|[ ]高血压 [x]糖尿病
癫痫|癫痫 有□ 无☑
癫痫|癫痫：□有 ☑无
格林巴利综合征|外院诊为“格林巴利综合征”，我院修正为CIDP
体癣|后又按"体癣"抹特比萘芬，也不见好。真菌镜检(-)，可排除体癣
癫痫|原诊断“癫痫”系误诊
癫痫|癫痫诊断撤销
听力障碍|未构成听力障碍
糖尿病|糖尿病可能性不大
强直性脊柱炎|HLA-B27阴性，骶髂关节正常，不像强直性脊柱炎
强直性脊柱炎|强直性脊柱炎：骶髂关节MRI正常，故不支持
青光眼|无青光眼家族史
糖尿病|糖尿病筛查阴性
糖尿病|妊娠期糖尿病筛查（OGTT）24-28周进行
乳腺癌|每年乳腺癌筛查一次
宫颈癌|宫颈癌筛查：TCT未见上皮内病变
乳腺癌|乳腺癌防治知识讲座
糖尿病|糖尿病健康宣教一次
梅毒|梅毒、HIV均未查
肝炎|肝炎不详
房颤|房颤史不详
心肌炎|心肌炎(±)
青霉素脑病|大剂量使用时有青霉素脑病之虞
哮喘|支气管激发试验阴性，不诊断哮喘
骨髓炎|目前MRI尚不足以诊断骨髓炎
胃溃疡|胃镜前考虑胃溃疡，胃镜未证实
胃癌|胃癌一说已被推翻
胃癌|病理回报良性，胃癌虚惊一场
肝癌|AFP正常，增强CT不是肝癌
肝硬化|若不抗病毒将进展为肝硬化
肝硬化|以免发展成肝硬化、肝癌
消化道出血|阿司匹林有引起消化道出血的风险
消化道出血|如出现消化道出血停药
肾功能不全|肾功能不全者慎用
青光眼|青光眼患者禁用
心功能不全|心功能不全者减量
diabetes|Denies diabetes, hypertension, or asthma
asthma|Denies diabetes, hypertension, or asthma
asthma|No history of diabetes or asthma
stroke|Negative for stroke or TIA
pulmonary embolism|CTPA negative for pulmonary embolism
pulmonary embolism|pulmonary embolism was ruled out
pulmonary embolism|PE unlikely; rule out pulmonary embolism
pneumonia|CXR without pneumonia
pneumonia|No evidence of pneumonia
breast cancer|Mother had breast cancer at 50
breast cancer|Screening for breast cancer is due
stroke|Risks including stroke, bleeding and death were discussed
diabetes|Not diabetic; diabetes excluded
""".strip().splitlines()

# What the patient has, beside what they have not.
THEIRS = """
急性肾炎|否认高血压、糖尿病病史，但10岁时曾患急性肾炎
高血压|既往有高血压病史10年，否认糖尿病
高血压|否认糖尿病，有高血压5年
高血压|并非没有高血压，只是没吃药
高血压|糖尿病没有，高血压倒是有的
高血压|高血压20年，未规律服药
高血压|高血压病史10年，控制不佳
脑梗死|脑梗死后未遗留后遗症
肺结节|CT示右肺上叶肺结节，未见胸腔积液
糖尿病|父亲体健，患者本人糖尿病10年
糖尿病|其母诉患者有糖尿病
胆囊结石|B超：胆囊结石，胆总管未见扩张
肺炎|肺炎诊断明确
脑膜瘤|头MRI提示脑膜瘤，建议手术
甲状腺功能减退|□高血压 □糖尿病 ☑甲状腺功能减退
冠心病|冠心病10年，无心衰
乙肝|乙肝小三阳20年未治疗
哮喘|哮喘十年未发
糖尿病|主因糖尿病10年、血糖控制差入院
房颤|房颤，口服华法林，INR不稳定
心力衰竭|心力衰竭、心功能Ⅲ级，不能平卧
压疮|骶尾部压疮2期
骨折|左股骨颈骨折，拒绝手术
十二指肠溃疡|十二指肠溃疡2016年，已治愈
diabetes|History of diabetes for 10 years, denies asthma
pneumonia|CXR shows right lower lobe pneumonia
""".strip().splitlines()


def read(sentence: str, name: str, reader: Extractor = READER) -> list[str]:
    """How the mentions of a disease were read."""
    items = reader.read(Note(sentence, date="2025-06-01"))
    return [
        one.certainty for one in items if isinstance(one, Diagnosis) and name in one.name.lower()
    ]


@pytest.mark.parametrize("row", NOT_THEIRS)
def test_what_the_patient_has_not_is_not_told_as_theirs(row: str) -> None:
    name, sentence = row.split("|")
    assert "confirmed" not in read(sentence, name)
    assert "confirmed" not in read(sentence, name, RULES)


@pytest.mark.parametrize("row", THEIRS)
def test_what_the_patient_has_is_told(row: str) -> None:
    """By the rules: the second reader may doubt it."""
    name, sentence = row.split("|")
    assert "confirmed" in read(sentence, name, RULES)


@pytest.mark.parametrize("row", THEIRS)
def test_what_the_patient_has_is_not_hidden(row: str) -> None:
    name, sentence = row.split("|")
    assert {"confirmed", "uncertain"} & set(read(sentence, name))
