"""What the patient is allergic to, and how it shows; also that no allergy is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.allergies.judging import certainty_of
from agents.records.allergies.reactions import Reactions, reaction_of
from agents.records.allergies.substances import substances_of
from agents.records.allergies.words import TESTS, WORD
from agents.records.parsed import Parsed, Section
from schemas.records import Allergy, Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

__all__ = ["Reactions", "find"]


_NONE = re.compile(
    r"(?:否认|无|没有|未发现|未诉|不详|未述)(?:明确|明显|已知|任何|其他|其它|特殊)?(?:的)?"
    r"(?:药物|药品|食物|花粉|药|接触物|食品|物质|疫苗|外物|及|与|和|、|或|/|[\s,]|中药|西药|抗生素|海鲜){0,9}"
    r"(?:等)?(?:过敏|药敏|不良反应)"
    r"|过敏史?[:]?\s?(?:1[.、]?\s?)?(?:[☑√✓■]\s?(?:无|否)|□\s?(?:有|是)[^☑√□]{0,12}[☑√✓■]\s?(?:无|否)|(?:1[.、]?\s?)?无\s?[☑√✓])"
    r"|过敏史?\s?[(:]?\s?(?:无(?!乳|盐)|否认|\(-\)|-(?![\w])|没有|阴性|未发现|none\b)"
    r"|(?:药物|食物|药物食物|药物及食物|药食)(?:、食物)?过敏(?:史)?(?:均)?(?:否认|无(?!\w))"
    r"|no (?:known )?(?:drug |food |medication )?(?:or food )?allergies|\bnkda\b|\bnka\b"
    r"|denies (?:any )?(?:drug |food |medication )?allerg"
)
_LONGEST = 4_000
"""Characters of a sentence that is read."""


def find(parsed: Parsed, pack: Pack) -> Iterator[Allergy]:
    """Every mention, in order of sentences."""
    for sentence in parsed.sentences:
        section = parsed.section(sentence.start)
        words = parsed.folded[sentence.start : sentence.end]
        heading = section.kind == "allergy" and sentence.start < section.body
        if heading or len(words) > _LONGEST:
            if heading and "nkda" in words:
                yield _item(parsed, sentence, "", "refuted", "")
            continue
        listed = section.kind == "allergy" and _on_its_line(parsed, section, sentence)
        if (
            listed
            or WORD.search(words)
            or TESTS.search(words)
            or pack.reactions.pattern.search(words)
        ):
            yield from _read(parsed, pack, sentence, words, listed)


def _on_its_line(parsed: Parsed, section: Section, sentence: Span) -> bool:
    """Whether a sentence stands on the line that its heading's list is on."""
    before = parsed.folded[section.body : sentence.start]
    return "\n" not in before.lstrip()


def _read(
    parsed: Parsed, pack: Pack, sentence: Span, words: str, listed: bool
) -> Iterator[Allergy]:
    substances = substances_of(pack, sentence, words, listed)
    for span in substances:
        certainty = certainty_of(parsed, pack, span, words[span.end - sentence.start :])
        if certainty is None:
            continue
        reaction = "" if certainty == "refuted" else reaction_of(parsed, pack, span, substances)
        yield _item(parsed, span, parsed.text[span.start : span.end], certainty, reaction)
    if any(_confirmed(parsed, pack, span, words, sentence) for span in substances):
        return
    ends = [span.end - sentence.start for span in substances]
    none = next(
        (one for one in _NONE.finditer(words) if not any(0 <= one.start() - e < 4 for e in ends)),
        None,
    )
    if none:
        place = Span(sentence.start + none.start(), sentence.start + none.end())
        if not pack.cues.judge(parsed, place).family:
            yield _item(parsed, place, "", "refuted", "")
    elif (
        listed
        and not substances
        and re.match(
            r"\s?(?:1[.、]?\s?)?(?:[☑√✓■]\s?)?(?:无|否认|未发现|暂无|没有|none|nil|denies|no\b|□\s?有[^☑√]{0,12}[☑√✓]\s?无)",
            words,
        )
    ):
        yield _item(parsed, sentence, "", "refuted", "")


def _confirmed(parsed: Parsed, pack: Pack, span: Span, words: str, sentence: Span) -> bool:
    return certainty_of(parsed, pack, span, words[span.end - sentence.start :]) == "confirmed"


def _item(parsed: Parsed, span: Span, name: str, certainty: Certainty, reaction: str) -> Allergy:
    return Allergy(
        span=span,
        sentence=parsed.sentence(span.start),
        name=name,
        certainty=certainty,
        reaction=reaction,
    )
