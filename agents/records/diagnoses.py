"""Diseases and lesions that a note names, of the patient and of relatives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from agents.records.assertion import Assertion
from agents.records.lexicon import Lexicon, Token
from agents.records.parsed import Parsed
from agents.records.times import When, when
from schemas.records import Course, Diagnosis, FamilyHistory, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

Made = tuple[Assertion, Diagnosis | FamilyHistory]
"""How a mention is meant, and its item."""
_ROMAN = r"(?:[ⅠⅡⅢⅣⅤⅥ]{1,2}|i{1,3}v?|vi{0,2})"
_GRADE = re.compile(
    rf"\s?(?:(?:g?\d{{1,2}}[a-e]?|{_ROMAN}[a-c]?\d?|[一二三四五六])(?:\s?[-~～/]\s?(?:\d{{1,2}}|{_ROMAN}))?"
    rf"\s?(?:级|期|度|型|类)|g[1-5][ab]?(?:a[1-3])?(?![a-z0-9])|\s?(?:stage|grade|class)\s?(?:\d[a-c]?|{_ROMAN})(?![a-z0-9]))"
)
_GLUE = re.compile(
    r"(?:[部区段处内侧旁上下壁]|s\d{1,2}(?:[/-]\d)?段?|[lct]\d{1,2}(?:[/-][lscth]?\d{1,2})?(?:椎体|椎间盘)?|"
    r"(?:ti|bi)-rads\s?\d[a-c]?类?|\d{1,2}(?:[/-]\d{1,2})?(?:椎体|椎间隙)?|\(?[ⅠⅡⅢⅣ]\)?型?)"
)
_NAMES = frozenset({"disease", "lesion", "symptom"})
_EXTENDING = frozenset({"site", "side", "modifier"})
_SEEN = re.compile(r"(?:见|示|提示|考虑|伴|及|有|、|合并|为|:|呈|发现|个|枚|处|示:|并)\s?$")
_BEFORE_SEEN = 30
_QUERY = re.compile(r"(?:原因)?(?:待查|待诊|查因)")
_MEASURED = re.compile(r"-\d|\s?\d+(?:\.\d+)?\s?(?:iu|u/|mg|g/|分|ng|pg|mmol)")
"""Behind a name that is a test's: GAD-7, ASO 118IU."""
_RESOLVED = re.compile(
    r"[^;。]{0,14}?(?:已愈|治愈|痊愈|已恢复|病愈|后愈|自愈|已好|resolved|cured|已消失|已吸收|已纠正|已缓解|排净|恢复了"
    r"|reverted|in remission|settled|healed|recovered)"
)
_PIECE = re.compile(r"[^\s,;。、!?\n]+")
_SENTENCE_LIKE = re.compile(
    r"^(?:无|未|否|不|非|没|如|若|因|请|排除|余)|未见|还是|[<>≥≤]|急诊|随诊|复查|随访|评估|测|患者|支持|不|时|后定|来诊|口服|给予|建议|避孕|qd|bid|mg|\d分"
)
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}\s?[、.)]|[①-⑳]|[(]?[一二三四五六七八九]{1,2}[、.)])\s?")
_LEAST, _MOST = 2, 20
"""Characters of a diagnosis that no table knows."""


def find(parsed: Parsed, pack: Pack) -> Iterator[Diagnosis | FamilyHistory]:
    """Every mention, in no certain order; what the note denies elsewhere is not sure."""
    found: list[Diagnosis | FamilyHistory] = []
    claimed: set[str] = set()
    for said, item in _mentions(parsed, pack):
        if said.claimed:
            claimed.add(_called(item))
        if not said.other:
            found.append(item)
    last: dict[str, int] = {}
    for one in found:
        if isinstance(one, Diagnosis) and one.certainty == "refuted":
            last[_called(one)] = max(one.span.start, last.get(_called(one), 0))
    told = pack.cues.is_told(parsed)
    for one in found:
        yield _settled(parsed, one, last, claimed if told else None)


