"""English names: behind a title or a label, or before what only people do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.redaction.removal import Place
from agents.records.redaction.tables import Tables

_WORD: Final = (
    r"(?:[A-Z]\.(?: ?[A-Z]\.)*|(?:de la|de|van der|van|von|del|al|bin) (?=[A-Z])|[A-Z]"
    r"(?:'|’)?[A-Za-z][\w'’]*(?:-[A-Z]\w+)?)"
)
_NAME: Final = rf"(?P<name>{_WORD}(?:,? ?{_WORD}){{0,3}})"
_TITLED: Final = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Doctor|Nurse|RN|Pt|Sir|Madam)\b\.? ?{_NAME}"
)
_LABELLED: Final = re.compile(
    r"\b(?i:sincerely|regards|cc|i am|my name is|patient name|name|patient|surgeon|assistant"
    r"|an(?:a)?esthe(?:siologist|"
    r"tist)|pathologist|radiologist|signed(?: by)?|attending"
    r"|referring physician|physician|provider|re|next of kin|emergency contact|par"
    r"tner|reviewed with|seen by|seen with|report by|dictated by"
    r"|spoke with|husband|wife|daughter|son|moth"
    r"er|father|sister|brother|guardian|by|that|"
    r"for|received from|accompanied by|姓名)"
    rf"(?:\s?[:：]\s?|,? |(?<=姓名)){_NAME}"
)
_DOES: Final = re.compile(
    rf"(?:^|(?<=[\s,.。，;:：(])){_NAME}(?=,? (?:is|"
    rf"was|were|slept|denies|denied|presents|pres"
    rf"ented|reports|reported|attends|returned|ca"
    rf"lled|removed"
    r"|has|states|complains|says)\b|,? (?:MD|NP|RN|DO|PhD|FRCS)\b|, (?:\d{1,3}[- ]"
    r"?(?:[MF]|yo|year)|DOB|G\dP\d|received|passport)| \((?:son|wife|husband|mothe"
    r"r|father|daughter|sister|brother|MRN|DOB|\w+ \d{1,2}, \d{4})|, \d{2,3}-year)"
)


def english_names(text: str, tables: Tables) -> Iterator[Place]:
    """Names in a text as it was written, capital letters and all."""
    found: set[tuple[int, int]] = set()
    for pattern in (_TITLED, _LABELLED, _DOES):
        for match in pattern.finditer(text):
            span = _trim(text, match.start("name"), match.end("name"), tables, pattern is _DOES)
            if span is not None:
                found.add(span)
    yield from (Place(*span, "name") for span in sorted(found))
    for name in sorted({text[start:end] for start, end in found}):
        for word in {
            name,
            *(w for w in name.split() if len(w) > 3 and w not in tables.english_words),
        }:
            for again in re.finditer(rf"\b{re.escape(word)}\b", text):
                yield Place(*again.span(), "name")


def _trim(text: str, start: int, end: int, tables: Tables, alone: bool) -> tuple[int, int] | None:
    """Without words around that are no name's; None: nothing is left, or it names a disease."""
    words = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^\s,]+", text[start:end])]
    while words and _is_common(text, words[0], tables):
        words.pop(0)
    for place, word in enumerate(words):
        if _is_common(text, word, tables):
            words = words[:place]
            break
    if not words or (alone and len(words) < 2 and len(text[words[0][0] : words[0][1]]) < 3):
        return None
    first, last = words[0][0], words[-1][1]
    if re.match(
        r"(?:'s)?[- ](?:disease|syndrome|score|sign|lymphoma|thyroiditis|cirrhosis"
        r"|palsy|esophagus|rings|fracture|criteria|anomaly)",
        text[last:],
    ):
        return None
    return first, last


def _is_common(text: str, span: tuple[int, int], tables: Tables) -> bool:
    word = text[span[0] : span[1]].strip(".'")
    return word in tables.english_words or (word.isupper() and len(word) > 1)
