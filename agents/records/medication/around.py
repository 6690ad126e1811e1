"""What the words before a medicine say: that it is taken, changed, refused or only thought of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from agents.records.medication.dosing import Dosing, Found
from agents.records.medication.drugs import Mention
from schemas.records import Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack
    from agents.records.parsed import Parsed

_FAR = 60
"""Characters between an allergy and its substance, at most."""
_NEAR = 10
"""Characters between a change and the medicine that it is of."""
_BETWEEN = re.compile(
    r"[ \t]*(?:了|过|予以?|用|服用?|口服|静滴|静脉滴注|皮下注射|肌注|吸入|外用|为|成"
    r"|每日|每晚|睡前|一次|的?药物|药|小剂量|大剂量|国产|进口|原有?的?|所有|全部|\(|“"
    r"|\"|'|:|上述|该药|长期|联合|常规|其|中|基础|降压药|降糖药|抗凝药?|激素|单用|自备"
    r"|within|the|her|his|my|to|on|\d+(?:\.\d+)?%|[ \t])*$"
)
_TELLERS = ("家人", "家属", "亲属", "family")
"""They tell of the patient far more often than of themselves."""


class Change(NamedTuple):
    """A change said before a medicine, at a place of the note."""

    start: int
    meaning: str


class Around:
    """The surroundings of medicines in one note."""

    def __init__(self, parsed: Parsed, pack: Pack) -> None:
        self._parsed = parsed
        self._folded = parsed.folded
        self._dosing: Dosing = pack.dosing
        self._judge = pack.cues.judge
        self._allergy = re.compile(pack.dosing.allergy)
        self._not_allergy = re.compile(pack.dosing.not_allergy)
        self._verbs = pack.dosing.verbs
        self._allergic = self._allergy.search(self._folded) is not None

    def change(self, left: int, start: int) -> Change | None:
        """The change said right before a medicine, after `left`."""
        begin = max(left, start - _NEAR - 12)
        stretch = self._folded[begin:start]
        best: Found | None = None
        for one in self._dosing.before.find(stretch):
            between = stretch[one.end :]
            if len(between) <= _NEAR and _BETWEEN.match(between):
                best = one if best is None or one.end > best.end else best
        return Change(begin + best.start, best.meaning) if best else None

    def supported(self, mention: Mention, left: int) -> bool:
        """Whether a verb before the name, or its kind of section, says that it is a medicine."""
        before = self._folded[max(left, mention.start - 8) : mention.start].rstrip(" (（'\"“")
        if before.endswith(self._verbs):
            return True
        section = self._parsed.section(mention.start)
        line = self._folded.rfind("\n", max(0, mention.start - _FAR), mention.start)
        if line < 0 and mention.start - section.body > _FAR:
            return False
        head = self._folded[max(line + 1, section.body) : mention.start]
        return section.kind == "medication" and not head.strip(" \t0123456789.、)(-·*①②③④⑤⑥⑦⑧⑨")

    def allergic(self, mention: Mention) -> bool:
        """Whether the sentence speaks of an allergy to it."""
        if not self._allergic:
            return False
        section = self._parsed.section(mention.start)
        list_of = self._folded[section.body : mention.start].lstrip()
        if section.kind == "allergy" and "\n" not in list_of:
            return True
        sentence = self._parsed.sentence(mention.start)
        head = self._folded[max(sentence.start, mention.start - _FAR) : mention.start]
        tail = self._folded[mention.end : min(sentence.end, mention.end + 40)]
        for found in self._allergy.finditer(tail):
            around = tail[max(0, found.start() - 1) : found.end() + 2]
            if self._not_allergy.search(around) is None and _listed(tail[: found.start()]):
                return True
        last = None
        for found in self._allergy.finditer(head):
            around = head[max(0, found.start() - 1) : found.end() + 2]
            if self._not_allergy.search(around) is None:
                last = found
        return last is not None and _named(head[last.end() :])

    def _head(self, mention: Mention) -> str:
        """The beginning of its line, or what is near of it."""
        start = max(0, mention.start - _FAR)
        line = self._folded.rfind("\n", start, mention.start)
        return self._folded[max(start, line + 1) : mention.start]

    def certainty(self, mention: Mention, left: int) -> Certainty | None:
        """How it is meant; None if it is another person's."""
        assertion = self._judge(self._parsed, Span(mention.start, mention.end))
        if assertion.other or (assertion.family and assertion.relative not in _TELLERS):
            return None
        before = self._folded[max(left, mention.start - 16) : mention.start]
        if self._dosing.planned.search(before) or assertion.certainty == "hypothetical":
            return "hypothetical"
        if assertion.planned and not _HEADING.search(self._head(mention)):
            return "hypothetical"
        undone = self._dosing.undone.search(before)
        if (undone and not _ENDURED.match(undone[0])) or assertion.undone:
            return "refuted"
        return "refuted" if assertion.certainty == "refuted" else "confirmed"


_ENDURED = re.compile(r"不能耐受[^,，]*[改换]")
"""Of the medicine before: 不能耐受改为氯沙坦."""
_HEADING = re.compile(r"(?:计划|方案|处理|建议|plan)[ \t]*:")
_PART = re.compile(r"[、,，/及和与或]")
_OTHER = re.compile(r"[。;；\n]|\d|治疗|口服|服用|予|静滴|改|换")
_HEAD = re.compile(r"^(?:史|药物|原|ies|ic|y|to|有|为|:|[ \t])++")


def _listed(between: str) -> bool:
    """Whether what stands between a name and 过敏 is no more than further names."""
    if len(between) > 30 or re.search(r"[,，]", between) or _OTHER.search(between):
        return False
    *names, last = _PART.split(between)
    return len(last) <= 6 and all(len(name) <= 10 for name in names)


def _named(between: str) -> bool:
    """Whether a name behind 过敏 is its substance: 过敏史:青霉素, allergic to penicillin."""
    if re.search(r"[,，]", between) or _OTHER.search(between):
        return False
    *names, last = _PART.split(_HEAD.sub("", between))
    return not last.strip() and all(len(name) <= 14 for name in names)
