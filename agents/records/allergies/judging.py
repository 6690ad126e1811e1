"""Whether the patient is allergic to a substance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from agents.records.allergies.words import TESTED, TESTS
from agents.records.parsed import Parsed
from schemas.records import Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_HAPPENED = re.compile(r"曾|首次|上次|既往|以前")
_MARKED = re.compile(r"\s?(?:(?P<no>[×✗✕])|[√✓])(?!\w)")
_AND = re.compile(r"|、|及|和|与|以及|,?\s?and ")
_TOOK = re.compile(r"[^;。]{0,8}?(?:[吃打用服喝碰]过|[早前去]年)|[^,;。]{0,14}第.{1,2}[天日次针]")
_NEW = re.compile(
    r"(?:但|只是?|仅|就是?)?(?:曾|有)?(?:对|一[吃碰喝打用闻摸沾]|吃|用|打|贴|被)"
    r"(?!.*[不无未没])"
)
_BORNE = re.compile(r"(?<![不未能])可?耐受$")
_SPEAKER = re.compile(r"\s*[”\"“]*(?:[一-龥a-z]{1,4}:)?\s*[”\"“]?")
_TAKEN = re.compile(r"[^,;。]{0,6}[吃打用服喝输碰]过")
_UNSEEN = re.compile(r"[没无未不]")
_BETWEEN = re.compile(r"过敏|[(](?!皮试)")
_AGAIN = re.compile(r"[,;。]")
_OPENING = re.compile(r"\s*(?:known |drug )*(?:allerg(?:ic|y|ies)\b|nkd?a\b|no known )")


class Place(NamedTuple):
    """A substance, and up to where words are its own: `end` of its list, `stop` at the next one."""

    span: Span
    end: int
    stop: int


def places(folded: str, spans: list[Span], end: int) -> list[Place]:
    """Of the substances of a sentence that ends at `end`, in order."""
    made: list[Place] = []
    for at in range(len(spans) - 1, -1, -1):
        one, after = spans[at], made[-1] if made else None
        if after is None:
            made.append(Place(one, one.end, end))
        elif _AND.fullmatch(folded, one.end, after.span.start):
            made.append(Place(one, after.end, after.stop))
        else:
            made.append(Place(one, one.end, after.span.start))
    return made[::-1]


def certainty_of(parsed: Parsed, pack: Pack, place: Place) -> Certainty | None:
    """None: it is a relative's, or warned of."""
    span, words, folded = place.span, pack.reactions, parsed.folded
    said = pack.cues.judge(parsed, span)
    sentence = parsed.sentence(span.start)
    own = opens_english(parsed, sentence) or _is_reported(parsed, pack, span)
    if said.other or (said.family and not own):
        return None
    behind, shared = folded[span.end : sentence.end], folded[place.end : place.stop]
    if said.certainty == "hypothetical" and not (
        _HAPPENED.search(folded, max(0, span.start - 4), span.end + 4)
        or words.used.match(shared)
        or _TOOK.match(behind)
    ):
        return None
    if _BORNE.search(folded, max(0, span.start - 6), span.start):
        return "refuted"
    if marked := _MARKED.match(behind):
        return "refuted" if marked["no"] else "confirmed"
    # The words before it in its sentence, and behind its list up to the answer.
    named = TESTS.search(folded, sentence.start, place.end + 8)
    tested = TESTED.match(shared) if named else None
    if tested:
        return _outcome(tested)
    clause = _AGAIN.split(behind, maxsplit=1)[0]
    if clause.endswith("?") and (answer := _answer(parsed, pack, span)):
        return answer
    negated = words.denied.search(clause) or words.denied_after.match(
        behind[: place.stop - span.end]
    )
    if negated is None and not shared.startswith("("):
        negated = words.usable.match(shared) or words.used.match(shared)
    own = (
        negated is None
        or words.taken_back.search(clause) is not None
        or not _BETWEEN.search(clause[: negated.start()])
    )
    if (negated and own) or (said.certainty == "refuted" and not _anew(parsed, span)):
        return "refuted"
    if (
        said.certainty == "uncertain"
        or words.maybe.search(clause.split("、")[0][:14])
        or words.maybe_after.match(behind[: place.stop - span.end])
    ):
        return "uncertain"
    return "confirmed"


def opens_english(parsed: Parsed, sentence: Span) -> bool:
    """Whether an English sentence begins with allergies: they are the patient's, also after FH."""
    return parsed.is_english and _OPENING.match(parsed.folded, sentence.start) is not None


def _is_reported(parsed: Parsed, pack: Pack, span: Span) -> bool:
    """Whether a relative only tells it of the patient."""
    start = max(parsed.sentence(span.start).start, span.start - 24)
    reporters = pack.reactions.telling.reporters
    return reporters.search(parsed.folded, start, span.start) is not None


def _answer(parsed: Parsed, pack: Pack, span: Span) -> Certainty | None:
    """What is said to a question about a substance: 青霉素过敏吗?不过敏."""
    end = parsed.sentence(span.start).end
    label = _SPEAKER.match(parsed.folded, end)
    start = label.end() if label else end
    telling = pack.reactions.telling
    if telling.no.match(parsed.folded, start):
        return "refuted"
    if telling.yes.match(parsed.folded, start):
        return "confirmed"
    reply = parsed.folded[start : parsed.sentence(start).end]
    seen = pack.reactions.pattern.search(reply)
    came = seen is not None and _UNSEEN.search(reply, 0, seen.start()) is None
    return "confirmed" if came and _TAKEN.match(reply) else None


def _anew(parsed: Parsed, span: Span) -> bool:
    """Whether a clause tells of an allergy behind another that denied some: …, 对酒精敏感."""
    start = parsed.sentence(span.start).start
    said, comma, own = parsed.folded[start : span.start].rpartition(",")
    return bool(comma) and "过敏" in said and _NEW.match(own) is not None


def _outcome(tested: re.Match[str]) -> Certainty:
    if tested["sign"]:
        return "refuted" if tested["sign"] == "-" else "confirmed"
    if tested["class"]:
        return "refuted" if tested["class"] == "0" else "confirmed"
    return "confirmed" if tested["word"] and tested["word"] != "阴性" else "refuted"
