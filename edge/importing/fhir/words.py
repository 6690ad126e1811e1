"""FHIR's codes in the words and codes of a record."""

from __future__ import annotations

import re

from schemas.records import Interpretation

_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")

ICD_10 = frozenset({"http://hl7.org/fhir/sid/icd-10", "urn:oid:2.16.840.1.113883.6.3"})
# HL7 v3 ObservationInterpretation.
INTERPRETATIONS: dict[str, Interpretation] = {
    "H": "H", "HU": "HH", "HH": "HH", "L": "L", "LU": "LL", "LL": "LL", "N": "N", "A": "A",
    "AA": "A", "POS": "A", "DET": "A", "NEG": "N", "ND": "N",
}  # fmt: skip
ARROWS: dict[str, str] = {"H": "↑", "HH": "↑↑", "L": "↓", "LL": "↓↓"}
# SNOMED CT, and the codes of IPS for what is known to be absent.
NO_ALLERGY = frozenset({
    "716186003", "409137002", "no-known-allergies", "no-known-medication-allergies",
})  # fmt: skip
NOTHING_KNOWN = frozenset({
    "no-allergy-info", "no-medication-info", "no-problem-info", "no-procedure-info",
    "no-known-problems", "no-known-medications", "no-known-procedures", "160245001", "787481004",
    "787480003", "no-known-food-allergies", "no-known-environmental-allergies", "429625007",
    "428607008", "1631000175102",
})  # fmt: skip
# HL7 v3 RoleCode.
RELATIVES = {
    "FTH": "父亲", "MTH": "母亲", "PRN": "父母", "BRO": "兄弟", "SIS": "姐妹", "SIB": "兄弟姐妹",
    "SON": "儿子", "DAU": "女儿", "CHILD": "子女", "GRFTH": "祖父", "GRMTH": "祖母",
    "PGRFTH": "祖父", "PGRMTH": "祖母", "MGRFTH": "外祖父", "MGRMTH": "外祖母", "AUNT": "姑姨",
    "UNCLE": "叔舅", "COUSN": "堂表亲", "HBRO": "同父异母兄弟", "TWIN": "双胞胎",
}  # fmt: skip
# SNOMED CT, EDQM and plain words.
_ROUTES = {
    "26643006": "po", "47625008": "iv", "78421000": "im", "34206005": "sc", "447694001": "inh",
    "6064005": "top", "37839007": "sl", "37161004": "pr", "po": "po", "iv": "iv", "im": "im",
    "sc": "sc", "oral": "po", "口服": "po", "静脉注射": "iv", "静脉滴注": "iv", "肌内注射": "im",
    "肌肉注射": "im", "皮下注射": "sc", "吸入": "inh",
    "外用": "top", "舌下含服": "sl", "直肠给药": "pr",
    "intravenous": "iv", "intramuscular": "im", "subcutaneous": "sc", "topical": "top",
    "sublingual": "sl", "rectal": "pr", "inhalation": "inh",
}  # fmt: skip
_FREQUENCIES = {"QD": "qd", "BID": "bid", "TID": "tid", "QID": "qid", "QOD": "qod", "Q1H": "q1h",
                "Q2H": "q2h", "Q3H": "q3h", "Q4H": "q4h", "Q6H": "q6h", "Q8H": "q8h",
                "BED": "qn", "WK": "qw"}  # fmt: skip
_A_DAY = {1: "qd", 2: "bid", 3: "tid", 4: "qid"}


def chinese(text: str) -> bool:
    """Whether a line about it is told in Chinese."""
    return _IDEOGRAPH.search(text) is not None


def route(codes: frozenset[str], words: str) -> str:
    """`po`, `iv`, ...; empty if it is none that is known."""
    known = (_ROUTES[code] for code in sorted(codes) if code in _ROUTES)
    name = words.lower().removesuffix(" route").removesuffix(" use").strip()
    return next(known, _ROUTES.get(name, ""))


def frequency(codes: frozenset[str]) -> str:
    """Of a coded timing (HL7 v3 GTSAbbreviation)."""
    return next((_FREQUENCIES[code] for code in sorted(codes) if code in _FREQUENCIES), "")


def repeated(count: int, period: int, unit: str) -> str:
    """`bid`: twice in one day, `q8h`: once in eight hours; empty if there is no short word."""
    if unit == "d" and period == 1:
        return _A_DAY.get(count, "")
    if count != 1:
        return ""
    if unit == "h":
        return "qd" if period == 24 else f"q{period}h"
    return {("d", 2): "qod", ("wk", 1): "qw"}.get((unit, period), "")
