"""What the patient is allergic to, and how it shows; also that no allergy is known."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.allergies.judging import certainty_of, opens_english, places
from agents.records.allergies.names import About, known_in, list_end
from agents.records.allergies.reactions import Reactions, reaction_of
from agents.records.allergies.signed import signed
from agents.records.allergies.substances import is_borne, substances_of
from agents.records.allergies.words import CLASS, TESTS, WORD
from agents.records.parsed import Parsed, Section
from schemas.records import Allergy, Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

__all__ = ["Reactions", "find"]

_NONE = re.compile(
    r"(?<!皮肤)(?:否认|无|(?<!有)没有|未发现|没发现|没见|没听说|未诉|不详|未述)(?:过|有)?(?:明确|明显|已知|啥|什么|任何|其他|其它|特殊)?(?:的)?"
    r"(?:药物|药品|食物|花粉|药|接触物|食品|物质|疫苗|外物|及|与|和|、|或|/|[\s,]|中药|西药|抗生素|海鲜){0,9}"
    r"(?:等)?(?:过敏(?!性|标识|体质)|药敏|不良反应)"
    r"|过敏史?[:]?\s?(?:[1①][.、]?\s?)?(?:[☑√✓■]\s?(?:无|否)|□\s?(?:有|是)[^☑√□]{0,12}[☑√✓■]\s?(?:无|否)|(?:[1①][.、]?\s?)?无\s?[☑√✓])"
    r"|过敏史?\s?[(:]?\s?(?:无(?!乳|盐)|否认|\(-\)|-(?![\w])|没有|阴性|未发现|none\b)"
    r"|(?:药物|食物|药物食物|药物及食物|药食)(?:、食物)?过敏(?:史)?(?:均)?(?:否认|无(?!\w))"
    r"|(?:啥|什么|任何东西|任何药)(?:东西|药)?(?:都|也)(?:不|没有?)过敏"
    r"|no (?:known )?(?:drug |food |medication )?(?:or food )?allergies|\bnkda\b|\bnka\b"
    r"|denies (?:any )?(?:drug |food |medication )?allerg"
)
_NOTHING = re.compile(
    r"\s?(?:[1①][.、]?\s?)?(?:[☑√✓■]\s?)?(?:无(?!其[他它余]|特殊)|否认|未发现|暂无|没有|none|nil|denies|no\b|□\s?有[^☑√]{0,12}[☑√✓]\s?无)"
)
"""Behind the heading, where nothing is named."""
_ASKED = re.compile(
    r"(?:^|[\s,:;。])(?:药物|食物|有没有|有无|有|对什么|什么)*过敏[^。!?\n]{0,8}[?]\s*$"
)
"""A question just before: 问:过敏呢?"""
_ANSWER = re.compile(r"^(?!皮试)[^:\s]{1,4}:\s?")
_OWN = re.compile(r"(?:孩子|患儿|患者|宝宝|娃)?(?:自己|本人)[^。;]{0,12}$")
"""The patient is spoken of again, behind a relative."""
_OF_USE = re.compile(
    r"(?:使用|(?<!特殊)用药|输注|应用)(?:均|都)?$|(?:接种|[吃用打服喝输])过,?(?:均|都)?$"
)
"""Before a denial that is of one substance only."""
_BACK = 120
"""Characters before a sentence that may speak of allergies."""
_LONGEST = 4_000
"""Characters of a sentence that is read."""


def find(parsed: Parsed, pack: Pack) -> Iterator[Allergy]:
    """Every mention: rows of signs first, then what sentences say of other places."""
    rows = signed(pack, parsed.folded)
    for row in rows:
        name = parsed.text[row.span.start : row.span.end]
        yield _item(parsed, row.span, name, row.certainty, row.reaction)
    yield from _said(parsed, pack, [row.span for row in rows])


def _said(parsed: Parsed, pack: Pack, rows: list[Span]) -> Iterator[Allergy]:
    """Every mention that is in no row, in order of sentences; what is borne well comes last."""
    told = [match.span() for match in WORD.finditer(parsed.folded)]
    unread: list[Span] = []
    has = bool(told)
    shown = [pack.reactions.tells(parsed.folded[one.start : one.end]) for one in parsed.sentences]
    for at, sentence in enumerate(parsed.sentences):
        section = parsed.section(sentence.start)
        words = parsed.folded[sentence.start : sentence.end]
        heading = section.kind == "allergy" and sentence.start < section.body
        if heading or len(words) > _LONGEST:
            if heading and "nkda" in words:
                yield _item(parsed, sentence, "", "refuted", "")
            continue
        about = _about(parsed, section, sentence, told)
        beyond = _beyond(parsed, pack, at) if any(shown[at + 1 : at + 2]) else ""
        if (
            about.listed
            or beyond
            or about.spoken
            or _is_told(told, sentence.start, sentence.end)
            or TESTS.search(words)
            or CLASS.search(words)
            or shown[at]
            or pack.reactions.telling.shuns(words)
        ):
            for one in _read(parsed, pack, sentence, about._replace(beyond=beyond, rows=rows)):
                has = True
                yield one
        else:
            unread.append(sentence)
    if has:
        for sentence in unread:
            yield from _borne(parsed, pack, sentence, rows)


def _about(parsed: Parsed, section: Section, sentence: Span, told: list[tuple[int, int]]) -> About:
    floor = max(0, sentence.start - _BACK)
    head = parsed.folded[floor : sentence.start]
    line = parsed.folded.rfind("\n", floor, sentence.start) + 1
    return About(
        listed=(section.kind == "allergy" and _on_its_line(parsed, section, sentence))
        or (head.rstrip().endswith("?") and _ASKED.search(head) is not None),
        spoken=_is_told(told, max(floor, line), sentence.start),
    )


def _beyond(parsed: Parsed, pack: Pack, at: int) -> str:
    """The next sentence, if it answers this one or goes on with what came of its names."""
    sentence, after = parsed.sentences[at : at + 2]
    folded = parsed.folded
    if "\n" in folded[sentence.end - 1 : after.start] or after.end - after.start > _LONGEST:
        return ""
    asked = folded[sentence.end - 1] == "?"
    goes_on = asked or pack.reactions.telling.goes_on.match(folded, after.start)
    return folded[sentence.end : after.end] if goes_on else ""


def _borne(parsed: Parsed, pack: Pack, sentence: Span, rows: list[Span]) -> Iterator[Allergy]:
    """What is said to be borne well where a note tells of allergies elsewhere."""
    words = parsed.folded[sentence.start : sentence.end]
    if pack.reactions.bears.search(words) is None:
        return
    known = known_in(pack, words)
    for at, found in enumerate(known):
        if not is_borne(pack, words, found, list_end(words, known, at)):
            continue
        span = Span(sentence.start + found.start, sentence.start + found.end)
        said = pack.cues.judge(parsed, span)
        if span not in rows and not (said.family or said.other):
            yield _item(parsed, span, parsed.text[span.start : span.end], "refuted", "")


def _is_told(told: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of these places, which are in order, lies within others."""
    at = bisect_left(told, (start, start))
    return at < len(told) and told[at][1] <= end


