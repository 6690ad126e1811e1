"""Medication as notes have it: one line a case, what must be read beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.records import medication
from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
from schemas.records import Medication

PACK = Pack.load()


def read(text: str) -> list[Medication]:
    note = Note(text, "2025-08-20", "male", "1970")
    return list(medication.find(Parsed(note, PACK.headings.sections(text)), PACK))


def said(one: Medication) -> str:
    """Term, dose, route and frequency, as far as known."""
    return " ".join(part for part in (one.term, one.dose, one.route, one.frequency) if part)


INTAKES = [
    ("阿司匹林0.1g qd", ["阿司匹林 0.1g qd"]),
    ("拜阿司匹灵 100mg 每日一次 口服", ["阿司匹林 100mg po qd"]),
    ("口服阿司匹林肠溶片100mg每天1次", ["阿司匹林 100mg po qd"]),
    ("ASA 100mg qd", ["阿司匹林 100mg qd"]),
    ("服二甲双胍0.5g tid", ["二甲双胍 0.5g tid"]),
    ("二甲双胍缓释片 1.0g 一天两次", ["二甲双胍 1.0g bid"]),
    ("阿托伐他汀20mg qn", ["阿托伐他汀 20mg qn"]),
    ("阿托伐他汀20mg 睡前服", ["阿托伐他汀 20mg qn"]),
    ("每晚口服阿托伐他汀20mg", ["阿托伐他汀 20mg po qn"]),
    ("硝苯地平控释片30mg每日一次", ["硝苯地平 30mg qd"]),
    ("头孢曲松2g ivgtt q12h", ["头孢曲松 2g iv q12h"]),
    ("头孢曲松2.0g静滴每12小时一次", ["头孢曲松 2.0g iv q12h"]),
    ("亚胺培南0.5g 每8小时静脉滴注", ["亚胺培南西司他丁 0.5g iv q8h"]),
    ("甘精胰岛素 16U 睡前皮下注射", ["甘精胰岛素 16U sc qn"]),
    ("甘精胰岛素 早16U 晚12U 皮下注射", ["甘精胰岛素 早16U 晚12U sc bid"]),
    ("门冬胰岛素 早8U、中10U、晚8U 餐前皮下", ["门冬胰岛素 早8U、中10U、晚8U sc tid"]),
    ("信必可 160/4.5μg 每次1吸 每日2次 吸入", ["布地奈德福莫特罗 1吸 inh bid"]),
    ("布地奈德福莫特罗160/4.5μg 2吸bid", ["布地奈德福莫特罗 2吸 bid"]),
    ("布地奈德1mg雾化bid", ["布地奈德 1mg inh bid"]),
    ("缬沙坦80mgqd", ["缬沙坦 80mg qd"]),
    ("强的松 半片 qod", ["泼尼松 半片 qod"]),
    ("泼尼松5mg隔日一次", ["泼尼松 5mg qod"]),
    ("甲氨蝶呤10mg每周一次", ["甲氨蝶呤 10mg qw"]),
    ("司美格鲁肽0.5mg 皮下 qw", ["司美格鲁肽 0.5mg sc qw"]),
    ("布洛芬0.3g 必要时", ["布洛芬 0.3g prn"]),
    ("硝酸甘油0.5mg舌下含服 prn", ["硝酸甘油 0.5mg sl prn"]),
    ("呋塞米40mg iv st", ["呋塞米 40mg iv st"]),
    ("维生素K1 10mg肌注", ["维生素K1 10mg im"]),
    ("低分子肝素4000IU ih q12h", ["低分子肝素 4000IU sc q12h"]),
    ("阿莫西林胶囊0.25g×24粒 每次2粒 一日三次", ["阿莫西林 2粒 tid"]),
    ("阿莫西林胶囊 0.5g*30粒/盒\n用法：0.5g 口服 tid", ["阿莫西林 0.5g po tid"]),
    ("氨溴索30mg，每日3次，口服", ["氨溴索 30mg po tid"]),
    ("莫匹罗星软膏 外用 bid", ["莫匹罗星 top bid"]),
    ("对乙酰氨基酚栓125mg纳肛", ["对乙酰氨基酚 125mg pr"]),
    ("玻璃酸钠滴眼液 1滴 点眼 qid", ["玻璃酸钠 1滴 oph qid"]),
    ("紫杉醇175mg/m2 ivgtt q3w", ["紫杉醇 175mg/m2 iv q3w"]),
    ("美罗培南20mg/kg q8h", ["美罗培南 20mg/kg q8h"]),
    ("氯化钾缓释片1g po tid", ["氯化钾 1g po tid"]),
    ("0.9%氯化钠100ml+头孢曲松2g ivgtt qd", ["氯化钠 100ml iv qd", "头孢曲松 2g iv qd"]),
    ("速效救心丸10粒 含服", ["速效救心丸 10粒 sl"]),
    ("连花清瘟胶囊4粒 tid", ["连花清瘟 4粒 tid"]),
    ("华法林二点五毫克一天一次", ["华法林 二点五毫克 qd"]),
    ("拜新同（硝苯地平控释片）30mg qd", ["硝苯地平 30mg qd"]),
    ("富马酸比索洛尔片2.5mg qd", ["比索洛尔 2.5mg qd"]),
    ("诺欣妥 50mg bid", ["沙库巴曲缬沙坦 50mg bid"]),
    ("阿司匹林100mg qd、阿托伐他汀20mg qn", ["阿司匹林 100mg qd", "阿托伐他汀 20mg qn"]),
    ("1.阿司匹林100mg qd\n2.美托洛尔25mg bid", ["阿司匹林 100mg qd", "美托洛尔 25mg bid"]),
    ("某某宁胶囊 2粒 tid", ["2粒 tid"]),
    ("Aspirin 81 mg PO daily", ["阿司匹林 81mg po qd"]),
    ("metformin 500 mg by mouth twice daily", ["二甲双胍 500mg po bid"]),
    ("atorvastatin 40 mg at bedtime", ["阿托伐他汀 40mg qn"]),
    ("ceftriaxone 1 g IV q24h", ["头孢曲松 1g iv q24h"]),
    ("insulin glargine 16 units subcutaneously nightly", ["甘精胰岛素 16units sc qn"]),
    ("acetaminophen 650 mg every 6 hours as needed", ["对乙酰氨基酚 650mg q6h"]),
    ("albuterol 2 puffs prn", ["沙丁胺醇 2puffs prn"]),
]


@pytest.mark.parametrize(("text", "expected"), INTAKES, ids=[case[0][:30] for case in INTAKES])
def test_reads(text: str, expected: list[str]) -> None:
    assert [said(one) for one in read(text)] == expected


CHANGES = [
    ("多奈哌齐家属称早已不吃", [("多奈哌齐", "stop", "", "")]),
    ("停用阿司匹林", [("阿司匹林", "stop", "", "")]),
    ("停阿司匹林（黑便）", [("阿司匹林", "stop", "", "黑便")]),
    ("阿司匹林因黑便停用", [("阿司匹林", "stop", "", "黑便")]),
    ("服用氨氯地平5mg qd，1月前自行停药", [("氨氯地平", "stop", "", "")]),
    ("舍曲林50mg qd，3周前自觉好转自行停药", [("舍曲林", "stop", "", "自觉好转")]),
    (
        "因干咳停用依那普利改缬沙坦80mg qd",
        [("依那普利", "stop", "", "干咳"), ("缬沙坦", "switch", "依那普利", "干咳")],
    ),
    (
        "原服依那普利10mg bid，上月因干咳停用，改氯沙坦50mg qd",
        [("依那普利", "stop", "", "干咳"), ("氯沙坦", "switch", "依那普利", "干咳")],
    ),
    (
        "将阿托伐他汀换为瑞舒伐他汀10mg qn",
        [("阿托伐他汀", "stop", "", ""), ("瑞舒伐他汀", "switch", "阿托伐他汀", "")],
    ),
    ("氨氯地平由5mg增至10mg qd", [("氨氯地平", "increase", "5mg", "")]),
    ("美托洛尔25mg bid加量至47.5mg qd", [("美托洛尔", "increase", "25mg bid", "")]),
    ("泼尼松由30mg减至20mg qd", [("泼尼松", "decrease", "30mg", "")]),
    ("泼尼松30mg qd改为20mg qd", [("泼尼松", "decrease", "30mg qd", "")]),
    ("复方α-酮酸由4片tid改为6片tid", [("复方α-酮酸", "increase", "4片 tid", "")]),
    ("甘精胰岛素加量至20U", [("甘精胰岛素", "increase", "", "")]),
    (
        "既往非布司他40mg qd。非布司他增至80mg qd",
        [("非布司他", "", "", ""), ("非布司他", "increase", "40mg", "")],
    ),
    ("加用螺内酯20mg qd", [("螺内酯", "start", "", "")]),
    ("起始司美格鲁肽0.25mg qw", [("司美格鲁肽", "start", "", "")]),
    ("依折麦布10mg qn 新加", [("依折麦布", "start", "", "")]),
    ("继续华法林3mg qd", [("华法林", "continue", "", "")]),
    (
        "恩格列净、替米沙坦继续",
        [("恩格列净", "continue", "", ""), ("替米沙坦", "continue", "", "")],
    ),
    ("不可自行停用替格瑞洛", [("替格瑞洛", "continue", "", "")]),
    ("暂停二甲双胍", [("二甲双胍", "hold", "", "")]),
    ("氯吡格雷暂停（出血风险）", [("氯吡格雷", "hold", "", "出血风险")]),
    ("地高辛0.125mg qd暂停", [("地高辛", "hold", "", "")]),
    ("阿司匹林、氯吡格雷均停用", [("阿司匹林", "stop", "", ""), ("氯吡格雷", "stop", "", "")]),
    ("停用阿司匹林、氯吡格雷", [("阿司匹林", "stop", "", ""), ("氯吡格雷", "stop", "", "")]),
    ("予阿司匹林100mg qd", [("阿司匹林", "", "", "")]),
    ("Lisinopril was stopped due to cough", [("赖诺普利", "stop", "", "cough")]),
    ("started on metoprolol 25 mg bid", [("美托洛尔", "start", "", "")]),
    ("furosemide 20 mg increased to 40 mg daily", [("呋塞米", "increase", "20mg", "")]),
    ("Metformin increased from 500 mg to 1000 mg bid", [("二甲双胍", "increase", "500mg", "")]),
    ("Metformin reduced from 1000 mg to 500 mg bid", [("二甲双胍", "decrease", "1000mg", "")]),
    ("Increase metformin 500 mg to 1000 mg", [("二甲双胍", "increase", "500mg", "")]),
    ("Metformin 500 mg to 1000 mg bid", [("二甲双胍", "", "", "")]),
    ("Stop enalapril due to cough.", [("依那普利", "stop", "", "cough")]),
]


@pytest.mark.parametrize(("text", "expected"), CHANGES, ids=[case[0][:30] for case in CHANGES])
def test_changes(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = [(one.term, one.change, one.before, one.reason) for one in read(text)]
    assert found == expected


CERTAINTIES = [
    ("未服用阿司匹林", "refuted"),
    ("否认服用华法林", "refuted"),
    ("阿司匹林没用过", "refuted"),
    ("硝酸甘油因低血压未予", "refuted"),
    ("吗啡禁用", "refuted"),
    ("不要用布洛芬", "refuted"),
    ("必要时可加用美托洛尔12.5mg bid", "hypothetical"),
    ("拟加用螺内酯", "hypothetical"),
    ("可考虑换用利伐沙班15mg qd", "hypothetical"),
    ("服用阿司匹林", "confirmed"),
    ("无胸痛，服用阿司匹林100mg qd", "confirmed"),
    ("高血压10年，规律服用氨氯地平5mg qd", "confirmed"),
]


@pytest.mark.parametrize(("text", "certainty"), CERTAINTIES)
def test_certainty(text: str, certainty: str) -> None:
    assert [one.certainty for one in read(text)] == [certainty]


def test_what_was_stopped_is_past() -> None:
    assert [one.course for one in read("曾服用格列齐特，现二甲双胍0.5g tid。停用阿卡波糖")] == [
        "past", "active", "past",
    ]  # fmt: skip


NOTHING = [
    "青霉素过敏",
    "对青霉素过敏",
    "对青霉素不过敏",
    "青霉素、头孢过敏",
    "药物过敏史：青霉素、磺胺",
    "过敏史：阿莫西林（皮疹）",
    "Allergies: penicillin (rash)",
    "allergic to penicillin",
    "胰岛素抵抗",
    "地高辛浓度 1.2ng/ml",
    "检查：胰岛素 25 μU/mL。",
    "甘油三酯 250 mg/dL",
    "他克莫司 8.5 ng/mL ↑",
    "卡马西平 8 (ref 4-12 mg/L)",
    "叶酸(ng/mL) 3.2",
    "化验：血红蛋白 110 g/L，胰岛素25，肌酐 80",
    "Lithium 0.8 mEq/L",
    "叶酸 3.2ng/mL",
    "维生素B12 148pg/ml",
    "促甲状腺激素升高",
    "β-CTX 0.89ng/mL",
    "低钾血症",
    "可定期复查",
    "重庆大学附属医院",
    "胸片未见异常",
    "X线片2张",
    "高糖饮食",
    "母亲服用二甲双胍",
    "其父长期口服华法林",
    "血管扩散加权成像",
    "",
]


@pytest.mark.parametrize("text", NOTHING)
def test_is_no_medication(text: str) -> None:
    assert [said(one) for one in read(text)] == []


STRENGTHS = [
    ("左氧氟沙星滴眼液 5mg/mL 1滴 tid", ["左氧氟沙星滴眼液 1滴 tid"]),
    ("甘精胰岛素 100U/mL 16U qn", ["甘精胰岛素 16U qn"]),
    ("肝素 10万U/mL 注射", ["肝素"]),
]


@pytest.mark.parametrize(("text", "expected"), STRENGTHS)
def test_a_strength_is_no_value_and_no_dose(text: str, expected: list[str]) -> None:
    assert [said(one) for one in read(text)] == expected


TIMES = [
    ("2025年5月因消化道出血停用阿司匹林", ["2025-05"]),
    ("2025年5月因消化道出血，停用阿司匹林", ["2025-05"]),
    ("2025年5月停用阿司匹林、氯吡格雷", ["2025-05", "2025-05"]),
    ("服用氨氯地平5mg qd，1月前自行停药", ["2025-07"]),
    ("停用阿司匹林（2025-05）", ["2025-05"]),
    ("Stopped aspirin in May 2025 due to bleeding", ["2025-05"]),
    ("2019年诊断高血压，停用氨氯地平", [""]),
    ("2019年诊断高血压今停用氨氯地平", [""]),
    ("2025-10-10停用氯吡格雷", [""]),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_when_it_was_changed(text: str, expected: list[str]) -> None:
    assert [one.time for one in read(text)] == expected


def test_against_allergy_is_medication() -> None:
    assert [said(one) for one in read("过敏性鼻炎，予抗过敏药氯雷他定10mg qd")] == [
        "氯雷他定 10mg qd"
    ]


def test_places_are_of_the_text() -> None:
    text = "患者口服盐酸二甲双胍缓释片 ０．５ｇ ｔｉｄ。"
    (one,) = read(text)
    assert text[one.span.start : one.span.end] == "盐酸二甲双胍缓释片" == one.name
    assert (one.dose, one.frequency) == ("０．５ｇ", "tid")


@given(
    st.text(
        alphabet="阿司匹林华法停用改加因过敏,，。、;0123456789.mgqdbi tpo早晚U片→()（）\n",
        max_size=80,
    )
)
def test_every_place_is_inside_the_text(text: str) -> None:
    for one in read(text):
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert one.sentence.start <= one.span.start


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "100mg ",
        "停用",
        "因",
        "、",
        "(",
        "过敏",
        "qd",
        "早1 ",
        "药片",
        "0",
        "一",
        "及",
        "每日",
        "无",
    ],
)
@pytest.mark.timeout(30)
def test_hostile_text_takes_no_time(unit: str) -> None:
    text = (unit * 200_000)[:200_000]
    parsed = Parsed(Note(text), ())
    assert list(medication.find(parsed, PACK)) == []


@pytest.mark.parametrize("filler", ["因", "日", "，", "1", "、", "及", "后", " "])
@pytest.mark.timeout(30)
def test_nothing_around_a_medicine_takes_long(filler: str) -> None:
    text = f"阿司匹林{filler * 60}停用华法林{filler * 60}过敏" * 20
    parsed = Parsed(Note(text), ())
    list(medication.find(parsed, PACK))


@pytest.mark.parametrize(
    ("words", "frequency"),
    [("bd", "bid"), ("tds", "tid"), ("qds", "qid"), ("nocte", "qn"), ("when needed", "prn")],
)
def test_frequencies_of_british_notes(words: str, frequency: str) -> None:
    (one,) = read(f"DH: apixaban 5 mg {words}, well")
    assert (one.dose, one.frequency) == ("5mg", frequency)
