"""What changed, from what, and why."""

from __future__ import annotations

import re
from typing import Literal, get_args

from schemas.records import Change

Direction = Literal["increase", "decrease", ""]

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s?([^\d/\s]+)")
_GRAMS = {
    "mg": 1e-3,
    "毫克": 1e-3,
    "g": 1.0,
    "克": 1.0,
    "μg": 1e-6,
    "ug": 1e-6,
    "mcg": 1e-6,
    "微克": 1e-6,
}
_A_DAY = {
    "qd": 1.0,
    "qn": 1.0,
    "bid": 2.0,
    "tid": 3.0,
    "qid": 4.0,
    "qod": 0.5,
    "q12h": 2.0,
    "q8h": 3.0,
    "q6h": 4.0,
    "qw": 1 / 7,
}
_CHANGES: dict[str, Change] = {one: one for one in get_args(Change)}
_CAUSE = re.compile(
    r"(?:因为?|由于|鉴于|出现|发生|诉|发现|致|之?后?因|because of|due to"
    r"|for)[ \t]?(?P<reason>[^,，。;；:\n()]{1,24}?)(?:\([^()\n]{1,16}\))?"
    r"(?:(?=[于\d年月日天周个前后])于?\d{0,4}[年月日天周个]{0,3}前?后?|后|而|遂|故|予|于是|已|自行|及时"
    r"|立即|现|今|医生|外院|当地|家属|患者|我科|门诊|就|将|即|给予|建议|嘱|入院后"
    r"|明显|,|，|\s)*+$"
)
_BEHIND = re.compile(
    r"[ \t]*[,，(]?[ \t]*(?:原因[:为是]?|系?因为?|由于|because of|due to"
    r"|for)[ \t]?(?P<reason>[^,，。;；\n()]{1,20})"
)
_TRIM = re.compile(
    r"^(?:其|患者|服药后|服用后|用药后|该药|药物|出现|发生|发现|有|为|反复|a |the )++"
    r"|(?:后|而|遂|故|等|明显|予|被|自行|,|，|\s|之后|再次|就|was|were|it)++$"
)


def amount(dose: str, frequency: str) -> float | None:
    """Of a day, in grams, units or pieces; None if the dose has no number."""
    found = _NUMBER.match(dose.lower())
    if found is None:
        return None
    return float(found[1]) * _GRAMS.get(found[2], 1.0) * _A_DAY.get(frequency, 1.0)


def direction(before: tuple[str, str], after: tuple[str, str]) -> Direction:
    """Whether a day's amount grew; what is not said of the second stays as it was."""
    old = amount(*before)
    new = amount(after[0] or before[0], after[1] or before[1])
    if old is None or new is None or old == new:
        return ""
    return "increase" if new > old else "decrease"


def reason_before(stretch: str) -> tuple[int, int] | None:
    """Places of the reason in a stretch that ends where the change is said."""
    found = None
    for place in _starts(stretch):
        found = _CAUSE.match(stretch, place)
        if found is not None:
            break
    return _trimmed(stretch, *found.span("reason")) if found else None


_BRACKET = re.compile(r"[ \t]*\((?P<reason>[^()\n]{2,30})\)")
_NO_REASON = re.compile(
    r"^[共约每餐]|^\d+(?:\.\d+)?[ \t]?(?:天|周|月|片|次|日|年|支|盒|h|小时|mg|g|u|粒)"
    r"|^\d[\d./-]*$|^(?:至|自|到|于|按|见|同|随|餐|晨|早|晚|饭|空腹|商品名|即|长期"
    r"|必要时|注意|第|\d{4}|已|上限|目标|外院|自购|医保|国产|进口|具体|续|院内|可"
    r"|冠脉支架|说|夜间|睡前|两药)|片$|粒$"
)
_FILLER = re.compile(
    r"(?:\d++(?:[-./]\d++)*+[ \t]?(?:年|个?月|周|天|日|小时|h|次|支)?(?:前|后|余|多)?"
    r"|[一二两三四五六七八九十半数几]++(?:年|个?月|周|天|日)(?:前|后)?|现?已于?|[于至]"
    r"|目前|现|均|都|术前|术后|出院后?|入院后?|当时|后来?|自行|自己|擅自|我|他|她|遂"
    r"|(?:家属|家人|家长|老伴|患者|患儿|本人)[自主代]?[称诉述说讲]"
    r"|即|故|予以?|建议|嘱|医生|逐渐|现在|今日?|昨日?|上周|上月|近期|疗程|吃完|用完"
    r"|结束|规律|长期|服药?|服用|吃了?|用了?|口服|共|约|左右|继续|既往|曾|先|暂时?|\|"
    r"|[ \t,，。:：—→\->(（)）\"“”'；;、]++)++"
)
_TAIL = re.compile(_FILLER.pattern + "$")


def reason_between(stretch: str) -> tuple[int, int] | None:
    """Places of a reason that stands between a medicine and its change without a word of cause."""
    start, end = max(stretch.rfind(mark) for mark in "。;；\n") + 1, len(stretch)
    while found := _FILLER.match(stretch, start, end):
        start = found.end()
    tail = _TAIL.search(stretch, start, end)
    if tail is not None:
        end = tail.start()
    words = stretch[start:end]
    if (
        not 2 <= len(words) <= 18
        or not re.search(r"[一-鿿]", words)
        or re.search(r"[。;；\n,，]", words)
    ):
        return None
    return _trimmed(stretch, start, end)


def reason_in_brackets(stretch: str) -> tuple[int, int] | None:
    """Places of a reason in a bracket behind a change: 停(黑便)."""
    found = _BRACKET.match(stretch)
    if found is None or _NO_REASON.search(found["reason"]):
        return None
    return _trimmed(stretch, *found.span("reason"))


def reason_behind(stretch: str) -> tuple[int, int] | None:
    """Places of the reason in a stretch that begins behind the change."""
    found = _BEHIND.match(stretch)
    return _trimmed(stretch, *found.span("reason")) if found else None


_MARK = re.compile(r"因|由于|鉴于|出现|发生|诉|发现|致|because of|due to|\bfor\b")


def _starts(stretch: str) -> list[int]:
    """Places of words of cause, the last one first but 因 before 出现 of the same clause."""
    places = [found.start() for found in _MARK.finditer(stretch)]
    because = [place for place in places if stretch[place] in "因由"]
    return because[::-1] + places[::-1]


def _trimmed(stretch: str, start: int, end: int) -> tuple[int, int] | None:
    for found in _TRIM.finditer(stretch[start:end]):
        if found.start() == 0 and found.end() < end - start:
            start, end = start + found.end(), end
            return _trimmed(stretch, start, end)
        if found.end() == end - start and found.start() > 0:
            return start, start + found.start()
    return (start, end) if end > start else None


def known(meaning: str) -> Change:
    """A change of the schema, from the table's word; none for words that are of the dose."""
    return _CHANGES.get(meaning, "")
