"""When something is due, in days after a note."""

from __future__ import annotations

import re
from datetime import date

from agents.records.numerals import spoken
from agents.records.times import day_of, days
from schemas.records import DateText

_MANY = r"(?:(?<!\d)\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_TO = r"(?:\s?[-~～至到、,]\s?(?:\d{1,3}|[一二两三四五六七八九十]{1,3})(?!\d|\s?[号日]))*"
_UNIT = (
    r"(?P<unit>年|月(?![\d初底中])|周(?![一二三四五六日末](?!次|查|测|验))"
    r"|星期|礼拜|天|日|剂|小时|h|w)"
)
_SPAN = re.compile(
    rf"(?P<every>每隔?)?(?P<number>{_MANY}){_TO}\s?(?:个)?{_UNIT}(?:左右)?(?P<after>以?后|内)?"
)
_EACH = re.compile(r"每(?P<unit>年|月|周|星期|礼拜)(?![二三四五六日\d两]|一(?!次))")
"""Once in each; several times a week is no time."""
_TWICE = re.compile(r"每.{1,8}?[2-9二两三四五六]次|/周")
_ENGLISH = re.compile(
    r"(?:in|after|every|within)\s+(?P<number>\d{1,3}|one|two|three|a)\s*(?:-|to)?\s*\d{0,2}\s*"
    r"(?P<unit>day|week|month|year)s?"
)
COMES = re.compile(
    r"复查|复诊|三诊|随诊|随访|就诊|门诊|复检|检查|化验|返院|回院|来院|维护|程控|体检|复筛|复[评测看巡]|会诊|科看|内做|拔|入院|拆|换|监测|查|测|评估|[胃肠道光]镜"
    r"|b超|彩超|ct|mri|磁共振|超声|拍片|胸片|kub|dxa|钼靶|抽血|产检|称|验|打针|治疗|脱敏针|联系|上门|回访|再[减来做看涂种照]|来|见|取|[二三]期|一次|1次"
    r"|follow|return|recheck|repeat|check|visit|review|clinic|bloods|see|due|gp"
)
"""What is done at a time; other clauses have none."""
_FROM = re.compile(
    r"(?:术|产|停药|放疗|化疗|治疗|干净|餐|饭|用药|碰|接种|拔牙|禁欲)后?\s?(?:第|满)?$|(?:胎龄|禁欲|孕|期间|头|前|满|连续|共|至少|观察|坚持)\s?$"
)
"""Counted from something else than the note."""
_NOT = re.compile(
    r"(?:内|里)\S{0,3}(?:禁|忌|勿|不|别|避|少|慎|只|严|注意|冰|体重)|内.{0,3}高枕|避孕|术后次日|[一每][天日]一|天换一次|(?:增|长|持续超?)\S{0,2}[\d一二两三]|隔[日天]"
)
"""For so long, not at that time."""
_LENGTH = rf"{_MANY}{_TO}\s?(?:个)?(?:年|月|周|星期|礼拜|天|日|w)"
_ALONE = re.compile(
    rf"(?:下次|约|复诊[:：]?|随访[:：]?|rtc)?\s?{_LENGTH}(?:左右)?(?:以?后)?$|.{{2,8}}{_LENGTH}以?后$"
)
"""Nothing but a time."""
_ON = re.compile(
    r"(?:(?P<year>20\d\d)[-/年]|(?<![\d.满]))(?P<month>1[0-2]|0?[1-9])[-/月]"
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?:日|号|(?![\d.a-z/~-]|\s?(?:个|月|周|天|年|次|小时|分)))"
)
_ON_SPOKEN = re.compile(
    r"(?P<month>十?[一二三四五六七八九十])月(?P<day>(?:二?三?十)?[一二三四五六七八九十])[日号]"
)
_DAY_OF = re.compile(r"下个?月\s?(?P<day>[12]\d|3[01]|[1-9]|[一二三四五六七八九十]{1,3})(?:日|号)")
_WEEKDAY = re.compile(r"(?P<next>下)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_SOON = {
    "次日": 1, "次晨": 1, "明日": 1, "明天": 1, "明早": 1, "明晨": 1, "明晚": 1,
    "后天": 2, "下周": 7, "下礼拜": 7,
    "下月": 30, "下个月": 30,
}  # fmt: skip
_NUMBERS = {"one": "1", "two": "2", "three": "3", "a": "1"}
_DAYS = {
    "年": 365.0, "月": 30.0, "周": 7.0, "星期": 7.0, "礼拜": 7.0, "天": 1.0, "日": 1.0,
    "剂": 1.0, "w": 7.0,
    "小时": 1 / 24, "h": 1 / 24, "year": 365.0, "month": 30.0, "week": 7.0, "day": 1.0,
}  # fmt: skip


def until(note_date: DateText, words: str) -> int | None:
    """Days to a date or a day of the week that is written out: 9月18日复查, 下周一复诊."""
    today, words = day_of(note_date), words.lower()
    if today is None:
        return None
    named = _WEEKDAY.search(words)
    if named and "每" not in words:
        ahead = "一二三四五六日".index(named["day"].replace("天", "日")) - today.weekday()
        return ahead + 7 if named["next"] or ahead <= 0 else ahead
    later = _DAY_OF.search(words)
    words = _ON_SPOKEN.sub(_in_digits, words)
    match = _ON.search(words)
    try:
        if later:
            year, month = divmod(today.year * 12 + today.month, 12)
            due = date(year, month + 1, round(days(later["day"], "天") or 0))
        elif match:
            due = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
        else:
            return None
    except ValueError:
        return None
    if due < today and match and not match["year"]:
        due = due.replace(year=due.year + 1) if (due.month, due.day) != (2, 29) else due
    return (due - today).days if due > today else None


def _in_digits(said: re.Match[str]) -> str:
    """七月二十一号 as 7月21日."""
    return f"{spoken(said['month']) or 0:.0f}月{spoken(said['day']) or 0:.0f}日"


def due_days(words: str) -> int | None:
    """When it is due, in days after the note; the first of a range or a list.

    None if it has no time, or one that is counted from something else: 术后7天拆线.
    """
    words = words.lower()
    if _NOT.search(words) or (not COMES.search(words) and not _ALONE.match(words)):
        return None
    english = _ENGLISH.search(words)
    if english:
        number = _NUMBERS.get(english["number"], english["number"])
        return _round(number, english["unit"])
    for match in _SPAN.finditer(words):
        if _FROM.search(words[: match.start()]) or _TWICE.search(words):
            return None
        if match["unit"] in ("小时", "h") and not (match["after"] and "复" in words):
            continue
        return _round(match["number"], match["unit"])
    each = _EACH.search(words)
    if each and not _TWICE.search(words):
        return _round("1", each["unit"])
    if re.search(r"一年一", words):
        return 365
    return next((many for word, many in _SOON.items() if word in words), None)


def _round(number: str, unit: str) -> int | None:
    if number == "半":
        return {"年": 180, "月": 15}.get(unit)
    many = days(number, "天")
    factor = _DAYS.get(unit)
    return None if many is None or factor is None else max(1, round(many * factor))