def _settled(
    parsed: Parsed, one: Diagnosis | FamilyHistory, denied: dict[str, int], claimed: set[str] | None
) -> Diagnosis | FamilyHistory:
    """A mention beside its namesakes: a doubt is over that is denied behind.

    `denied`: where last; `claimed`: names that are said to be another's, None if nobody tells.
    """
    if not isinstance(one, Diagnosis) or parsed.section(one.span.start).kind == "diagnosis":
        return one
    name = _called(one)
    over = denied.get(name, -1) > one.span.start
    doubtful = ("uncertain", "confirmed") if claimed is not None else ("uncertain",)
    if over and one.certainty in doubtful:
        return msgspec.structs.replace(one, certainty="refuted", course="active", time="")
    if one.certainty == "confirmed" and (name in denied or name in (claimed or ())):
        return msgspec.structs.replace(one, certainty="uncertain")
    return one


def _called(one: Diagnosis | FamilyHistory) -> str:
    return one.name.lower()


def _mentions(parsed: Parsed, pack: Pack) -> Iterator[Made]:
    taken = bytearray(len(parsed.text))
    for token, span in names(parsed, pack.lexicon):
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        yield from _items(parsed, pack, token, span)
    yield from _written(parsed, pack, taken)


def names(parsed: Parsed, lexicon: Lexicon) -> Iterator[tuple[Token, Span]]:
    """Every name that the lexicon knows, whatever is said of it."""
    tokens = lexicon.tokens(parsed)
    for place, token in enumerate(tokens):
        span = _named(parsed, lexicon, tokens, place)
        if span is not None:
            yield token, span


def _named(parsed: Parsed, lexicon: Lexicon, tokens: list[Token], place: int) -> Span | None:
    """The whole name around a token that is a disease or lesion; None if it is no name."""
    token = tokens[place]
    folded = parsed.folded
    if token.parts.isdisjoint(_NAMES):
        return None
    if lexicon.is_thing(parsed, token.end) or _MEASURED.match(folded, token.end):
        return None
    start = _first(parsed, tokens, place)
    end = _last(parsed, tokens, place)
    if "disease" in token.parts:
        return Span(start, end)
    if "lesion" in token.parts:
        if start < token.start and (
            "vague" not in token.parts or _placed(parsed, tokens, place, start)
        ):
            return Span(start, end)
        if "vague" not in token.parts:
            return Span(start, end)
        return Span(start, end) if _seen(parsed, tokens, place, start) else None
    query = _QUERY.match(folded, token.end)
    if query:
        return Span(token.start, query.end())
    return None


def _first(parsed: Parsed, tokens: list[Token], place: int) -> int:
    """Where the words before a token that belong to its name begin."""
    start = tokens[place].start
    floor = parsed.sentence(start).start
    for before in reversed(tokens[max(0, place - 8) : place]):
        if before.start < floor or before.parts.isdisjoint(_EXTENDING):
            break
        gap = parsed.folded[before.end : start]
        glued = len(gap) <= 10 and "site" in before.parts and _GLUE.fullmatch(gap.strip())
        english = gap == " " and parsed.folded[before.start : before.end].isascii()
        if gap and not glued and not english:
            break
        start = before.start
    return start


def _last(parsed: Parsed, tokens: list[Token], place: int) -> int:
    """Where the grade, stage and phase behind a token end."""
    end = tokens[place].end
    ceiling = parsed.sentence(tokens[place].start).end
    for _ in range(3):
        if (grade := _GRADE.match(parsed.folded, end)) and grade.end() <= ceiling:
            end = grade.end()
        after = next((t for t in tokens[place + 1 : place + 4] if t.start == end), None)
        if after is None or "behind" not in after.parts:
            break
        end = after.end
    return end


