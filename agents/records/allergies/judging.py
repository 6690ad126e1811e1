"""Whether the patient is allergic to a substance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agents.records.allergies.words import TESTED, TESTS
from agents.records.parsed import Parsed
from schemas.records import Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_NOT = re.compile(
    r"过敏(?:史)?\s?[:(]\s?(?:无|否|没有|-)|(?:用过|用|吃).{0,6}(?:无异常|无不适|正常)"
    r"|不要紧|可以吃|可耐受|不过敏|能吃|用过没事|用过无反应|无反应|没事|不算过敏|不能肯定|无过敏|不是过敏|未过敏|未再过敏"
    r"|皮试(?:做过)?(?:多|两|几)?次?(?:都|均)?(?:是)?(?:结果)?(?:呈|为)?\(?(?:阴性|-)"
    r"|not allergic|过敏(?:史)?(?:已)?排除|排除.{0,8}过敏"
    r"|没(?:有)?(?:出现)?过敏|从[未没](?:有)?过敏|不会过敏|无妨|撤销|错录|误录|不予采信|不成立"
    r"|[用吃打服喝输点碰种喂](?:过|了)?[^,;。]{0,4}(?:没事|没问题|无反应|没有?反应|无碍)"
    r"|^(?:类|药物)?(?:没事|均?无碍|可?耐受|倒?不过敏)|过敏[:]\s?n\b"
    r"|属?(?:毒性|输注|一般|胃肠|副)(?:反应|作用)|不良反应而非"
)
_NOT_AFTER = re.compile(
    r"[^;。]{0,16}[,(—-]{1,3}(?:皮试阴性,|[^,;。()]{0,8})?(?:那是)?"
    r"(?:属?(?:输注|毒性|一般|副)(?:反应|作用),?(?:而|,)?)?(?:不算|不是|非|并非|不属于?|而非)过敏"
    r"|[^;。]{0,10}[?][—-]*无|类?(?:药物)?用过,没(?:有)?过敏"
)
_TAKEN_BACK = re.compile(
    r"撤销|错录|误录|误记|更正|不予采信|不成立|属?(?:毒性|输注|一般|胃肠|副)(?:反应|作用)"
)
_MAYBE = re.compile(r"[?]|可疑|疑似|可能|不详|待查|待排|不确定|possible|question")


def certainty_of(parsed: Parsed, pack: Pack, span: Span, behind: str) -> Certainty | None:
    """None: it is a relative's, or warned of."""
    said = pack.cues.judge(parsed, span)
    if said.family or said.other or said.certainty == "hypothetical":
        return None
    tested = TESTED.match(behind) if TESTS.search(_line(parsed, span)) else None
    if tested:
        return _outcome(tested)
    clause = re.split(r"[,;。]", behind, maxsplit=1)[0]
    negated = _NOT.search(clause) or _NOT_AFTER.match(behind)
    own = (
        negated is None
        or _TAKEN_BACK.search(clause) is not None
        or not re.search(r"过敏|[(](?!皮试)", clause[: negated.start()])
    )
    if (negated and own) or said.certainty == "refuted":
        return "refuted"
    if said.certainty == "uncertain" or _MAYBE.search(clause.split("、")[0][:14]):
        return "uncertain"
    return "confirmed"


def _line(parsed: Parsed, span: Span) -> str:
    """The words before a substance in its sentence and behind it up to its answer."""
    return parsed.folded[parsed.sentence(span.start).start : span.end + 8]


def _outcome(tested: re.Match[str]) -> Certainty:
    if tested["sign"]:
        return "refuted" if tested["sign"] == "-" else "confirmed"
    if tested["class"]:
        return "refuted" if tested["class"] == "0" else "confirmed"
    return "confirmed" if tested["word"] and tested["word"] != "阴性" else "refuted"
