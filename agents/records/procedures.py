"""Operations, interventions, endoscopies, biopsies and courses of treatment that a note names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.lexicon import Token
from agents.records.parsed import Parsed
from agents.records.times import When, when
from schemas.records import Certainty, Procedure, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_EXTENDING = frozenset({"site", "side", "modifier", "way", "disease", "lesion"})
_GOING_ON = frozenset({"operation", "procedure", "way", "site", "side"})
_AND = re.compile(r"[+及并加]{1,2}|联合")
_GLUE = re.compile(
    r"(?:[下部并及加+的镜]|联合|[lct]\d{1,2}(?:[/-][lscth]?\d{1,2})?|\([^()]{1,8}\)|\+)?"
)
_AFTER = re.compile(r"术?(?:后|史|治疗后|切口|病理)")
"""Behind an operation that was done."""
_DONE_TO = frozenset({"site", "disease", "lesion"})
_BACK = 20
"""Characters before a verb where what it was done to may stand."""
_NEAR = 30
"""Characters before an operation that may say how it is meant."""
_PLAN = re.compile(r"^(?!.*course)")
_WAS = re.compile(
    r"\b(?:s/p|post|after|following|since|had|has had|underwent|h/o|hx of|history of|prior|previous"
    r"|recent|status|given|on|continue|from|via|by|at|during|day \d+)(?: [a-z]+){0,2} $"
)
"""Before an operation in an English plan that is over, or goes on."""
_SCOPE = re.compile(r"(?:胃镜|肠镜|喉镜|膀胱镜|支气管镜|阴道镜|宫腔镜)(?=下)")


def find(parsed: Parsed, pack: Pack) -> Iterator[Procedure]:
    """Every mention: those that are named in order, then those told in a verb."""
    taken = bytearray(len(parsed.text))
    decided = _Decided(parsed, pack)
    for one in _all_named(parsed, pack, decided):
        taken[one.span.start : one.span.end] = b"\1" * (one.span.end - one.span.start)
        yield one
    for span in _in_verbs(parsed, pack):
        if not any(taken[span.start : span.end]):
            certainty = _certainty(parsed, pack, span, decided)
            if certainty in ("confirmed", "refuted"):
                yield _item(parsed, span, certainty, "")


class _Decided:
    """Sentences in which relatives decide for the patient, each looked at once."""

    def __init__(self, parsed: Parsed, pack: Pack) -> None:
        self._folded = parsed.folded
        self._decides = pack.operating.decides
        self._known: dict[Span, bool] = {}

    def __contains__(self, sentence: Span) -> bool:
        known = self._known.get(sentence)
        if known is None:
            found = self._decides.search(self._folded[sentence.start : sentence.end])
            known = self._known[sentence] = found is not None
        return known


def _in_verbs(parsed: Parsed, pack: Pack) -> Iterator[Span]:
    """What was done to a part of the body: 切了一侧输卵管, 扁桃体去年割了."""
    words, folded = pack.operating, parsed.folded
    for verb in words.verb.finditer(folded):
        amount = words.amount.match(folded, verb.end())
        place = amount.end() if amount else verb.end()
        near = [
            token
            for token in pack.lexicon.between(parsed, max(0, verb.start() - _BACK), place + 1)
            if token.parts & _DONE_TO and folded[token.start : token.end] not in words.outer
        ]
        ahead = next((token for token in near if token.start == place), None)
        if ahead is not None:
            yield Span(verb.start(), ahead.end)
            continue
        for token in near:
            if "site" in token.parts and words.between.fullmatch(folded, token.end, verb.start()):
                yield Span(token.start, verb.end())


def _all_named(parsed: Parsed, pack: Pack, decided: _Decided) -> Iterator[Procedure]:
    tokens = pack.lexicon.tokens(parsed)
    last = -1
    for place, token in enumerate(tokens):
        if token.start < last or not token.parts & {"procedure", "operation"}:
            continue
        span = _named(parsed, pack, tokens, place, last)
        if span is None:
            continue
        last = span.end
        certainty = _certainty(parsed, pack, span, decided)
        if certainty is None:
            continue
        yield _item(parsed, span, certainty, token.procedure.name if token.procedure else "")


def _item(parsed: Parsed, span: Span, certainty: Certainty, term: str) -> Procedure:
    time = When() if certainty != "confirmed" else when(parsed, span)
    return Procedure(
        span=span,
        sentence=parsed.sentence(span.start),
        name=parsed.text[span.start : span.end],
        term=term,
        time=time.time,
        certainty=certainty,
    )


def _certainty(parsed: Parsed, pack: Pack, span: Span, decided: _Decided) -> Certainty | None:
    """None: it is another's, or a thing to be looked at again."""
    said, words, folded = pack.cues.judge(parsed, span), pack.operating, parsed.folded
    sentence = parsed.sentence(span.start)
    if said.other or (said.family and sentence not in decided):
        return None
    before = folded[max(sentence.start, span.start - _NEAR) : span.start]
    behind = folded[span.end : sentence.end]
    if words.planned.match(behind) and not words.undone.search(before):
        return "hypothetical"
    if words.refused.match(behind) or words.undone.search(before):
        return "refuted"
    if said.undone:
        return "refuted"
    certainty: Certainty = said.certainty
    if (
        certainty == "uncertain"
        or words.coming.search(before)
        or (certainty == "confirmed" and (said.planned or _is_planned(parsed, span)))
    ):
        certainty = "hypothetical"
    again = words.again.search(before)
    if again and (certainty == "hypothetical" or again["then"]):
        return None
    if certainty == "hypothetical" and words.done.match(behind):
        return "confirmed"
    return certainty