def _placed(parsed: Parsed, tokens: list[Token], place: int, start: int) -> bool:
    """Whether a part of the body belongs to the name, or stands before it in its clause."""
    inside = [t for t in tokens[max(0, place - 8) : place] if t.start >= start]
    return any("site" in one.parts for one in inside) or _seen(parsed, tokens, place, start)


def _seen(parsed: Parsed, tokens: list[Token], place: int, start: int) -> bool:
    """Whether it is seen in a part of the body named before: 胆囊内见结石."""
    if not _SEEN.search(parsed.folded, max(0, start - 4), start):
        return False
    floor = max(parsed.sentence(start).start, start - _BEFORE_SEEN)
    return any(
        floor <= t.start and t.end <= start and "site" in t.parts
        for t in tokens[max(0, place - 8) : place]
    )


def _items(parsed: Parsed, pack: Pack, token: Token, span: Span) -> Iterator[Made]:
    said = pack.cues.judge(parsed, span, wary=True)
    term = token.disease
    plain = all(
        "side" in t.parts or ("site" in t.parts and t.start == span.start)
        for t in pack.lexicon.between(parsed, span.start, token.start)
    )
    yield from made(
        parsed,
        span,
        said,
        term.name if term else "",
        term.code if term and plain else "",
        bool(term and term.more and "chronic" in term.more[0]),
    )


def made(
    parsed: Parsed, span: Span, said: Assertion, term: str, code: str, chronic: bool
) -> Iterator[Made]:
    """The item of a mention, one for each relative, and how it is meant."""
    sentence = parsed.sentence(span.start)
    name = parsed.text[span.start : span.end]
    if said.family and not said.other:
        for relative in re.split(r"[、及和与，]|以及| and ", said.relative):
            yield (
                said,
                FamilyHistory(
                    span=span,
                    sentence=sentence,
                    name=name,
                    term=term,
                    code=code,
                    relative=relative,
                    certainty=said.certainty,
                ),
            )
        return
    refuted = said.certainty in ("refuted", "hypothetical")
    time = When() if refuted else when(parsed, span)
    yield (
        said,
        Diagnosis(
            span=span,
            sentence=sentence,
            name=name,
            term=term,
            code=code,
            time=time.time,
            certainty=said.certainty,
            course="active" if refuted else _course(parsed, span, said, time, chronic),
        ),
    )


def _course(parsed: Parsed, span: Span, said: Assertion, time: When, chronic: bool) -> Course:
    sentence = parsed.sentence(span.start)
    if said.certainty == "confirmed" and _RESOLVED.match(parsed.folded, span.end, sentence.end):
        return "resolved"
    past = said.past and not (chronic and parsed.is_english)  # a history of asthma goes on
    if past or (time.event and not chronic):
        return "past"
    if said.certainty == "confirmed" and (time.long or chronic):
        return "chronic"
    return "active"


def _written(parsed: Parsed, pack: Pack, taken: bytearray) -> Iterator[Made]:
    """What is written as a diagnosis and no table knows: the pieces of a list of diagnoses."""
    for section in parsed.sections:
        if section.kind != "diagnosis":
            continue
        for match in _PIECE.finditer(parsed.folded, section.body, section.end):
            number = _NUMBERED.match(match[0])
            start = match.start() + (number.end() if number else 0)
            words = re.split(r"[(:]", parsed.folded[start : match.end()], maxsplit=1)[0]
            words = words.rstrip(")】]")
            span = Span(start, start + len(words))
            if any(taken[span.start : span.end]):
                continue
            if not _LEAST <= len(words) <= _MOST or words.isdigit():
                continue
            if _SENTENCE_LIKE.search(words):
                continue
            if pack.lexicon.ending.search(words) or any(
                "symptom" in t.parts and t.end <= span.end
                for t in pack.lexicon.between(parsed, span.start, span.end)
            ):
                yield from made(
                    parsed, span, pack.cues.judge(parsed, span, wary=True), "", "", False
                )
