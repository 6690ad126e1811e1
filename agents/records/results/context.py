"""What stands around a test's name: whose it is, of what, and whether it is a result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from agents.records.results.catalogue import Mention
from agents.records.results.reading import Answer
from schemas.records import Span

if TYPE_CHECKING:
    from agents.records.pack import Pack
    from agents.records.parsed import Parsed

Specimen = Literal["", "urine", "stool", "other"]

_JOIN = re.compile(r"[ \t]{0,2}(?:[、,，/和及与]|以及|\band\b)[ \t]{0,2}")
_AIM = re.compile(
    r"(?:如果?(?!下|上|前|图|:)|若|假如|一旦|当(?!地|日|天|时|晚|年|班)|目标|达标|要求"
    r"|建议|(?<![反效相适对])应(?!用|激|答)|宜|力争|争取|务必|使(?!用)|必要时|超过"
    r"|\b(?:if|when|target|goal|keep|maintain|should)\b)"
    r"[^,，。;；\n]{0,12}$"
)
_CONDITION = re.compile(
    r"\s*(?:以下|以内|以上|时(?!间)|者|方可|才|则|即(?!刻)|为宜|为目标|左右为宜"
    r"|予?输|[,，]?(?:请|需|应|及时|就诊|就医|随诊|立即就|可口服|口服|予以?口服|暂停|停用))"
)
_URINE = re.compile(
    r"尿常规|尿检|尿液|尿沉渣|尿分析|尿化学|尿干化学|小便常规|\burinalysis\b"
    r"|\bua\b(?=[: ])|\burine\b"
)
_STOOL = re.compile(r"大便常规|便常规|粪便|粪常规|大便|\bstool\b")
_FLUID = re.compile(
    r"脑脊液|胸水|腹水|胸腔积液|腹腔积液|积液(?:常规|生化|检查|送检)|引流液|关节液"
    r"|心包积液|骨髓|穿刺液|灌洗液|\bcsf\b|\bpleural fluid\b|\bascit"
)
_BLOOD = re.compile(
    r"血常规|血生化|生化|肝功|肾功|血脂|血气|电解质|凝血|甲功|血清|血分析|血:|末梢血"
    r"|心肌酶|急诊血|全血|\bcbc\b|\bserum\b|\bblood\b"
)
_REACHED = re.compile(r"[升降]至|[升降]到|至|到|达")
_NEXT_STEP = re.compile(
    r"[ \t]*(?:以[上下])?[ \t]*(?:[,，]?[ \t]*(?:改|则|再|后?起始|可|停|换|时|后改|予|给))"
)
_BACK = 120


class Context:
    """The surroundings of mentions in one note."""

    def __init__(self, parsed: Parsed, pack: Pack) -> None:
        self._parsed = parsed
        self._judge = pack.cues.judge
        self._special = any(one.search(parsed.folded) for one in (_URINE, _STOOL, _FLUID))

    def joins(self, end: int, start: int) -> bool:
        """Whether only a comma or an `and` stands between two names."""
        return start - end <= 6 and _JOIN.fullmatch(self._parsed.folded, end, start) is not None

    def idle(self, mention: Mention, answer: Answer) -> bool:
        """Whether it is no result of the patient: an aim, a condition, somebody else's."""
        folded = self._parsed.folded
        vital = mention.tests[0].vital
        compared = any(one.sign for one in answer.numbers)
        wide = any(one.other is not None for one in answer.numbers)
        if answer.word is not None and vital and answer.word.side != "N":
            return True
        sentence = self._parsed.sentence(mention.start)
        before = folded[max(sentence.start, mention.start - 24) : mention.start]
        if _AIM.search(before) is not None:
            return True
        numbers = answer.numbers
        reached = numbers and _REACHED.search(folded, mention.end, numbers[0].start)
        if reached and _NEXT_STEP.match(folded, answer.end):
            return True
        if vital or compared or wide:
            kind = self._parsed.section(mention.start).kind
            if kind == "advice" or _CONDITION.match(folded, answer.end) is not None:
                return True
        assertion = self._judge(self._parsed, Span(mention.start, mention.end))
        if assertion.other or self._relatives(mention, assertion.family, assertion.relative):
            return True
        if (
            assertion.certainty == "refuted"
            and answer.word is not None
            and answer.word.side in "HL"
        ):
            return True
        loose = vital or compared or wide or answer.word is not None
        return loose and assertion.certainty == "hypothetical"

    def _relatives(self, mention: Mention, family: bool, relative: str) -> bool:
        """Whether it is a relative's: in one clause, for relatives also measure and tell."""
        if not family:
            return False
        if self._parsed.section(mention.start).kind == "family" or not relative:
            return True
        folded = self._parsed.folded
        first = max(0, mention.start - _BACK)
        clause = max(folded.rfind(mark, first, mention.start) for mark in ",;。\n")
        clause = max(clause, first - 1)
        return relative in self._parsed.text[clause + 1 : mention.start]

    def specimen(self, mention: Mention) -> Specimen:
        """Of what it was taken, if the sentence or the line says that it is not blood."""
        if not self._special:
            return ""
        folded = self._parsed.folded
        start = max(mention.start - _BACK, 0)
        start = max(folded.rfind("\n", start, mention.start), start)
        stop = folded.rfind("。", start, mention.start)
        before = folded[max(start, stop + 1) : mention.start]
        named = {
            "urine": _last(_URINE, before),
            "stool": _last(_STOOL, before),
            "other": _last(_FLUID, before),
        }
        kind, place = max(named.items(), key=lambda one: one[1])
        if place < 0 or _last(_BLOOD, before) > place:
            return ""
        return "urine" if kind == "urine" else "stool" if kind == "stool" else "other"


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)
