"""What a text says about itself: whose it is, of when, what it is called."""

from __future__ import annotations

import re
import unicodedata

from edge.importing import visits
from edge.importing.imported import Person
from edge.importing.months import numbered
from edge.importing.texts import line
from schemas.records import DateText, Sex, is_date

_HEAD = 4000
"""Characters at the beginning that name the patient and the visit."""
_COLON = r"[ \t　]{0,4}[:：][ \t　]{0,8}"
_START = r"(?<![\w一-鿿])"
# English labels are whole: "drug name" and "onset date" are other things.
_LABEL = r"(?:(?<=[\n,，;；|\t])|^|(?<=  ))[ \t　]{0,8}"
_IDEOGRAPHS = r"[一-鿿\u3400-\u4dbf\U00020000-\U0003ffff·]"
_NAME_ENDS = (
    r"(?=[\s,，、;；。|/()（）\d]|$|性\s*别|年\s*龄|出生|科[室别]|床号|住院|门诊|病[历案]|民族|婚姻|职业"
    r"|电话|联系|[男女])"
)
_NAMES = (
    re.compile(
        rf"{_START}(?:患者姓名|病人姓名|姓\s{{0,4}}名){_COLON}({_IDEOGRAPHS}{{2,15}}?){_NAME_ENDS}"
    ),
    re.compile(rf"{_START}患\s{{0,2}}者{_COLON}({_IDEOGRAPHS}{{2,4}})[,，\s]{{1,3}}(?=[男女])"),
    re.compile(
        rf"{_LABEL}(?:患者姓名|姓\s{{0,4}}名|patient name|patient|name){_COLON}"
        r"([A-Z][A-Za-z'’.-]*(?:,? [A-Z][A-Za-z'’.-]*){0,3})",
        re.I,
    ),
)
_SEX = re.compile(
    rf"(?:性\s{{0,4}}别|{_START}(?:sex|gender)){_COLON}(男|女|male|female|m\b|f\b)", re.I
)
_NEXT = re.compile(r"[,，\s]{0,3}([男女])(?![一-鿿])")
_SEXES: dict[str, Sex] = {"男": "male", "m": "male", "male": "male", "女": "female",
                          "f": "female", "female": "female"}  # fmt: skip
_MONTH, _MONTHDAY = r"(0?[1-9]|1[0-2])", r"(3[01]|[12]\d|0?[1-9])"
_END = r"(?!\d|[-/.]\d\d?(?!\d))"
"""No more of a date follows: 2026-13-40 is not the year 2026."""
_DAY = (
    rf"((?:19|20)\d\d)(?:[-/.年]\s?{_MONTH}(?:[-/.月]\s?{_MONTHDAY}(?!\d)日?|{_END}月?)"
    rf"|{_END}年?)"
)
_BIRTH = re.compile(
    rf"(?:出生(?:日期|年月日?)?|生日|{_START}(?:date of birth|birth ?date|dob|born)){_COLON}{_DAY}",
    re.I,
)
_NUMBERS = tuple(
    re.compile(
        rf"{_START}(?:{names}){_COLON}([A-Za-z0-9][A-Za-z0-9-]{{2,24}})(?![A-Za-z0-9])", re.I
    )
    for names in (
        "病案号|病历号|患者编号|患者ID|登记号|mrn|medical record (?:number|no\\.?)",
        "住院号|patient id|hospital (?:number|no\\.?)",
        "门诊号|就诊卡号|就诊号|体检号|体检编号",
    )
)
"""The one that lasts longest first."""
_VISITS = (
    *(
        re.compile(rf"{_START}(?:{names}){_COLON}{_DAY}", re.I)
        for names in (
            "就诊日期|就诊时间|门诊日期|接诊时间|visit date|date of visit|encounter date",
            "出院日期|出院时间|discharge date|date of discharge",
            "入院日期|入院时间|admission date|date of admission|admitted",
            "体检日期|检查日期|检查时间|报告日期|报告时间|检验日期|采样时间|采集时间|送检日期|手术日期"
            "|会诊日期|记录日期|记录时间|日期",
        )
    ),
    re.compile(rf"{_LABEL}date{_COLON}{_DAY}", re.I),
)
_DEPARTMENT = re.compile(
    rf"{_START}(?:就诊科室|科\s{{0,4}}室|科别|出院科室|入院科室|department|dept\.?){_COLON}"
    r"([^\s,，。;；:：|]{2,16}(?: [A-Z][a-z]+)?)",
    re.I,
)
_TITLE = re.compile(
    r"(?:出院|入院|住院|门诊|急诊|体检|健康检查|检验|检查|化验|会诊|手术|病程|护理|转诊|随访|首次病程"
    r"|诊断|病理|影像|超声|心电图|查房|电话)\S{0,6}(?:小结|记录|病历|报告单?|意见|证明|证明书|单|信|总结)"
    r"|病历(?:摘要)?|(?:discharge|admission|clinic|progress|referral|consultation|operative|follow.up"
    r"|laboratory|pathology)\b[a-z -]{0,20}(?:summary|note|letter|report|record)",
    re.I,
)
_MOST_NAME = 80
"""Characters of a title."""


