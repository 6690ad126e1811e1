"""What says that a name is of a test: a value of the laboratory stands behind it, no dose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.records.medication.dosing import Dosing

_NUMBER = r"\d{1,6}(?:\.\d{1,4})?"
_STRENGTH = r"(?:mg|g|μg|ug|mcg|万?u|万?iu|万?单位|axaiu)"
_UNIT = rf"(?:{_STRENGTH}|pg|ng|[npmμu]?mol|m?eq|[mμu]i?u)"
_VOLUME = r"/[ \t]?(?:ml|dl|l|毫升|分升|升)(?![a-z])"
_LINK = (
    r"(?:[ \t:=<>≤≥|↑↓]|(?:测得|检测|结果|血|谷|峰|浓度|水平|值|[约均仅]?为|是|约"
    r"|\b(?:trough|peak|level|was|is|of|at)\b)){0,12}"
)
_MORE = rf"(?:[ \t]?(?:[-~–→/、]|->|至)[ \t]?{_NUMBER})?"
_VALUE = re.compile(
    rf"{_LINK}[(\[]?{_NUMBER}{_MORE}[ \t]?"
    rf"(?:(?P<strength>{_STRENGTH}[ \t]?/[ \t]?(?:ml|毫升))(?![a-z])|{_UNIT}[ \t]?{_VOLUME})"
)
_TESTED = re.compile(
    r"[ \t]?血?药?[谷峰]?(?:浓度|水平|测定|检测|含量|定量(?![吸气喷泵])|[谷峰]值|levels?\b)"
)
_TITLED = re.compile(rf"[ \t]?[(\[][ \t]?{_UNIT}[ \t]?{_VOLUME}[)\]]")
"""The unit behind the name, as in a table: 叶酸(ng/mL) 3.2."""
_RANGED = re.compile(
    rf"{_LINK}{_NUMBER}[ \t]*(?:[↑↓]|[(\[][ \t]?(?:(?:正常|参考)[值范围区间]*|ref[a-z ]*|normal)?"
    rf"[ \t:]*{_NUMBER}[ \t]?[-~–][ \t]?{_NUMBER}[ \t]?(?:{_UNIT}[ \t]?{_VOLUME})?[)\]])"
    r"(?![ \t]*\d)"
)
_BARE = re.compile(rf"{_LINK}{_NUMBER}[ \t]*(?:[,;。\n]|$)")
_LISTED = re.compile(
    r"(?:(?:化验|检验|检查|生化|抽血|血检|实验室)(?:结果|指标|资料)?(?:回报|提示|示)?"
    r"|\blabs?|\blaboratory)[ \t]?:(?:(?!\bon\b)[^。;\n予给服用停改]){0,80}$"
)
"""A list of results, in which a bare number is one."""
_FAR, _NEAR = 100, 24
"""Characters before a name to the head of its list; behind a strength to how it is given."""
_CLAUSE_END = re.compile(r"[,;。\n]")
_GIVEN = re.compile(
    r"(?:予|给予|使用|应用|静[滴推注]|滴注|注射|泵[入注]|冲管|封管|given|gave)[ \t]?$"
)
_INJECTED = re.compile(
    r"注射|静[滴推]|封管|冲管|推注|补液|入液|滴眼|眼药|眼液|口服液|solution|drops"
)


def is_value(folded: str, start: int, end: int, dosing: Dosing, *, formed: bool) -> bool:
    """Whether a name at a place is measured there; `formed`: it has a form, as no test has.

    A strength such as 100U/mL is no value where the words beside it say how it is given.
    """
    if found := _VALUE.match(folded, end):
        return not (found["strength"] and (formed or _is_given(folded, start, found.end(), dosing)))
    if formed:
        return False
    if _TESTED.match(folded, end) or _TITLED.match(folded, end) or _RANGED.match(folded, end):
        return True
    head = folded[max(0, start - _FAR) : start]
    return _BARE.match(folded, end) is not None and _LISTED.search(head) is not None


def has_strength(folded: str, end: int) -> bool:
    """Whether an amount in a millilitre stands behind a name."""
    found = _VALUE.match(folded, end)
    return found is not None and found["strength"] is not None


def _is_given(folded: str, start: int, end: int, dosing: Dosing) -> bool:
    """Whether a verb before a name, or an intake behind its strength, says that it is given."""
    if _GIVEN.search(folded, max(0, start - _NEAR), start):
        return True
    behind = _CLAUSE_END.split(folded[end : end + _NEAR], maxsplit=1)[0]
    return (
        _INJECTED.search(behind) is not None
        or any(len(behind[one.start : one.end]) > 1 for one in dosing.frequencies.find(behind))
        or bool(dosing.routes.find(behind))
        or any(behind[one.end() : one.end() + 1] != "/" for one in dosing.dose.finditer(behind))
    )
