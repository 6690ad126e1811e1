"""Results as notes have them: one line a case, what must be read beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.records import results
from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
from schemas.records import Result, Sex

PACK = Pack.load()


def read(
    text: str, date: str = "2025-08-20", sex: Sex = "male", birth: str = "1970"
) -> list[Result]:
    note = Note(text, date, sex, birth)
    return list(results.find(Parsed(note, PACK.headings.sections(text)), PACK))


def short(found: list[Result]) -> list[tuple[str, float | str | None, str]]:
    """Term, number or words, interpretation."""
    return [
        (one.term, one.value if one.value is not None else one.text, one.interpretation)
        for one in found
    ]


CASES = [
    ("血压一百六十五比九十八", [("收缩压", 165, "H"), ("舒张压", 98, "H")]),
    ("胆红素从168掉到41", [("总胆红素", 168, "H"), ("总胆红素", 41, "H")]),
    ("低磷0.52，低钾饮食", [("血磷", 0.52, "L")]),
    ("普萘洛尔因心率52暂停", [("心率", 52, "L")]),
    ("肌酐 132μmol/L↑", [("肌酐", 132, "H")]),
    # Of both sides, lying and standing, later: one test, several values.
    ("眼压 右14mmHg、左27mmHg", [("眼压", 14, "N"), ("眼压", 27, "H")]),
    ("Hb 79g/L，输红细胞2U后98g/L", [("血红蛋白", 79, "L"), ("血红蛋白", 98, "L")]),
    ("血培养：屎肠球菌", [("血培养", "屎肠球菌", "A")]),
    ("骨髓抑制：PLT 18×10^9/L", [("血小板", 18, "LL")]),
    # Why a medicine was changed, a limit and the name of a disease are no results.
    ("停他汀（转氨酶升高），改依折麦布", []),
    ("丙戊酸钠（肝功异常）换卡马西平", []),
    ("血小板减少性紫癜", []),
    ("心率<50次/分停倍他乐克", []),
    ("IgG4相关性疾病", []),
    ("Cr:132", [("肌酐", 132, "H")]),
    ("血肌酐132umol/L", [("肌酐", 132, "H")]),
    ("肌酐为１３２μｍｏｌ／Ｌ", [("肌酐", 132, "H")]),
    ("肌酐（Cr）：132 μmol/L", [("肌酐", 132, "H")]),
    ("WBC 12.3×10^9/L(3.5-9.5)", [("白细胞", 12.3, "H")]),
    ("WBC 12.3×10⁹/L", [("白细胞", 12.3, "H")]),
    ("WBC12.3*10~9/L", [("白细胞", 12.3, "H")]),
    ("白细胞 2.1*10^9/L↓", [("白细胞", 2.1, "L")]),
    ("白细胞12.3x10E9/L", [("白细胞", 12.3, "H")]),
    ("血钾4.1", [("血钾", 4.1, "N")]),
    ("血钾 6.8mmol/L", [("血钾", 6.8, "HH")]),
    ("K 2.5mmol/L", [("血钾", 2.5, "LL")]),
    ("血钠 126mmol/L", [("血钠", 126, "L")]),
    ("血压168/102mmHg", [("收缩压", 168, "H"), ("舒张压", 102, "H")]),
    ("BP 120/75mmHg", [("收缩压", 120, "N"), ("舒张压", 75, "N")]),
    ("血压 21.3/13.3kPa", [("收缩压", 21.3, "H"), ("舒张压", 13.3, "H")]),
    ("血压波动于150-160/90-100mmHg", [("收缩压", 160, "H"), ("舒张压", 100, "H")]),
    ("HbA1c 8.2%", [("糖化血红蛋白", 8.2, "H")]),
    ("HbA1c 66mmol/mol", [("糖化血红蛋白", 66, "H")]),
    ("尿蛋白(++)", [("尿蛋白", "++", "A")]),
    ("尿蛋白 2+", [("尿蛋白", "2+", "A")]),
    ("尿糖（－）", [("尿糖", "－", "N")]),
    ("HBsAg(+)", [("乙肝表面抗原", "+", "A")]),
    ("HBsAg阴性", [("乙肝表面抗原", "阴性", "N")]),
    ("乙肝表面抗体阳性", [("乙肝表面抗体", "阳性", "N")]),
    ("梅毒抗体阳性", [("梅毒螺旋体抗体", "阳性", "A")]),
    ("RPR 1:32", [("梅毒非特异性抗体", "1:32", "A")]),
    ("ANA 1:320", [("抗核抗体", "1:320", "A")]),
    ("cTnI <0.01ng/mL", [("肌钙蛋白I", 0.01, "N")]),
    ("AFP >1000ng/mL", [("甲胎蛋白", 1000, "H")]),
    ("eGFR >60ml/min", [("肾小球滤过率", 60, "N")]),
    ("TSH <0.005mIU/L↓", [("促甲状腺激素", 0.005, "L")]),
    ("肝功能正常", [("化验", "正常", "N")]),
    ("血常规、尿常规未见异常", [("化验", "未见异常", "N"), ("化验", "未见异常", "N")]),
    ("肌酐由132升至180μmol/L", [("肌酐", 132, "H"), ("肌酐", 180, "H")]),
    ("Hb 112→术后79g/L", [("血红蛋白", 112, "L"), ("血红蛋白", 79, "L")]),
    ("CRP从86降至12mg/L", [("C反应蛋白", 86, "H"), ("C反应蛋白", 12, "H")]),
    (
        "T:36.5℃ P:80次/分 R:20次/分",
        [("体温", 36.5, "N"), ("脉搏", 80, "N"), ("呼吸频率", 20, "N")],
    ),
    ("T36.5 P84 R20", [("体温", 36.5, "N"), ("脉搏", 84, "N"), ("呼吸频率", 20, "N")]),
    ("体温最高39.2℃", [("体温", 39.2, "H")]),
    ("体温37.8~39℃", [("体温", 39, "H")]),
    ("T 102.2℉", [("体温", 102.2, "H")]),
    ("SpO2 88%", [("血氧饱和度", 88, "L")]),
    ("BMI 28.7kg/m2", [("体重指数", 28.7, "H")]),
    ("骨密度T值 -2.8", [("骨密度T值", -2.8, "L")]),
    ("BE -8.2mmol/L", [("剩余碱", -8.2, "L")]),
    ("pH 7.02", [("血pH", 7.02, "LL")]),
    ("肌酐\t132\tμmol/L\t57-97\t↑", [("肌酐", 132, "H")]),
    ("谷丙转氨酶 | 132 | U/L | 9-50 | H", [("丙氨酸氨基转移酶", 132, "H")]),
    ("白蛋白 32.1 g/L 40-55 L", [("白蛋白", 32.1, "L")]),
    ("HbA1c  7.2%  8.6%  4.0-6.0", [("糖化血红蛋白", 7.2, "H"), ("糖化血红蛋白", 8.6, "H")]),
    ("肌酐、尿素氮分别为132μmol/L、19.8mmol/L", [("肌酐", 132, "H"), ("尿素氮", 19.8, "H")]),
    (
        "ALT/AST 120/98U/L",
        [("丙氨酸氨基转移酶", 120, "H"), ("天门冬氨酸氨基转移酶", 98, "H")],
    ),
    (
        "HBsAg、HCV-Ab、HIV-Ab均阴性",
        [("乙肝表面抗原", "阴性", "N"), ("丙肝抗体", "阴性", "N"), ("HIV抗体", "阴性", "N")],
    ),
    ("尿常规：白细胞 15/HP", [("尿白细胞", 15, "H")]),
    ("尿常规：红细胞 3-5/HP", [("尿红细胞", 5, "H")]),
    ("大便隐血（+++）", [("粪便隐血", "+++", "A")]),
    (
        "WBC 12.3 N 85% L 10%",
        [
            ("白细胞", 12.3, "H"),
            ("中性粒细胞百分比", 85, "H"),
            ("淋巴细胞百分比", 10, "L"),
        ],
    ),
    ("INR 1.62（目标2.5-3.5）", [("国际标准化比值", 1.62, "L")]),
    ("转氨酶升高", [("转氨酶", "升高", "H")]),
    ("血培养：大肠埃希菌", [("血培养", "大肠埃希菌", "A")]),
    ("Murphy征阳性", [("体征", "阳性", "A")]),
    ("移动性浊音(-)", [("体征", "-", "N")]),
    ("D-二聚体 2.4mg/L FEU", [("D-二聚体", 2.4, "H")]),
    ("HBV-DNA 2.3×10^5IU/mL", [("乙肝病毒DNA", 230000, "H")]),
    ("PLT 8×10^9/L", [("血小板", 8, "LL")]),
    ("PLT 8万/μL", [("血小板", 8, "L")]),
    ("Hb 9.8g/dL", [("血红蛋白", 9.8, "L")]),
    ("Creatinine 1.8 mg/dL", [("肌酐", 1.8, "H")]),
    ("potassium was 6.5 mmol/L (H)", [("血钾", 6.5, "HH")]),
    ("glucose 250 mg/dL", [("血糖", 250, "H")]),
    ("hemoglobin 9.8 g/dL, WBC 12.5 K/uL", [("血红蛋白", 9.8, "L"), ("白细胞", 12.5, "H")]),
    ("urine protein 2+", [("尿蛋白", "2+", "A")]),
    ("HIV antibody negative", [("HIV抗体", "negative", "N")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:30] for case in CASES])
def test_reads(text: str, expected: list[tuple[str, float | str, str]]) -> None:
    assert short(read(text)) == expected


NOTHING = [
    "168/102mmHg",
    "132μmol/L↑",
    "L1压缩性骨折",
    "T12椎体楔形变",
    "L4/5椎间盘突出",
    "维生素K1 2.5mg po",
    "pT3N1bM0",
    "身高74.0cm(P25)"[11:],
    "目标血压<130/80mmHg",
    "若体温>38.5℃口服布洛芬",
    "建议：血压控制在130/80mmHg以下",
    "血糖降至13.9mmol/L改5%葡萄糖",
    "普通胰岛素 0.1U/kg/h 静脉泵入",
    "乙肝免疫球蛋白100IU im",
    "0.9%氯化钠100ml静滴",
    "发现血压升高5年",
    "呼吸内科3天后复诊",
    "家族史：父亲血压180/100mmHg",
    "HP根除治疗14天",
    "复查肌酐3个月后",
    "血糖2次/日监测"[:2],
    "应口服氯化钾1g tid",
    "",
]


@pytest.mark.parametrize("text", NOTHING)
def test_is_no_result(text: str) -> None:
    assert short(read(text)) == []


def test_a_value_whose_unit_does_not_fit_is_not_judged() -> None:
    found = read("血钾 4.1g/L")
    assert [(one.interpretation, one.normal_value) for one in found] == [("", None)]
    assert [one.interpretation for one in read("血钾 41")] == []


def test_the_printed_range_goes_first_then_the_mark_then_the_table() -> None:
    printed, marked, neither = (
        read(text)[0] for text in ("肌酐 100μmol/L(57-111)↑", "肌酐 60μmol/L↑", "肌酐 100μmol/L")
    )
    assert (printed.interpretation, printed.reference) == ("N", "printed")
    assert (printed.low, printed.high) == (57, 111)
    assert (marked.interpretation, marked.reference) == ("H", "flag")
    assert (neither.interpretation, neither.reference) == ("H", "table")
    assert (neither.low, neither.high) == (57, 97)


@pytest.mark.parametrize(
    ("text", "sex", "birth", "expected"),
    [
        ("肌酐 90μmol/L", "male", "1980", "N"),
        ("肌酐 90μmol/L", "female", "1980", "H"),
        ("肌酐 90μmol/L", "unknown", "1980", "N"),
        ("肌酐 100μmol/L", "male", "1950", "N"),
        ("肌酐 60μmol/L", "male", "2022", "H"),
        ("碱性磷酸酶 300U/L", "male", "2018", "N"),
        ("碱性磷酸酶 300U/L", "male", "1980", "H"),
        ("WBC 12.0×10^9/L", "male", "2024-02", "N"),
        ("Hb 112g/L", "female", "1992", "L"),
        ("孕28周，Hb 112g/L", "female", "1992", "N"),
        ("孕28周，空腹血糖 5.4mmol/L", "female", "1992", "H"),
        ("空腹血糖 5.4mmol/L", "female", "1992", "N"),
    ],
)
def test_ranges_are_of_this_person(text: str, sex: Sex, birth: str, expected: str) -> None:
    assert read(text, sex=sex, birth=birth)[-1].interpretation == expected


def test_a_note_tells_who_it_is_if_nothing_else_does() -> None:
    assert read("患者女，35岁。肌酐 90μmol/L", sex="unknown", birth="")[0].interpretation == "H"
    assert read("患儿男，3岁。碱性磷酸酶 300U/L", sex="unknown", birth="")[0].interpretation == "N"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8月3日查肌酐132μmol/L", ["2025-08-03"]),
        ("12月3日查肌酐132μmol/L", ["2024-12-03"]),
        ("2025-07-01 肌酐132μmol/L。血钾4.1", ["2025-07-01", ""]),
        ("检验日期：2025-03-01\n肌酐132\n血钾4.1", ["2025-03-01", "2025-03-01"]),
        ("2024年5月肌酐98，今查肌酐132μmol/L", ["2024-05", ""]),
        ("肌酐132μmol/L", [""]),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert [one.time for one in read(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "医嘱：1.监测血糖 2.复查血钾 3.控制体重 4.戒烟",
        "医嘱：1）监测血糖 2）复查血钾 3）控制体重 4）戒烟",
        "注意：①监测血糖②复查血钾③控制体重④戒烟",
    ],
)
def test_the_number_of_the_next_point_is_no_value(text: str) -> None:
    assert read(text) == []


def test_a_circled_number_is_no_digit_of_a_value() -> None:
    found = read("①空腹血糖7.8②餐后血糖11.2③心率88")
    assert [one.value for one in found] == [7.8, 11.2, 88.0]


def test_places_are_of_the_text() -> None:
    text = "患者昨日化验：ＷＢＣ　１２．３×10⁹/L，血压168/102mmHg。"
    first, upper, _ = read(text)
    assert text[first.span.start : first.span.end] == "ＷＢＣ　１２．３×10⁹/L"
    assert (first.name, first.unit) == ("ＷＢＣ", "×10⁹/L")
    assert text[upper.span.start : upper.span.end] == "血压168/102mmHg"


@given(
    st.text(
        alphabet="肌酐血压钾WBCTPK 0123456789.-~/()（）↑HL<>+:：，。\n×^μmol/Lgd%由升至",
        max_size=80,
    )
)
def test_every_place_is_inside_the_text(text: str) -> None:
    for one in read(text):
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert one.sentence.start <= one.span.start


@pytest.mark.parametrize(
    "unit",
    ["1", "mg/dL ", "μmol/L", "(", "+", "↑", "肌酐", "/", "1,111", "10^9", "-", "由", "1-", "1 "],
)
@pytest.mark.timeout(30)
def test_hostile_text_takes_no_time(unit: str) -> None:
    text = (unit * 200_000)[:200_000]
    parsed = Parsed(Note(text), ())
    assert list(results.find(parsed, PACK)) == []
