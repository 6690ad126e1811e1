"""Numbers and addresses on the net that are a person's: by their form, or the word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.privacy import personal_numbers
from agents.records.redaction.removal import Kind, Place

_IS: Final = (
    r"\s*(?:号码|编号|号|id|no|number)?\s*[.#]?\s*(?:"
    r"[((][^))\n]{0,12}[))])?\s*(?:[:：#=]|为|是)?"
    r"\s*[(（]?\s*"
)
_ID: Final = r"([a-z]{0,6}[-_]?\d(?:[-_/]?[a-z0-9]){2,30})(?![a-z0-9])"


def _cue(words: str, value: str = _ID) -> re.Pattern[str]:
    return re.compile(rf"(?:{words}){_IS}{value}", re.IGNORECASE)


_BY_CUE: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (_cue(r"身份证件?|公民身份|证件", r"(\d{14,17}[\dx]|\d{6}\s?\d{8}\s?\d{3}[\dx])"), "identity"),
    (_cue(r"护照|passport", r"([a-z]{1,2}\d{6,9})(?!\d)"), "passport"),
    (_cue(r"电话|手机|联系方式|热线|座机|传真|tel|phone|telephone|fax|cell|mobile",
          r"(\+?\(?\d(?:\)[\s-]?(?=\d))?(?:[\s\-.·]?\d){5,13}|\+?\(?\d{2,4}\)[\s-]"
          r"?\d(?:[\s\-.·]?\d){5,10})"), "phone"),
    (_cue(r"微信|[vw]信|wechat|weixin|[vw]x", r"([a-z][-_a-z0-9]{4,19})"), "account"),
    (re.compile(r"()\b(wxid_[a-z0-9]+)", re.I), "account"),
    (_cue(r"qq", r"([1-9]\d{4,10})(?![\d@])"), "account"),
    (_cue(r"抖音|微博|钉钉|支付宝|whatsapp|skype", r"([a-z0-9][-_.a-z0-9]{3,29})"), "account"),
    (_cue(
        r"住院|门诊|病案|病历|登记|就诊|检查|腕带|胶片|片子|科研|影像|标本|样本|条形?码|申请单?|报告"
        r"单?|病理|产检|手环|筛选|处方|档案|"
          r"体检|放射|超声|内镜|心电图?|透析|急诊|挂号|流水|x线|ct片|mr片|id|编|床头卡|"
          r"mrn|patient id|accession|barcode|hospital|chart|record|case|specimen|visit"), "record"),
    (_cue(
        r"医保卡?|社保卡?|社会保障卡?|银行卡?|就诊卡|诊疗卡|健康卡|参保|保单|保险"
        r"|工伤保险|收款账|账|卡|存折|"
          r"insurance|policy|ssn|member|account|card"), "card"),
)  # fmt: skip
_EMAIL: Final = re.compile(r"[a-z0-9._%+\-]{1,64}\s?@\s?(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}")
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-z]\s?[·•.-]?\s?"
    r"(?=[a-z]{0,4}\d)(?:[a-hj-np-z0-9]{5,6}|[a-hj-np-z0-9]{4}[挂学警港澳])(?![a-z0-9])"
)
_SSN: Final = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_LOCAL: Final = re.compile(r"(?<![\d.-])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?![\d-])")
_BY_FORM: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (_EMAIL, "email"),
    (_PLATE, "plate"),
    (_SSN, "card"),
    (_LOCAL, "phone"),
)
_SOLID_DATE: Final = r"(?:19|20)\d\d[01]\d[0-3]\d(?!\d)"
_LONG: Final = re.compile(
    rf"(?<![\d.])(?:[a-z]{{1,4}}[-_]?\d{{6,}}|\d{{9,}}|(?!{_SOLID_DATE})\d{{7,8}}(?=[,;、。)\s]|$)"
    r"|\d{6}-\d(?=\D))[\dx]*(?![\d.])"
)
DRUG_APPROVAL: Final = re.compile(r"(?:准字|注册证|icd)\s*[:：]?\s*$")
_WORDS: Final = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_SPOKEN: Final = re.compile(
    r"[\d零〇一二三四五六七八九幺](?:[\s-]?[\d零〇一二三四五六七八九幺]){6,}"
)
_APART: Final = re.compile(r"(?<![\d.])1[3-9]\d[,、/ ]\s?\d{4}[,、/ ]\s?\d{4}(?!\d)")
"""As a number is dictated."""
_LABELS: Final[dict[str, Kind]] = {"[phone]": "phone", "[card]": "card", "[id]": "identity"}


def numbers(folded: str) -> Iterator[Place]:
    """In a folded text; digits may be written as words (一三八…)."""
    digits = _SPOKEN.sub(lambda run: run[0].translate(_WORDS), folded)
    for match in _APART.finditer(folded.translate(_WORDS)):
        yield Place(*match.span(), "phone")
    for pattern, kind in _BY_CUE:
        for match in pattern.finditer(digits):
            last = match.lastindex or 1
            if any(c.isdigit() for c in match[last]) or kind == "account":
                yield Place(*match.span(last), kind)
    for pattern, kind in _BY_FORM:
        for match in pattern.finditer(digits if pattern is not _PLATE else folded):
            yield Place(*match.span(), kind)
    for start, end, label in personal_numbers(digits):
        yield Place(start, end, _LABELS[label])
    for match in _LONG.finditer(digits):
        if not DRUG_APPROVAL.search(digits, max(0, match.start() - 8), match.start()):
            yield Place(*match.span(), "record")
