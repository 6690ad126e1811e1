"""Spoken and written by people: answers, denials that sum up, whose it is, corrections, fears."""

from __future__ import annotations

import pytest

from agents.records.extraction import Extractor
from agents.records.folding import fold
from agents.records.parsed import Note
from schemas.records import Diagnosis, Sex
from tests.agents.records.reading import rules

SEXES: dict[str, Sex] = {"u": "unknown", "m": "male", "f": "female"}

# The patient's sex, what is read, the disease, and the note; / ends a line.
# What is read: a certainty of the patient's; family; doubtful: anything but confirmed.
SAID = """
u|refuted|冠心病|高血压、冠心病、脑梗死这些一概没有。
u|refuted|高血压|高血压、冠心病、脑梗死这些一概没有。
u|refuted|高血压|高血压、糖尿病、冠心病，入院后逐条核对过，均不存在。
u|refuted|乙肝|乙肝、丙肝、梅毒，术前四项查下来全是阴性。
u|refuted|肺结核|肺结核、胸膜炎什么的，从小到大没得过。
u|refuted|哮喘|哮喘、荨麻疹，问了两遍，都说没有。
u|refuted|痛风|痛风、肾结石，他自己说从来没犯过。
u|refuted|甲亢|甲亢呢也抽血看过了，没这回事。
u|refuted|癫痫|癫痫、中风，老人和家属都否认。
u|refuted|肝硬化|肝硬化、肝癌，B超做了，都没看到。
u|refuted|糖尿病|高血压、糖尿病、冠心病、脑梗死。以上均否认。
u|refuted|糖尿病|高血压、糖尿病、冠心病、脑梗死，以上疾病均否认。
u|confirmed|高血压|除高血压外，糖尿病、冠心病、脑梗死均无。
u|refuted|糖尿病|除高血压外，糖尿病、冠心病、脑梗死均无。
u|confirmed|高血压|除了高血压，别的病都没有。
u|refuted|冠心病|糖尿病、冠心病，除了有点高血压，其余都没有。
u|confirmed|高血压|高血压十年，糖尿病五年，肝炎、结核都没有。
u|refuted|肝炎|高血压十年，糖尿病五年，肝炎、结核都没有。
u|confirmed|糖尿病|糖尿病，没有规律吃药。
u|confirmed|哮喘|哮喘，查过过敏原，尘螨阳性。
u|confirmed|冠心病|冠心病，去年做过造影，前降支狭窄70%。
u|confirmed|肺炎|肺炎，拍过片，没有胸腔积液。
u|confirmed|胃溃疡|胃溃疡，做过胃镜，没有幽门螺杆菌。
u|refuted|高血压|问：有高血压、糖尿病吗？/答：都没有。
u|refuted|糖尿病|问：有高血压、糖尿病吗？/答：都没有。
u|confirmed|高血压|问：有没有高血压？/答：有，十来年了。
u|confirmed|糖尿病|问：高血压、糖尿病有没有？/答：糖尿病有，别的没有。
u|refuted|高血压|问：高血压、糖尿病有没有？/答：糖尿病有，别的没有。
u|uncertain|哮喘|问：得过哮喘吗？/答：记不清了。
u|uncertain|哮喘|问：小时候得过哮喘没有？/答：不清楚，没听大人讲过。
u|refuted|肝炎|医生：肝炎、结核得过吗？/患者：没有，没得过。
u|refuted|结核|医生：肝炎、结核得过吗？/患者：没有，没得过。
u|refuted|心脏病|护士：心脏病呢？/患者：没。
u|confirmed|心脏病|护士：心脏病呢？/患者：有的，装过支架。
u|refuted|脑梗|医生：以前中风过没有，脑梗？/家属：没有没有。
u|refuted|糖尿病|甲：糖尿病有吗？/乙：否认。
u|refuted|癫痫|问：抽过风没有，有没有癫痫？答：从来没有过。
u|confirmed|癫痫|问：有没有癫痫？答：有，吃着丙戊酸钠。
u|confirmed|高血压|问：高血压几年了？/答：八年。
u|confirmed|高血压|问：高血压的药吃了没有？/答：没有，忘了。
u|doubtful|青光眼|问：青光眼有没有？/答：我妈有，我没有。
u|doubtful|青光眼|问：青光眼有没有？/答：那是我妈。
u|refuted|房颤|主任：房颤有没有？/住院医：心电图做了两次，都是窦律，没有。
u|refuted|高血压|医生：高血压？/患者：没有。医生：糖尿病？/患者：也没有。
f|confirmed|高血压|我母亲高血压十多年了。我是她女儿，代她写这封信。
f|family|糖尿病|大夫好，我替我母亲写信，她姐姐有糖尿病。
f|confirmed|冠心病|大夫好，我替我母亲写信。母亲有冠心病，前年放过支架。
m|confirmed|高血压|我是病人的儿子。我父亲有高血压。
m|family|高血压|我是病人的儿子。我母亲有高血压。
m|confirmed|痛风|陪我爸来看脚，他痛风五六年了。
m|family|肝癌|陪我爸来看脚，他弟弟是肝癌走的。
m|family|肝癌|肝癌是我叔叔得的，不是我爸。
f|family|乳腺癌|乳腺癌的是她姨妈，不是她本人。
f|family|乳腺癌|得乳腺癌的是她大姨。
u|family|高血压|高血压是我爸的毛病，我没有。
u|family|癫痫|癫痫那是他哥，跟他没关系。
u|doubtful|肺结核|跟我一个宿舍的同学得了肺结核，我去查了没事。
u|doubtful|心梗|隔壁床大爷昨晚心梗走了，她吓得一夜没睡。
u|doubtful|肝炎|他说单位食堂有个同事查出肝炎。
u|doubtful|带状疱疹|邻居说她自己得过带状疱疹，疼了半年。
u|doubtful|手足口病|幼儿园同班有三个孩子得了手足口病。
u|family|鼻炎|妈妈说她自己有鼻炎，孩子没有。
m|confirmed|哮喘|妻子：他哮喘二十年了，一直用喷雾。/医生：现在用什么？
m|family|哮喘|妻子：我有哮喘，他没有。/医生：那他呢？
m|confirmed|脑梗死|女儿：我爸脑梗死三年了。/医生：现在走路怎样？
m|doubtful|糖尿病|工友：我有糖尿病，他没有。/医生：那他呢？
u|doubtful|肺癌|原来写的肺癌更正为肺结核。
u|confirmed|肺结核|原来写的肺癌更正为肺结核。
u|doubtful|糖尿病|首页写的糖尿病是登记错了，已经划掉。
u|doubtful|冠心病|上次诊断的冠心病这次造影看了，血管是好的，不成立。
u|doubtful|高血压|病历里那个高血压是抄别人的，请删掉。
u|doubtful|肾结石|肾结石写错了，是胆结石。
u|doubtful|胆囊炎|不是胆囊炎，而是胆囊息肉。
u|confirmed|胆囊息肉|不是胆囊炎，而是胆囊息肉。
u|doubtful|阑尾炎|开始按阑尾炎收的，后来推翻了。
u|doubtful|肺栓塞|怀疑过肺栓塞，CTPA做完排除了。
u|doubtful|甲癌|怕是甲状腺癌，穿刺回来是良性的。
u|doubtful|甲状腺癌|怕是甲状腺癌，穿刺回来是良性的。
u|doubtful|脑出血|一家人就怕是脑出血，CT做了，没事。
u|doubtful|褥疮|要勤翻身，不然会长褥疮。
u|doubtful|糖尿病足|袜子别穿太紧，免得弄出糖尿病足来。
u|doubtful|中风|血压再不管，迟早要中风。
u|doubtful|肝硬化|医生说再喝下去就要肝硬化了。
u|doubtful|肺炎|呛咳多了容易得肺炎，喂慢点。
u|doubtful|骨质疏松|激素吃久了会骨质疏松，所以补钙。
u|doubtful|肠癌|她问会不会是肠癌，我说做了肠镜再看。
u|doubtful|乳腺癌|她担心自己得乳腺癌，其实只是增生。
u|doubtful|白内障|医生说还不是白内障，就是老花。
u|refuted|房颤|心电图看了，房颤没有。
u|refuted|贫血|血常规正常，贫血不存在。
u|refuted|甲减|甲功复查正常，甲减可以不考虑了。
u|refuted|diabetes|Q: Any diabetes or asthma? A: No.
u|refuted|asthma|Doctor: Do you have asthma?/Patient: No, never.
u|confirmed|asthma|Doctor: Do you have asthma?/Patient: Yes, since childhood.
u|refuted|hypertension|Hypertension, diabetes, stroke: none of these.
u|refuted|diabetes|Diabetes, asthma, epilepsy, all denied.
u|doubtful|diabetes|It is her sister who has diabetes, not the patient.
u|doubtful|tuberculosis|Her roommate was treated for tuberculosis last year.
u|doubtful|pneumonia|Initially thought to be pneumonia, later ruled out.
u|doubtful|stroke|She worries that she might get a stroke.
u|refuted|高血压|高血压、糖尿病、脂肪肝，年年体检，没查出过。
u|refuted|肺结核|肺结核、肝炎，他拍着胸脯说都没有。
u|refuted|冠心病|冠心病、房颤，心内科会诊后认为都不成立。
u|refuted|子宫肌瘤|子宫肌瘤、卵巢囊肿，上个月妇科B超做过，什么也没长。
u|refuted|脑梗死|脑梗死、脑出血，头颅磁共振仔细看了，一处也没有。
u|refuted|青光眼|青光眼、黄斑变性，眼科大夫查完说没有。
u|refuted|心衰|心衰这一条，心超EF正常，可以去掉。
u|refuted|糖尿病|糖尿病嘛，血糖年年正常，谈不上。
u|refuted|胰腺炎|胰腺炎、胆管炎，淀粉酶和CT都做了，排除。
u|refuted|肝炎|乙肝、肝炎、艾滋病、梅毒，统统阴性。
u|refuted|脑膜炎|脑膜炎，腰穿做了，脑脊液干干净净，不是。
u|refuted|尿路感染|尿路感染，尿检两次，都没提示。
u|confirmed|哮喘|哮喘，没住过院。
u|confirmed|高血压|高血压，一直没吃药。
u|confirmed|胃炎|胃炎，胃镜查过，吃了药好多了。
u|confirmed|肺结节|肺结节，复查两次，没有变大。
u|confirmed|甲状腺结节|甲状腺结节，查过，没有问题大夫说观察。
u|confirmed|冠心病|冠心病、高血压，否认糖尿病。
u|confirmed|高血压|冠心病、高血压，没有糖尿病。
u|confirmed|糖尿病|糖尿病十二年，并发症一个都没有。
u|confirmed|白内障|白内障，右眼做了手术，左眼没做。
u|confirmed|痛风|痛风又犯了，没有发烧。
u|refuted|哮喘|问：既往哮喘史？答：否认。
u|refuted|药物性肝炎|问：有没有得过药物性肝炎？/答：没听说过，应该没有。
u|confirmed|甲亢|问：甲亢还在吃药吗？/答：在吃，他巴唑一天一片。
u|confirmed|胃溃疡|问：以前胃有什么毛病？/答：胃溃疡，五年前查的。
u|refuted|肝炎|护士：心脏病、肝炎、结核，这些都没有吧？/患者：没有。
u|confirmed|高血压|护士：高血压还是没有？/患者：高血压有的，糖尿病没有。
u|refuted|糖尿病|护士：高血压、糖尿病？/患者：高血压有的，糖尿病没有。
u|uncertain|癫痫|医生：他有没有癫痫？/家属：这个我说不准。
u|refuted|中风|大夫问我得没得过中风，我说没有。
u|refuted|乙肝|问及乙肝、肺结核，均答无。
u|refuted|糖尿病|您有糖尿病吗？没有。
u|refuted|脑卒中|有没有脑卒中、冠心病？都没有。
m|confirmed|胃癌|您好，我是患者的女婿。岳父去年查出胃癌，做了手术。
m|family|胃癌|您好，我是患者的妻子。我公公是胃癌走的。
m|confirmed|糖尿病|老伴代诉：他糖尿病十五年。
f|confirmed|骨质疏松|我奶奶今年八十，骨质疏松好多年了，我替奶奶来问问。
f|family|骨质疏松|替我妈来问，我外婆骨质疏松，我妈会不会也有？
m|doubtful|老年痴呆|给我爸开的药快用完了，我二伯老年痴呆，我爸记性还行。
u|family|肝癌|他爷爷和他爸爸都是肝癌。
u|family|高血压|患者的母亲有高血压，父亲没有。
u|family|抑郁症|抑郁症是孩子妈妈。
u|family|地中海贫血|地中海贫血，是我老公带的，我不带。
u|doubtful|精神分裂症|精神分裂症的那位是3楼的病人，不是他。
u|doubtful|新冠肺炎|她同桌上周得了新冠肺炎，她抗原阴性。
u|doubtful|麻疹|小区里有孩子出麻疹。
u|doubtful|肺癌|我师傅就是肺癌死的，我怕得很。
u|doubtful|胃癌|网上说这是胃癌，我睡不着。
u|doubtful|糖尿病|前床那个糖尿病的出院了。
u|doubtful|直肠癌|病友群里好几个直肠癌的。
u|doubtful|高血压|高血压一栏是护士点错了，实际没有。
u|doubtful|慢性肾炎|转诊单上的慢性肾炎系误填，本院查尿两次正常。
u|doubtful|糖尿病|既往史里的“糖尿病”应删除，为他人信息。
u|doubtful|支气管哮喘|原诊断支气管哮喘，后修正为心源性哮喘。
u|doubtful|风湿性关节炎|当地诊断风湿性关节炎，我院复核后不支持。
u|doubtful|肺结核|曾按肺结核治了两个月，后来证实是肺癌。
u|doubtful|冠心病|外院戴了冠心病的帽子，造影血管光滑，帽子摘了。
u|doubtful|阑尾炎|说是阑尾炎，开进去一看不是。
u|doubtful|胃癌|病理回来了，不是胃癌，是溃疡。
u|doubtful|宫颈癌|宫颈癌筛查没问题。
u|doubtful|肝癌|怕他将来变肝癌，半年查一次B超。
u|doubtful|血栓|长途坐车记得活动，别坐出血栓来。
u|doubtful|静脉血栓|长途坐车记得活动，别坐出静脉血栓来。
u|doubtful|低血糖|空腹跑步会低血糖的。
u|doubtful|尿毒症|再不忌口，拖下去就是尿毒症。
u|doubtful|心梗|胸口再压着疼，要想到心梗，马上打120。
u|doubtful|肺炎|老人卧床久了怕得肺炎，要拍背。
u|doubtful|痴呆|女儿问这是不是痴呆的开头，我讲还看不出来。
u|doubtful|糖尿病|家里人都担心他得糖尿病。
u|refuted|肺炎|片子看了，肺炎没有，就是支气管炎。
u|confirmed|支气管炎|片子看了，肺炎没有，就是支气管炎。
u|doubtful|epilepsy|His brother has epilepsy; he does not.
u|refuted|epilepsy|Epilepsy, stroke and migraine were all excluded.
u|refuted|stroke|Nurse: Ever had a stroke or heart attack?/Patient: No.
u|confirmed|diabetes|Nurse: Diabetes?/Patient: Yes, type 2.
u|doubtful|depression|My mother suffers from depression, I don't.
u|doubtful|lupus|Lupus was considered but ruled out.
u|doubtful|pneumonia|If untreated it may turn into pneumonia.
u|refuted|糖尿病|冠心病、糖尿病、慢阻肺，老爷子一样也没沾过。
u|refuted|肺气肿|肺气肿、肺大疱，CT报告上没有写。
u|refuted|肝血管瘤|肝血管瘤、肝囊肿，超声大夫说都没瞧见。
u|refuted|哮喘|哮喘史、手术史、外伤史，均予否认。
u|refuted|胃癌|胃癌的事排除了，病理只是炎症。
u|refuted|白血病|白血病呢，骨髓看过，没有的事。
u|refuted|房颤|动态心电图回报：房颤未捕捉到。
u|refuted|高血脂|高血脂、脂肪肝，这些富贵病我一个也不占。
u|refuted|糖尿病|你说的糖尿病、甲亢，我化验单上哪样都正常，都没有。
u|refuted|肺结核|医生问：得过肺结核没？我答：没。
u|refuted|高血压|医问高血压、糖尿病病史，患者摇头。
u|refuted|肾炎|大夫：有没有肾炎？肾结石？患者：都没查出来过。
u|confirmed|肾结石|大夫：有没有肾炎？肾结石？患者：肾结石有，2018年碎过。
u|confirmed|糖尿病|大夫：糖尿病是哪一年查出来的？患者：二零一五年。
u|confirmed|高血压|护士：血压高吧？患者：高血压有二十年了。
u|refuted|脑梗|护士：脑梗、心梗得过没有啊？家属：没得过，没得过。
u|confirmed|哮喘|护士：哮喘呢？患者：小时候有，现在不犯了。
u|uncertain|肝炎|护士：肝炎呢？患者：好像有过，不太确定。
m|confirmed|帕金森病|我是老人家的闺女，我爸帕金森病七年了。
m|family|帕金森病|我是老人家的闺女，我爸身体还行，我姑姑是帕金森病。
f|confirmed|类风湿关节炎|受我爱人委托写这封信：我爱人类风湿关节炎八年。
f|confirmed|乳腺癌|给我老婆问诊：她去年查出乳腺癌，已手术。
f|family|乳腺癌|给我老婆问诊：她妈妈五十岁得的乳腺癌。
m|confirmed|肺癌|我爸住在你们科32床，是肺癌。
u|family|胃癌|外公胃癌，外婆还健在。
u|family|红斑狼疮|红斑狼疮是她双胞胎姐姐，抽血那天弄混了。
u|doubtful|肝癌|一个老乡肝癌走了以后他就特别怕。
u|doubtful|梅毒|跟她合租的女孩查出梅毒。
u|doubtful|流感|班里一半孩子得了流感。
u|doubtful|脑梗|上一个病人是脑梗，这个不是。
u|doubtful|心梗|电视里那个演员心梗没了，他看了害怕。
u|doubtful|结核|跟车的司机有结核，公司让都来查。
u|doubtful|糖尿病|入院单上的糖尿病请划去，那是实习生点错了模板。
u|doubtful|冠心病|冠心病的诊断已经撤了。
u|doubtful|甲亢|不是甲亢复发，是吃药吃多了。
u|doubtful|过敏性紫癜|先前考虑的过敏性紫癜，皮肤科看过以后否了。
u|doubtful|胆结石|说有胆结石，其实是息肉。
u|doubtful|肺炎|上次当肺炎治，最后发现是心衰。
u|doubtful|干燥综合征|查了唇腺活检，够不上干燥综合征。
u|doubtful|脑瘤|头痛怕是脑瘤，做了核磁放心了。
u|doubtful|肝硬化|酒再这么喝，肝硬化是早晚的事。
u|doubtful|肾衰|她最怕的就是走到肾衰那一步。
u|doubtful|卒中|戒烟能少得卒中。
u|doubtful|糖尿病|他妹妹问会不会遗传糖尿病。
u|doubtful|坠积性肺炎|多翻身拍背，防着坠积性肺炎。
u|doubtful|流产|她一直担心流产。
u|doubtful|抑郁症|他爱人觉得他有抑郁症，量表做下来没有。
u|doubtful|老年痴呆|邻居都说他老年痴呆了，其实是耳背。
u|confirmed|高血压|高血压这个病跟了我三十年。
u|confirmed|胃溃疡|胃溃疡，镜下看得清清楚楚。
u|confirmed|前列腺增生|前列腺增生，夜尿三次，没有血尿。
u|confirmed|脑梗死|脑梗死后遗症，右手没力。脑梗死是2019年的事。
u|confirmed|贫血|贫血，查了三次，都没查出原因。
u|confirmed|慢阻肺|慢阻肺，查过肺功能，没有哮喘成分。
u|confirmed|2型糖尿病|2型糖尿病，做过眼底，没有视网膜病变。
u|confirmed|胆囊结石|胆囊结石，医生看过说不用开刀。
u|confirmed|膝关节骨关节炎|膝关节骨关节炎，拍过片子，骨折没有。
u|confirmed|荨麻疹|荨麻疹反复发作，过敏原查过，没查到。
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_what_people_say(line: str) -> None:
    sex, expected, name, text = line.split("|")
    assert expected in read(SEXES[sex], name, text.replace("/", "\n"))


def read(sex: Sex, name: str, text: str) -> set[str]:
    """What is said of a disease: of each mention, or of the only one there is."""
    items = [
        item
        for item in Extractor(rules()).read(Note(text, "2025-03-02", sex))
        if item.__struct_config__.tag in ("diagnosis", "family") and fold(item.name).endswith(name)
    ]
    said = {one.certainty if isinstance(one, Diagnosis) else "family" for one in items}
    if "confirmed" in said:
        return {"confirmed"}
    return said | {"doubtful"} if "family" in said or len(said) != 1 else {*said, "doubtful"}


def test_a_bare_denial_reaches_only_what_is_counted() -> None:
    text = "写了多动障碍，抽动障碍、孤独症两样筛过都没有。"
    assert read("male", "孤独症", text) >= {"refuted"}


@pytest.mark.parametrize(
    "piece", ["的", "都", "没有", "一个", "，", "？", " ", "问：", "是我", "他"]
)
@pytest.mark.timeout(30)
def test_one_piece_very_often(piece: str) -> None:
    Extractor(rules()).read(
        Note("高血压" + piece * (20_000 // len(piece)) + "高血压", "2025-03-02")
    )
