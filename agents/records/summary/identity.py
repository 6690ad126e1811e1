"""Whether a document says that it is of somebody else: another name, the other sex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.records.folding import fold
from schemas.records import Document, Patient, Sex, Source, Span

_NAME = re.compile(
    r"(?<![\u4e00-\u9fff])(?:姓\s?名|患者姓名|patient name|name of patient)\s?:\s?"
    r"((?!姓名|性别|年龄|科室|住院|门诊|床号|出生)[\u4e00-\u9fff·]{2,8}+(?!\s?:)"
    r"|[a-z][a-z .'-]{2,40})"
)
_SEX = re.compile(
    r"(?:性\s?别|\bsex|\bgender)\s?:\s?(男|女|male|female|m\b|f\b)"
    r"|患者[,、]?\s?(男|女)性?[,、]"
    r"|(?:姓\s?名)\s?:\s?[\u4e00-\u9fff·]{2,4}[\s,;|]{1,4}(男|女)"
)
_NOT_THEIRS = re.compile(
    r"非本人(?:报告|病历|资料|结果|检查)|夹错病历|误夹|他人(?:报告|病历)"
    r"|filed in error|not this patient"
)
_NO_NAME = re.compile(r"之[子女婴]|婴儿|baby|某")
_REACH = 2_000
"""Characters at the head of a document in which it says whose it is."""


@dataclass(frozen=True, slots=True, repr=False)
class Stranger:
    """A document that may be another person's, by the words that it says.

    `named`: it names somebody else, or says itself that it is not the patient's; else it is of the
    other sex.
    """

    document: Document
    source: Source
    said: str
    named: bool


def strangers(patient: Patient, document: Document) -> Iterator[Stranger]:
    """What speaks against its being the patient's."""
    head = fold(document.text[:_REACH])
    found = _other_name(patient, head) or _NOT_THEIRS.search(head)
    if found is not None:
        yield _stranger(document, found, named=True)
    for match in _SEX.finditer(head):
        sex = _sex(match[1] or match[2] or match[3])
        if patient.sex != "unknown" and sex != patient.sex:
            yield _stranger(document, match, named=False)
            return


def _stranger(document: Document, match: re.Match[str], *, named: bool) -> Stranger:
    span = Span(match.start(), match.end())
    words = document.text[span.start : span.end]
    return Stranger(document, Source(document.id, span), words, named)


def _other_name(patient: Patient, head: str) -> re.Match[str] | None:
    own = re.sub(r"\s", "", fold(patient.name))
    match = _NAME.search(head)
    if match is None or not own or own in re.sub(r"\s", "", head) or _NO_NAME.search(match[1]):
        return None
    words = set(re.findall(r"[a-z]+", match[1]))
    if words and words & set(re.findall(r"[a-z]+", fold(patient.name))):
        return None
    if (words and not own.isascii()) or (not words and own.isascii()):
        return None  # written in two alphabets: it may be the same
    return match


def _sex(word: str) -> Sex:
    return "male" if word in ("男", "male", "m") else "female"
