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
    r"(?:如果?(?!下|上|前|图|:)|若|假如|一旦|当(?!地|日|天|时|晚|年|班)|目标|达标|要求|靶|禁忌\("
    r"|建议|(?<![反效相适对])应(?!用|激|答)|宜|力争|争取|务必|使(?!用)|必要时|超过"
    r"|\b(?:if|when|target|goal|keep|maintain|should)\b)"
    r"[^,，。;；\n]{0,12}$"
)
_CONDITION = re.compile(
    r"\s*(?:以下|以内|以上|时(?!间)|者|方可|才|则|即(?!刻)|为宜|为目标|左右为宜"
    r"|予?输|[,，]?(?:请|需|应|及时|就诊|就医|随诊|立即就|可口服|口服|予以?口服|暂停|停用))"
)
_AT_ONCE = re.compile(
    r"\s*(?:次/分|次|%)?(?:立即|马上|随时|即|停|叫|[^,，;。\n]{0,6}(?:未给|未予|未服|停))"
)
"""Behind a limit: what is done, or was left out, as it is passed."""
_WORDS = re.compile(r"异常|[^\d(+阳]{0,3}(?:[升增偏减降]|下降)")
_REASON = re.compile(r"(?:因|由于|鉴于|考虑到?)[^,，。;；\n]{0,6}$")
_BECAUSE = re.compile(r"(?:因(?!此)|由于|鉴于)[他她其]?$")
_DONE_SO = re.compile(
    r"\s*(?:次/分|次)?(?:故|遂|而|就|才|给|已)?(?:暂?停用?|减量?|换)(?:了|过|掉|有|已|至今)"
)
_TURNED = re.compile(
    r"(?:症|性(?!质)|增多症|减少症|[,，]?(?:故|遂|而)?(?:停|减|改|换|未用|不用|暂停|慎用|禁用))"
)
_URINE = re.compile(
    r"(?=[尿小u])(?:尿常规|尿检|尿液|尿沉渣|尿分析|尿化学|尿干化学|小便常规|\burinalysis\b"
    r"|\bua\b(?=[: ])|\burine\b)"
)
_STOOL = re.compile(r"(?=[大便粪s])(?:大便常规|便常规|粪便|粪常规|大便|\bstool\b)")
_FLUID = re.compile(
    r"(?=[脑胸腹积引关心骨穿灌cpa])(?:脑脊液|胸水|腹水|胸腔积液|腹腔积液|积液(?:常规|生化|检查|送检)|引流液|关节液"
    r"|心包积液|骨髓(?!抑制|移植|瘤|增生|炎|纤维|水肿|衰)"
    r"|穿刺液|灌洗液|\bcsf\b|\bpleural fluid\b|\bascit)"
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
        sentence = self._parsed.sentence(mention.start)
        if _begins(answer) >= sentence.end:  # the number of the next point of a list
            return True
        vital = mention.tests[0].vital
        compared = any(one.sign for one in answer.numbers)
        if answer.word is not None and self._is_reason(mention, answer):
            return True
        if compared and vital and _AT_ONCE.match(folded, answer.end):
            return True
        wide = any(one.other is not None for one in answer.numbers)
        if answer.word is not None and vital and answer.word.side != "N":
            return True
        before = folded[max(sentence.start, mention.start - 24) : mention.start]
        if _AIM.search(before) is not None:
            return True
        numbers = answer.numbers
        reached = numbers and _REACHED.search(folded, mention.end - 1, numbers[0].start)
        if reached and _NEXT_STEP.match(folded, answer.end):
            return True
        if (vital or compared or wide) and self._is_limit(mention, answer):
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

    def _is_limit(self, mention: Mention, answer: Answer) -> bool:
        """Whether it is told what to do beyond it, and not why something was done."""
        if mention.tests[0].vital and self._acted_on(mention, answer):
            return False
        advised = self._parsed.section(mention.start).kind == "advice"
        return advised or _CONDITION.match(self._parsed.folded, answer.end) is not None

    def _acted_on(self, mention: Mention, answer: Answer) -> bool:
        """Whether something was done because of what was measured: 因心率52暂停."""
        if len(answer.numbers) != 1 or answer.numbers[0].sign or answer.numbers[0].other:
            return False
        folded = self._parsed.folded
        return _BECAUSE.search(folded, max(0, mention.start - 4), mention.start) is not None or (
            _DONE_SO.match(folded, answer.end) is not None
        )

    def _is_reason(self, mention: Mention, answer: Answer) -> bool:
        """Whether words of a test only say why a medicine was changed, or name a disease."""
        if answer.word is None or answer.word.side not in ("A", "H", "L"):
            return False
        folded = self._parsed.folded
        behind = folded[answer.end : answer.end + 8]
        if not _WORDS.match(folded, answer.word.start):
            return False
        closed = behind.removeprefix(")")
        if not _TURNED.match(closed):
            return False
        before = folded[max(0, mention.start - 12) : mention.start]
        return behind[:1] in "症性" or before.endswith("(") or _REASON.search(before) is not None

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


def _begins(answer: Answer) -> int:
    return answer.word.start if answer.word is not None else answer.numbers[0].start


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)
