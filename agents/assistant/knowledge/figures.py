"""The figures of a text, so that two languages can be compared: amounts, days, times, shares.

Digits only: 三天 and "three days" are not compared. A figure has no unit: 5 days and 5 yuan are
the same.
"""

import re

from windows.texts import clean

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_FIGURE = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?:(?P<zy>\d{4})\s*年\s*)?(?P<zm>\d{1,2})\s*月\s*(?P<zd>\d{1,2})\s*[日号]"
    rf"|(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<em>{_MONTH})\b\.?(?:,?\s+(?P<ey>\d{{4}}))?"
    rf"|\b(?P<fm>{_MONTH})\.?\s+(?P<fd>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d{{3}})(?:,?\s+(?P<fy>\d{{4}}))?"
    r"|(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s*(?P<half>[ap])\.?m\b)?"
    r"|(?P<h12>\d{1,2})\s*(?P<h12half>[ap])\.?m\b"
    r"|(?P<zh12>\d{1,2})\s*点(?!\d)"
    r"|(?P<named>\d{1,2})\s*月(?!\d)"
    rf"|(?P<number>{_NUMBER})\s*(?P<times>万亿|亿|百万|万|千(?!克|米)|(?:million|billion|thousand|k)\b)?"
    r"\s*(?P<share>%|per ?cent\b)?"
    rf"|\b(?P<month>{_MONTH})\b",
    re.IGNORECASE,
)
_TIMES = {
    "万亿": 10**12, "亿": 10**8, "百万": 10**6, "万": 10**4, "千": 1000, "million": 10**6,
    "billion": 10**9, "thousand": 1000, "k": 1000,
}  # fmt: skip


def figures(text: str) -> dict[str, str]:
    """Every figure in one form, and how it stands in the text.

    >>> figures("5万元, 0.05%, 2026年3月1日 9:00")
    {'50000': '5万', '0.05%': '0.05%', '2026-03-01': '2026年3月1日', '9:00': '9:00'}
    >>> figures("¥50,000 on 1 March 2026 at 9 am")
    {'50000': '50,000', '2026-03-01': '1 March 2026', '9:00': '9 am'}
    """
    found: dict[str, str] = {}
    for match in _FIGURE.finditer(clean(text)):
        if form := _form(match):
            found.setdefault(form, match[0].strip())
    return found


def _form(match: re.Match[str]) -> str:
    part = match.groupdict()
    if part["iso"]:
        year, month, day = part["iso"].split("-")
        return _day(year, int(month), day)
    for year, month, day in (("zy", "zm", "zd"), ("ey", "em", "ed"), ("fy", "fm", "fd")):
        if part[month]:
            return _day(part[year], _month(part[month]), part[day])
    if part["hour"]:
        return _time(int(part["hour"]), part["minute"], part["half"])
    if part["h12"]:
        return _time(int(part["h12"]), "00", part["h12half"])
    if part["zh12"]:
        return _time(int(part["zh12"]), "00", None)
    if part["number"]:
        value = float(part["number"].replace(",", ""))
        value *= _TIMES.get((part["times"] or "").lower(), 1)
        return f"{round(value, 6):.15g}" + ("%" if part["share"] else "")
    # A month alone is written with a figure in Chinese and with its name in English.
    return ""


def _day(year: str | None, month: int, day: str) -> str:
    return f"{year or ''}-{month:02}-{int(day):02}".lstrip("-")


def _month(name: str) -> int:
    if name.isdecimal():
        return int(name)
    return next(n for n, one in enumerate(_MONTHS, 1) if one.startswith(name[:3].lower()))


def _time(hour: int, minute: str, half: str | None) -> str:
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return f"{hour}:{minute}"
