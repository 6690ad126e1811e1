"""What the place of a mention says of it: a ticked box, a list of risks, a list to tell apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import Literal

from agents.records.parsed import Parsed
from schemas.records import Certainty, Span

_start, _end = attrgetter("start"), attrgetter("end")
Place = Certainty | Literal["unsaid"]

_TICKS, _EMPTY = "☑√✓✔☒", "□☐○"
_BOX = rf"(?:[{_TICKS}{_EMPTY}]|\[[ x√]?\]|\([ x√]\))"
_ANSWER = "有|无|是|否|阳性|阴性|不详|未知|yes|no"
_COUNT = r"(?:\d|[①-⑨])\s?[.、)]?\s?"
"""Of an answer on a form: ①无√ ②有."""
_BOX_FIRST = re.compile(
    rf"(?:病?史)?\s?[:(]?\s?((?:(?:{_COUNT})?{_BOX}\s?(?:{_ANSWER})\s?[,、/]?\s{{0,4}}){{1,4}})"
)
_WORD_FIRST = re.compile(
    rf"(?:病?史)?\s?[:(]?\s?((?:(?:{_COUNT}(?:{_ANSWER})\s?{_BOX}?|(?:{_ANSWER})\s?{_BOX})"
    rf"\s?[,、/]?\s{{0,4}}){{1,4}})"
)
_SOME_BOX = re.compile(rf"[{_TICKS}{_EMPTY}\[(](?:(?<=[{_TICKS}{_EMPTY}])|[ x√]?[\])])")
_PAIR = re.compile(rf"(?P<a>{_BOX})\s?(?P<b>{_ANSWER})")
_PAIR_BACK = re.compile(rf"(?P<b>{_ANSWER})\s?(?P<a>{_BOX})")
_YES = frozenset({"有", "是", "阳性", "yes"})
_NO = frozenset({"无", "否", "阴性", "no"})
_TICKED_BEHIND = re.compile(rf"(?:病?史)?\s?[(:]?\s?(?:[{_TICKS}]|\[[x√]\]|\([x√]\))")
_EMPTY_BEHIND = re.compile(rf"(?:病?史)?\s?[(:]?\s?(?:[{_EMPTY}]|\[ ?\]|\( ?\))")
_TICKED_BEFORE = re.compile(rf"(?:[{_TICKS}]|\[[x√]\]|\([x√]\))\s?$")
_EMPTY_BEFORE = re.compile(rf"(?:[{_EMPTY}]|\[ ?\]|\( ?\))\s?$")
_CHOICE = re.compile(r"(?:(?<![\d.])\d{1,2}|[①-⑳])\s?[.、)]?\s?[^\W\d_]")
_LEADS_LINE = re.compile(rf"^(?:[^:\n]{{0,16}}:)?\s*{_BOX}")
_RISK = re.compile(
    r"(?:(?:手术|麻醉|操作|治疗|穿刺|输血|用药|检查|化疗|放疗|介入|主要|相关|远期|近期|围术期|分娩)(?:中|后|期)?(?:的)?"
    r"(?:风险|并发症|意外|不良反应|副作用)|风险(?:告知|交代|评估|提示|包括|有)"
    r"|(?:可能|会|或|易|容易|随时)(?:有|再次|进一步|逐渐|随时)?(?:可)?"
    r"(?:出现|发生|导致|引起|产生|诱发|造成|并发|继发|发展[为成到]|进展[为成到]|恶化[为成]|演变[为成]|加重[为成]|转[为成]|有(?!关|时|人|无))"
    r"|(?:可能)的?(?:风险|并发症|不良反应)|知情同意|术前谈话|有发生|不良反应(?:包括|有|:)|副作用(?:包括|有|:)|并发症(?:包括|有)"
    r"|(?:告知|交代|交待|讲明|说明|讲清|谈及|谈)(?=[^。;\n]{0,40}(?:可能(?!性小)|风险|并发症|后果))"
    r"|交代病情可能|risks?(?:,? (?:including|include|of|discussed"
    r"|explained)|:)|complications (?:include|including|such as)"
    r"|side effects)"
)
_REAL = re.compile(
    r"本例|目前|现已|已出现|已发生|患者(?:既往|有|曾)|确诊|诊断为|现有|入院诊断|出现了|发生了"
)
_LIST_GOES_ON = re.compile(r"等|[、]|及|和|或|与|以及|之可能|的可能")
_RISKS_END = re.compile(
    r"(?:等(?:手术|麻醉|相关|严重|各种|可能)?的?(?:风险|并发症|意外|不良反应|后果|可能|情况)|之可能|之虞|之险|之风险|均有可能)(?![大小较高低])"
)
_STOP = re.compile(r"[;。\n]")
_PARTS = re.compile(r"[。\n]")
_LONGEST_TOPIC = 12
_CROSS = re.compile(r"[×✗✘]")
_CROSSED = re.compile(rf"(?:病?史)?\s?{_CROSS.pattern}(?!\s?\d)")
_ANSWERS = re.compile(r"[\s病史:、均都皆未—–(-]")
"""How what answers behind a mention begins, each of the patterns for it."""
_ANSWERED = re.compile(
    r"(?:病?史)?\s?:\s?(?:(?P<no>否|无|没有|未见|阴性|\(-\)|-|no)|(?P<yes>是|有"
    r"|阳性|\(\+\)|\+|yes))(?=[\s,;。)/]|$)"
)
_UNTESTED = re.compile(r"(?:、[^\s,;。、]{1,8}){0,5}(?:均|都|皆)?未(?:查|测|做检查|检查|筛查)")
_SIGNED = re.compile(r"(?:^|[\s,;:。、])\((?P<sign>[-+])\)\s?$")
_OF_RELATIVE = re.compile(
    r"\s?(?:—|-|–){1,2}\s?(?:父|母|兄|弟|姐|妹|祖|外祖|同胞|子|女|无|爷|奶|叔|舅|姑|姨)"
)
_DOUBTED = re.compile(
    r"\((?![^()]{0,12}(?:er|pr|her|egfr|alk|pd|rh|hp|rf|anca|抗"
    r"|涂))[^()]{1,10}(?:阴性|-|未见|排除|不支持|不符)[^()]{0,6}\)"
    r"|\([^()]{0,8}阴性,"
)
_ARGUED = re.compile(
    r"本例|本患者|该患者(?:无|未)|可资鉴别|相鉴别|(?:^|,)多见于|好发于?|与[^,;。]{1,8}无关"
)
_CLAUSE = re.compile(r"[,;:。\n]")
_FEW_CHOICES = 2
_NEAR = 240
"""Characters of a line that are looked at on either side."""
_TOPIC = re.compile(
    r"\s*(?:\(?\d{1,2}\s?[.、)]?|[①-⑳]|[(]?[一二三四五六七八九][、.)])?\s*(?:与|和|需除外)?\s*"
)
_OPENS = re.compile(r"\s?(?:\([^()]{0,12}\))?\s?(?:[:,]|多见|好发|常见|常有|可有|一般|典型)")
_DENIED = re.compile(
    r"(?:不符合?|不支持|(?:可|能|以|予以?|基本|已|暂|故)(?:排除|除外|不考虑|不支持)|不考虑|依据不足"
    r"|证据不足|暂不成立|不成立|与之?不符"
    r"|可鉴别|可资鉴别|可能性(?:极)?小|not support\w*"
    r"|ruled out|unlikely|excluded)[^,;。]{0,4}[。.;\s]*$"
)


class Frame:
    """What is found out once of a note: whether it is a form, with boxes or ticks, or has crosses
    and signs; and the words by which somebody is told of risks, before them and behind."""

    def __init__(self, folded: str) -> None:
        self.boxed = _SOME_BOX.search(folded) is not None
        self.crossed = _CROSS.search(folded) is not None
        self.signed = "(-)" in folded or "(+)" in folded
        self.risks = [Span(*match.span()) for match in _RISK.finditer(folded)]
        self.ends = [Span(*match.span()) for match in _RISKS_END.finditer(folded)]


def place_of(parsed: Parsed, span: Span, frame: Frame) -> Place | None:
    """What the place says against the words around; None if nothing."""
    if frame.crossed and _CROSSED.match(parsed.folded, span.end):
        return "refuted"
    place = _ticked(parsed, span) if frame.boxed else None
    return place or _answered(parsed, span, signed=frame.signed) or _topic(parsed, span)


def feared(parsed: Parsed, span: Span, frame: Frame) -> bool:
    """Whether a mention stands among risks that somebody is told of."""
    if parsed.section(span.start).kind == "risk":
        return True
    folded = parsed.folded
    at = bisect_right(frame.risks, span.start, key=_end) - 1
    told = frame.risks[at] if at >= 0 else None
    if told and told.start >= span.start - _NEAR:
        apart = _PARTS.search(folded, told.start, span.start)
        if not apart and not _REAL.search(folded, told.end, span.start):
            return True
    if not _LIST_GOES_ON.match(folded, span.end):
        return False
    sentence = parsed.sentence(span.start)
    stop = _CLAUSE.search(folded, span.end, min(sentence.end, span.end + _NEAR))
    next_end = bisect_left(frame.ends, span.end, key=_start)
    last = stop.start() if stop else sentence.end
    return next_end < len(frame.ends) and frame.ends[next_end].end <= last


def told_apart(parsed: Parsed, span: Span) -> bool:
    """Whether a mention stands where diseases are told apart."""
    return parsed.section(span.start).kind == "differential"


def _line(parsed: Parsed, span: Span) -> Span:
    floor, ceiling = max(0, span.start - _NEAR), min(len(parsed.folded), span.end + _NEAR)
    start = parsed.folded.rfind("\n", floor, span.start) + 1 or floor
    end = parsed.folded.find("\n", span.end, ceiling)
    return Span(start, end if end >= 0 else ceiling)


def _ticked(parsed: Parsed, span: Span) -> Place | None:
    """What a form says by its boxes and ticks."""
    line = _line(parsed, span)
    folded = parsed.folded
    words = folded[line.start : line.end]
    if _SOME_BOX.search(words) is None:
        return None
    behind = folded[span.end : line.end]
    for whole, pair in ((_BOX_FIRST, _PAIR), (_WORD_FIRST, _PAIR_BACK)):
        match = whole.match(behind)
        if match and _SOME_BOX.search(match[1]):
            chosen = {one["b"] for one in pair.finditer(match[1]) if _is_tick(one["a"])}
            if chosen & _YES and not chosen & _NO:
                return "confirmed"
            return "refuted" if chosen & _NO and not chosen & _YES else "unsaid"
    return _ticked_near(words, folded[max(line.start, span.start - 4) : span.start], behind)


def _ticked_near(words: str, before: str, behind: str) -> Place | None:
    """What a single box or tick says; `words`: of the line."""
    boxed = any(mark in words for mark in _TICKS + _EMPTY)
    if not (_LEADS_LINE.match(words) or not boxed):
        if _TICKED_BEHIND.match(behind):
            return "confirmed"
        if any(mark in words for mark in _EMPTY) and _EMPTY_BEHIND.match(behind):
            return "refuted"
    if _TICKED_BEFORE.search(before):
        return "confirmed"
    if _EMPTY_BEFORE.search(before):
        return "refuted"
    if not boxed or _LEADS_LINE.match(words):
        return None
    ticked = any(mark in words for mark in _TICKS)
    return "unsaid" if ticked and len(_CHOICE.findall(words)) > _FEW_CHOICES else None


def _answered(parsed: Parsed, span: Span, *, signed: bool) -> Place | None:
    """What a question and its answer say: 慢阻肺:否, (-)脑卒中, 高血压——父(+)."""
    folded = parsed.folded
    begun = _ANSWERS.match(folded, span.end) is not None
    if begun and (_OF_RELATIVE.match(folded, span.end) or _UNTESTED.match(folded, span.end)):
        return "unsaid"
    if begun and (answer := _ANSWERED.match(folded, span.end)):
        return "refuted" if answer["no"] else None
    sign = _SIGNED.search(folded, max(0, span.start - 6), span.start) if signed else None
    if sign:
        return "refuted" if sign["sign"] == "-" else "confirmed"
    return "uncertain" if begun and _DOUBTED.match(folded, span.end) else None


def _is_tick(box: str) -> bool:
    return any(mark in box for mark in f"{_TICKS}x")


def _topic(parsed: Parsed, span: Span) -> Place | None:
    """A disease that is named first and then argued away: X：…，不符合."""
    folded = parsed.folded
    start = min(parsed.sentence(span.start).start, span.start)
    if span.start - start > _LONGEST_TOPIC:
        return None
    if not _TOPIC.fullmatch(folded, start, span.start):
        return None
    ceiling = min(len(folded), span.end + _NEAR)
    stop = _STOP.search(folded, span.end, ceiling)
    end = stop.end() if stop else ceiling
    said = folded[span.end : end]
    if _OPENS.match(said) and _DENIED.search(said):
        return "refuted"
    argued = parsed.section(span.start).kind != "diagnosis" and _ARGUED.search(said)
    return "uncertain" if argued else None