def _on_its_line(parsed: Parsed, section: Section, sentence: Span) -> bool:
    """Whether a sentence stands on the line that its heading's list is on."""
    before = parsed.folded[section.body : sentence.start]
    return "\n" not in before.lstrip()


def _read(parsed: Parsed, pack: Pack, sentence: Span, about: About) -> Iterator[Allergy]:
    words = parsed.folded[sentence.start : sentence.end]
    substances = substances_of(pack, sentence, words, about)
    has: list[Span] = []
    for place in places(parsed.folded, substances, sentence.end):
        span = place.span
        if any(row.start < span.end and span.start < row.end for row in about.rows):
            continue
        certainty = certainty_of(parsed, pack, place)
        if certainty is None:
            continue
        has += [span] if certainty == "confirmed" else []
        reaction = (
            ""
            if certainty == "refuted"
            else reaction_of(parsed, pack, span, substances, sentence.end + len(about.beyond))
        )
        yield _item(parsed, span, parsed.text[span.start : span.end], certainty, reaction)
    nones = [
        one
        for one in _NONE.finditer(words)
        if not _OF_USE.search(words, max(0, one.start() - 8), one.start())
    ]
    if has and not (nones and "药" in nones[0][0] and _no_drug(parsed, pack, has)):
        return
    none = None
    if nones:
        ends = [span.end - sentence.start for span in substances]
        ends += [one.end for one in pack.drugs.find(words)]
        none = next((one for one in nones if not _hangs(words, one.start(), ends)), None)
    if none:
        span = Span(sentence.start + none.start(), sentence.start + none.end())
        own = opens_english(parsed, sentence) or _OWN.search(words[: none.start()]) is not None
        if own or not pack.cues.judge(parsed, span).family:
            yield _item(parsed, span, "", "refuted", "")
    elif about.listed and _says_nothing(_ANSWER.sub("", words), alone=not substances):
        yield _item(parsed, sentence, "", "refuted", "")


def _hangs(words: str, start: int, ends: list[int]) -> bool:
    """Whether a denial is of a name that ends right before it."""
    return any(0 <= start - end < 4 and "," not in words[end:start] for end in ends)


def _no_drug(parsed: Parsed, pack: Pack, spans: list[Span]) -> bool:
    """Whether none of them is a medicine: 芒果过敏,无药物过敏."""
    return not any(pack.drugs.find(parsed.folded[one.start : one.end]) for one in spans)


def _says_nothing(words: str, *, alone: bool) -> bool:
    """Whether a list begins with its being empty; beside names it must stand by itself."""
    found = _NOTHING.match(words)
    return found is not None and (alone or words[found.end() : found.end() + 1].isspace())


def _item(parsed: Parsed, span: Span, name: str, certainty: Certainty, reaction: str) -> Allergy:
    return Allergy(
        span=span,
        sentence=parsed.sentence(span.start),
        name=name,
        certainty=certainty,
        reaction=reaction,
    )
