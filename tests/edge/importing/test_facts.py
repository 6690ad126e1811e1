import pytest

from edge.importing import facts
from edge.importing.imported import Person
from schemas.records import Sex


@pytest.mark.parametrize(
    ("text", "name", "sex", "birth", "number"),
    [
        ("姓名：王测试 性别：男 年龄：63岁\n住院号：ZY10086", "王测试", "male", "", "ZY10086"),
        ("姓名:欧阳娜娜性别:女出生日期:1990.1.5", "欧阳娜娜", "female", "1990-01-05", ""),
        ("患者：张伟，女，63岁", "张伟", "female", "", ""),
        ("姓　名：阿卜杜拉·买买提，男", "阿卜杜拉·买买提", "male", "", ""),
        ("姓名：𠮷野 出生：1960年", "𠮷野", "unknown", "1960", ""),
        ("Patient Name: John O'Neil  Sex: M  DOB: 1960-05-31\nMRN: 00123",
         "John O'Neil", "male", "1960-05-31", "00123"),
        ("Name: Ann Lee\nDOB: 4 June 1951", "Ann Lee", "unknown", "1951-06-04", ""),
        ("门诊号：M1\n住院号：Z222\n病案号：B333", "", "unknown", "", "B333"),
    ],
)  # fmt: skip
def test_whose(text: str, name: str, sex: Sex, birth: str, number: str) -> None:
    assert facts.person(text) == Person(name, sex, birth, number)


@pytest.mark.parametrize(
    "text",
    [
        "患者：头晕3天",
        "患者：反复头晕，加重1天",
        "联系人姓名：李四",
        "家属姓名：李四",
        "Drug name: Aspirin",
        "姓名：张三\n姓名：李四\n住院号：1234",
        "母亲出生：很早",
    ],
)
def test_nobody(text: str) -> None:
    assert facts.person(text) == Person()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("入院日期：2025年2月20日\n出院日期：2025年3月2日", "2025-03-02"),
        ("就诊时间：2025-03-02 08:30", "2025-03-02"),
        ("报告日期：2025.3", "2025-03"),
        ("Date: 2024/3/5", "2024-03-05"),
        ("Onset date: 2001-01-01", ""),
        ("发病日期：2001-01-01", ""),
        ("出生日期：1960-01-01", ""),
        ("2026年3月1日 门诊病历\n姓名：王", "2026-03-01"),
        ("门诊病历 2026-03-01\n就诊日期：2026-02-28", "2026-02-28"),
        ("就诊日期：2026-13-40", ""),
        ("Visit date: 31 foo 2025", ""),
        ("报告日期：2025.3-2025.5", "2025-03"),
        ("Date: 12 March 2026", "2026-03-12"),
        ("Clinic note, 1st Sept 2025\nName: Ann", "2025-09-01"),
        ("Visit date: May 3, 2025", "2025-05-03"),
        ("Seen in March 2025", ""),
        ("DOB: 4 June 1951", ""),
    ],
)
def test_date(text: str, date: str) -> None:
    assert facts.date(text) == date


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-03-02T08:00:00Z", "2025-03-02"),
        ("20250302", "2025-03-02"),
        ("2025年3月", "2025-03"),
        ("2025", "2025"),
        ("3月2日", ""),
        ("45000", ""),
        ("", ""),
    ],
)
def test_day(written: str, day: str) -> None:
    assert facts.day(written) == day


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("某某市人民医院\n出院小结\n姓名：王", "a.txt", "出院小结"),
        ("门诊病历 就诊时间：2025-03-02 08:30", "", "门诊病历"),
        ("Discharge summary\nName: A", "", "Discharge summary"),
        ("头晕三天。", "随访 3月.txt", "随访 3月"),
        ("头晕三天。\n无发热。", "", "头晕三天。"),
        ("头晕三天。", "\udcb2\udca1\x1b1.txt", "1"),
        ("头晕三天。", "\udcb2\udca1.txt", "头晕三天。"),
    ],
)
def test_title(text: str, name: str, title: str) -> None:
    assert facts.title(text, name) == title


def test_department() -> None:
    assert facts.department("科室：心内科 床号：12") == "心内科"


@pytest.mark.parametrize(
    "piece", ["姓名：", "姓 ", "Name: A", "，", "出院", "2025-", "检验单", "a "]
)
@pytest.mark.timeout(30)
def test_hostile_heads_are_quick(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    facts.person(text)
    facts.date(text)
    facts.department(text)
    facts.title(text, "")