def _is_planned(parsed: Parsed, span: Span) -> bool:
    """Whether its own words or where it stands say that it is yet to come."""
    section = parsed.section(span.start)
    heading = parsed.folded[section.start : section.body]
    if "择期" in parsed.folded[span.start : span.end] or heading.startswith(("拟", "计划")):
        return _AFTER.match(parsed.folded, span.end) is None
    if parsed.is_english and section.kind == "treatment" and _PLAN.match(heading):
        return _WAS.search(parsed.folded, section.body, span.start) is None
    return section.kind == "advice" and _AFTER.match(parsed.folded, span.end) is None


def _named(parsed: Parsed, pack: Pack, tokens: list[Token], place: int, floor: int) -> Span | None:
    """The whole name of an operation around a token; None if it is none."""
    token = tokens[place]
    folded = parsed.folded
    if pack.lexicon.is_no_operation(parsed, token.end):
        return None
    start = _first(folded, tokens, place, max(floor, parsed.sentence(token.start).start))
    word = folded[token.start : token.end]
    if "procedure" in token.parts:
        if _SCOPE.match(folded, token.start):
            return None
    elif (word in pack.lexicon.weak and start == token.start) or (
        word in ("术", "手术") and not _operated(tokens, place, start)
    ):
        return None
    return Span(start, _last(folded, tokens, place))


def _last(folded: str, tokens: list[Token], place: int) -> int:
    """Where the operations that go with it end: 切除加清扫术."""
    end = tokens[place].end
    for at in range(place + 1, min(place + 5, len(tokens))):
        after = tokens[at]
        gap = folded[end : after.start]
        if not after.parts & _GOING_ON or (gap and not _AND.fullmatch(gap)):
            break
        if "operation" in after.parts or (
            "procedure" in after.parts and folded[after.end - 1] == "术"
        ):
            end = after.end
        elif not _leads(tokens, folded, at):
            break
    return end


def _first(folded: str, tokens: list[Token], place: int, floor: int) -> int:
    """Where the words before an operation that belong to its name begin."""
    start = tokens[place].start
    for before in reversed(tokens[max(0, place - 7) : place]):
        gap = folded[before.end : start]
        if before.start < floor or not before.parts & _EXTENDING or before.end > start:
            break
        if folded[before.start : before.end] in (
            "术后",
            "产后",
            "化疗后",
            "放疗后",
            "轻度",
            "急性",
        ):
            break
        if gap and not _GLUE.fullmatch(gap):
            break
        start = before.start
    return start


def _leads(tokens: list[Token], folded: str, place: int) -> bool:
    """Whether a part of the body leads on to another operation."""
    end = tokens[place].end
    return any(
        "operation" in t.parts and t.start - end <= 6 and folded[t.end - 1] == "术"
        for t in tokens[place + 1 : place + 4]
    )


def _operated(tokens: list[Token], place: int, start: int) -> bool:
    """Whether what is before 手术 is a disease or a part, not merely a side."""
    return any(
        t.start >= start and t.parts & {"disease", "lesion", "site"}
        for t in tokens[max(0, place - 7) : place]
    )