def person(text: str) -> Person:
    """Whose document it is; nobody, if it names several."""
    head = text[:_HEAD]
    named = [found for one in _NAMES for found in one.finditer(head)]
    names = {line(found[1]) for found in named}
    if len(names) > 1:
        return Person()
    sexes = {found[1] for found in _SEX.finditer(head)}
    sexes |= {found[1] for name in named if (found := _NEXT.match(head, name.end()))}
    birth = _BIRTH.search(numbered(head))
    return Person(
        name=names.pop() if names else "",
        sex=_sex({_SEXES[sex.lower()] for sex in sexes}),
        birth=_date(birth) if birth else "",
        number=next((number for one in _NUMBERS if (number := _only(one, head))), ""),
    )


def date(text: str) -> DateText:
    """Of the visit, else of the admission, else of the report; else one without a label."""
    text = numbered(text)
    head = text[:_HEAD]
    labelled = next((_date(found) for one in _VISITS if (found := one.search(head))), "")
    return labelled or visits.day(text)


def department(text: str) -> str:
    """As written."""
    found = _DEPARTMENT.search(text[:_HEAD])
    return found[1] if found else ""


def title(text: str, name: str) -> str:
    """A line at the beginning that says what it is, else the file's name, else the first words."""
    first = [one for one in (line(each) for each in text[:_HEAD].split("\n")) if one]
    for each in first[:6]:
        found = _TITLE.search(each)
        if found and len(each) <= len(found[0]) + 24:
            return found[0] if len(found[0]) < len(each) / 2 else each
    # Names of other systems may be in no encoding of ours.
    plain = "".join(c for c in name.rpartition(".")[0] or name if c.isprintable())
    stem = line(unicodedata.normalize("NFC", plain))
    return (stem or first[0])[:_MOST_NAME]


def day(text: str) -> DateText:
    """A date as people, tables or FHIR write it, as exact as it is; empty if it is none."""
    found = re.match(_DAY, text.strip())
    return _date(found) if found else _compact(text.strip())


def _date(found: re.Match[str]) -> DateText:
    made = "-".join(part.zfill(2) for part in found.groups()[-3:] if part)
    return made if is_date(made) else ""


def _compact(text: str) -> DateText:
    found = re.match(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)", text)
    return _date(found) if found else ""


def _sex(found: set[Sex]) -> Sex:
    return found.pop() if len(found) == 1 else "unknown"


def _only(pattern: re.Pattern[str], head: str) -> str:
    """What all places say; empty if they differ."""
    found = {match[1] for match in pattern.finditer(head)}
    return found.pop() if len(found) == 1 else ""
