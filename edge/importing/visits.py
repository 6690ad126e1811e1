"""The day of a visit that no label names: beside a title, alone, or behind a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from schemas.records import DateText

_MOST_LINE = 60
"""Characters of a line that may be a title or a signature."""
_FIRST, _LAST = 6, 3
"""Lines at the beginning and at the end."""
_SEPARATORS = re.compile(r"(?:[\s,，|()（）【】#*—–_=]|(?<![^\s=-])[-/·](?![^\s=-]))+")
_DAY = (
    r"(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>\d\d?)\s?[-/.月]\s?(?P<day>\d\d?)(?!\d)\s?日?"
    r"(?: ?(?:[上下]午|周[一-鿿]|星期[一-鿿])){0,2}(?:[ T]?\d\d?[:：时]\d\d(?::\d\d)?分?)?"
)
_LABEL = r"(?:(?:就诊|门诊|接诊)?(?:日期|时间)|(?:visit |encounter )?date(?: of visit)?)"
_DEPARTMENT = (
    r"(?:(?:普通?|心血管|心脏|心胸?|胸|消化|呼吸(?:与危重症)?|神经|内分泌(?:代谢)?|肾脏?|血液|风湿(?:免疫)?|肿瘤"
    r"|感染(?:性疾病)?|传染|老年|全|泌尿|肝胆|胃肠|甲乳|乳腺|血管|骨|烧伤|整形|肛肠|妇产?|产|新生儿|儿|眼|耳鼻咽?喉"
    r"|口腔|皮肤|中医|针灸|康复|疼痛|急诊|重症|精神|心理|营养|介入|男)(?:医学|病)?[内外]?科|[内外]科"
    r"|(?:体检|健康管理)中心)"
)
# "手术", "检验" and the like are not among them: such a line is history as often as a title.
_VISIT = (
    r"(?:门诊|急诊|初诊|复诊|(?:电话)?随访|会诊|住院|入院|出院|体检|健康检查|(?:首次|日常)?病程|查房"
    r"|转诊)"
)
_SPECIALTY = (
    r"(?!(?:path|radi|hist|cyt)ology)(?:[a-z]{3,20}ology|general practice|psychiatry"
    r"|pa?ediatrics|geriatrics|orthopa?edics"
    r"|(?:general|internal|family|respiratory|emergency) medicine"
    r"|(?:general |vascular )?surgery(?= (?:clinic|outpatient|department))"
    r"|(?:diabetes|diabetic|hypertension|heart failure)(?= clinic))"
    r"(?: (?:clinic|outpatients?|department|ward))?"
)
_NOTE = (
    r"(?:(?:outpatient|clinic|clinical|office|visit|consult(?:ation)?|admission|discharge|progress"
    r"|follow.?up|referral|ward round|emergency) (?:note|letter|summary|record)"
    r"|(?:outpatient|clinic|office|emergency) visit|outpatients?(?: clinic)?|medical record)s?\b"
)
_TITLE = (
    rf"(?:{_DEPARTMENT}|{_VISIT}?病[历案](?:记录|摘要)?|{_VISIT}(?:记录|小结|总结|摘要|意见)"
    rf"|(?:体检|健康检查)报告|门诊|急诊|\b{_SPECIALTY}\b|\b{_NOTE})"
)
_TITLES = rf"(?:{_TITLE} ?)"
_HOSPITAL = (
    r"(?:(?!.{0,19}(?:[于在至到往赴因住转去由从经入]|外院|当地|[我本该]院))"
    r"[一-鿿]{2,20}(?:医院|卫生院|服务中心|诊所))"
)
_DATED = re.compile(
    rf"(?:{_HOSPITAL} )?(?P<title>{_TITLES}*(?:{_LABEL} ?)?){_DAY}"
    rf" ?(?P<more>(?:{_TITLES}+(?:复诊|初诊)?)?)",
    re.I,
)
_ABOVE = re.compile(
    rf"(?:{_HOSPITAL} ?)?{_TITLES}*|{_LABEL}[:：]?|[\w'’. -]+ (?:hospital|clinic|centre|center)"
    r"|[一-鿿·]{2,10} [男女] \d{1,3} ?岁"
    r"|(?:(?:患者|病人)?姓\s?名|性\s?别|年\s?龄|出生|病[案历]号|住院号|门诊号|登记号|就诊卡?号|科[室别]|床号"
    r"|医院|(?:patient )?name|patient|sex|gender|age|dob|mrn)\s?[^\s:：]{0,10}\s?[:：].*",
    re.I,
)
"""What may stand above the day: who and where, but no word of the history."""
_NAME = (
    r"(?:(?!建议|[请嘱约])[一-鿿·]{1,6}(?:[/、][一-鿿·]{1,6})?"
    r"|[A-Z][A-Za-z.'’-]*(?: [A-Z][A-Za-z.'’-]*){0,2})"
)
_SIGNED = re.compile(
    r"(?:(?:经治|主治|住院|副?主任|接诊|责任|值班|门诊)?(?:医师|医生)(?:签[名字])?|签[名字]|记录[者人]"
    r"|(?i:signature|signed(?: by)?|physician|doctor|dr\.?|consultant))"
    rf"(?:\s?[:：]\s?|\s){_NAME}?(?P<dated> ?(?:(?:日期|[Dd]ate) )?{_DAY})?"
)
_ENDS = "。.!！?？;；"
_OTHER = re.compile(
    r"出生|生日|打印|报告|采[样集]|预约|下次|复[查诊]|随访|(?:日期|时间|[于在至到自从])$"
    r"|\b(?:born|birth|dob|print|report|next|review|follow|return|appointment|due)"
    r"|\b(?:on|since|from|until|till|by|date|time)$",
    re.I,
)
"""Of a line: the day below it, or in it, is of something else."""


def day(text: str) -> DateText:
    """Of a title, else alone at the beginning or the end, else of a signature; or empty."""
    plain = (_SEPARATORS.sub(" ", one).strip() for one in text.split("\n"))
    lines = [one for one in plain if one]
    return _titled(lines) or _alone(lines) or _signed(lines)


def _titled(lines: list[str]) -> DateText:
    found = ((at, _DATED.fullmatch(lines[at])) for at in _head(lines))
    return _only(_made(one) for _, one in found if one and (one["title"] or one["more"]))


def _alone(lines: list[str]) -> DateText:
    """Several days of their own in a text each begin a part of it."""
    found = {at: made for at, each in enumerate(lines) if (made := _lone(each))}
    if len(set(found.values())) != 1:
        return ""
    places = {*_head(lines), *_tail(lines)}
    return next((made for at, made in found.items() if at in places and _is_own(lines, at)), "")


def _signed(lines: list[str]) -> DateText:
    found = (_SIGNED.fullmatch(lines[at]) for at in _tail(lines) if not _OTHER.search(lines[at]))
    return _only(_made(one) for one in found if one and one["dated"])


def _head(lines: list[str]) -> Iterable[int]:
    """Up to the first that is neither dated nor above a day."""
    for at, each in enumerate(lines[:_FIRST]):
        if len(each) <= _MOST_LINE and _DATED.fullmatch(each):
            yield at
        elif not _ABOVE.fullmatch(each):
            return


def _tail(lines: list[str]) -> Iterable[int]:
    """Down from the first of the last that only signatures and days follow."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 1 - _LAST), -1):
        if len(lines[at]) > _MOST_LINE:
            return
        if not (_lone(lines[at]) or _SIGNED.fullmatch(lines[at])):
            return
        yield at


def _lone(each: str) -> DateText:
    found = _DATED.fullmatch(each) if len(each) <= _MOST_LINE else None
    return _made(found) if found and not (found["title"] or found["more"]) else ""


def _is_own(lines: list[str], at: int) -> bool:
    """Whether it is no value of what the line above names."""
    above = lines[at - 1] if at else ""
    if re.fullmatch(rf"{_LABEL}\s?[:：]?", above, re.I):
        return True
    return above[-1:] not in (":", "：") and (above[-1:] in _ENDS or not _OTHER.search(above))


def _made(found: re.Match[str]) -> DateText:
    try:
        return date(*map(int, found.group("year", "month", "day"))).isoformat()
    except ValueError:
        return ""


def _only(days: Iterable[DateText]) -> DateText:
    """What all say; empty if they differ."""
    found = {one for one in days if one}
    return found.pop() if len(found) == 1 else ""
