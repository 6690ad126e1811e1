"""A second reader, a model, that guards against showing what a note denies or says of others.

It sees what the rules do not judge by: the clause as it is written and what stands around it, with
every name of a disease as one sign. It only takes back: what it doubts is shown as uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from agents.models.contexts import BEFORE, BEHIND, Context, Contexts
from agents.models.folding import folded
from agents.models.mentions import Mentions
from agents.records.lexicon import Lexicon, Part
from agents.records.parsed import Parsed
from schemas.records import Span

HERE = "\ue000"
"""Where the mention stands."""
DISEASE, PLACE, DONE = "◇", "◆", "◎"
_DISEASES, _PLACES = re.compile(f"{DISEASE}+"), re.compile(f"{PLACE}+(?={DISEASE})")
_STOP = re.compile(r"[,;。!?\n]")
_DENIES_MORE = re.compile(
    r",\s?(?:均?否认|没有?|无|未见|未发现)(?!过|得过|患过|这|那|以上|上述|此|[,。;!?\n]|$)"
)
"""Behind a clause: what is denied now is something else."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BEHIND = 0x20000
"""What stands behind a mention has other characters than what stands before it."""
_WAY_BEFORE, _WAY_BEHIND, _JUST_BEFORE, _JUST_BEHIND = 0x40000, 0x60000, 0x80000, 0xA0000
"""The same of the second reading, in which the clause is the nearest few characters."""
_LAST = 0xFFFF
_FAR = 160
"""Characters on either side of a mention in which its clause is looked for."""
_SEEN = 40
"""Signs of its clause on either side that the model sees."""
_AROUND, _READ_AROUND, _NEAR = 60, 70, 12
"""Signs on either side of the clause that it sees, the characters these come of, and signs of the
clause that it sees beside them."""
_APART = "\x02"
_PARTS: tuple[tuple[str, frozenset[Part]], ...] = (
    (DISEASE, frozenset({"disease", "lesion", "symptom"})),
    (PLACE, frozenset({"site", "side", "modifier", "behind"})),
    (DONE, frozenset({"procedure", "operation"})),
)
_MOST = 2_000
"""Mentions of a note that are read; no note has more, and what has is doubted."""
_SHORTEST = 2
"""Characters of what is masked, but for a disease."""


class Guard:
    """Doubts what the rules take for the patient's.

    What n-grams (`Mentions`) leave open an encoder reads too, if there is one: it costs more.
    """

    def __init__(
        self, model: Mentions, encoder: Contexts | None = None, least: float | None = None
    ) -> None:
        """`least`: how probable it must be, if not as the last model's card says."""
        self._model, self._encoder = model, encoder
        self.least = (encoder or model).card.known if least is None else least

    def doubted(self, parsed: Parsed, lexicon: Lexicon, spans: Sequence[Span]) -> list[bool]:
        """Which of these mentions are most likely not the patient's, or not so.

        Raises BadModel if the model fails.
        """
        if not spans:
            return []
        read = spans[:_MOST]
        told = self._model.denied([one for span in read for one in readings(parsed, lexicon, span)])
        found = told.reshape(len(read), -1).mean(axis=1)
        if self._encoder is not None:
            unsure = np.flatnonzero(found >= self._encoder.card.least)
            contexts = [context(parsed, read[int(at)]) for at in unsure]
            found[unsure] = self._encoder.denied(contexts, found[unsure])
        doubts = [
            bool(one) and not _is_left(parsed, span)
            for one, span in zip(found >= self.least, read, strict=True)
        ]
        return doubts + [True] * (len(spans) - len(read))


def context(parsed: Parsed, span: Span) -> Context:
    """What the encoder reads of a mention."""
    text = parsed.folded
    before, behind = max(0, span.start - BEFORE), span.end + BEHIND
    return Context(text[before : span.start], text[span.start : span.end], text[span.end : behind])


def readings(parsed: Parsed, lexicon: Lexicon, span: Span) -> tuple[str, str]:
    """What the model reads of a mention: its clause, and what stands around the clause."""
    text = parsed.folded
    floor, ceiling = max(0, span.start - _FAR), min(len(text), span.end + _FAR)
    start = floor
    for mark in _STOP.finditer(text, floor, span.start):
        start = mark.end()
    stop = _STOP.search(text, span.end, ceiling)
    end = stop.start() if stop else ceiling
    before = _masked(parsed, lexicon, start, span.start).rstrip(PLACE)
    behind = _masked(parsed, lexicon, span.end, end)
    ended = stop[0] if stop else ""
    first = _masked(parsed, lexicon, max(0, start - _READ_AROUND), start)
    last = _masked(parsed, lexicon, end + len(ended), min(len(text), end + _READ_AROUND))
    around = (
        first[-_AROUND:].translate(_signs(_WAY_BEFORE)),
        before[-_NEAR:].translate(_signs(_JUST_BEFORE))
        + HERE
        + (behind + ended)[:_NEAR].translate(_signs(_JUST_BEHIND)),
        last[:_AROUND].translate(_signs(_WAY_BEHIND)),
    )
    return written(before, behind, ended), _APART.join(around)


def _is_left(parsed: Parsed, span: Span) -> bool:
    stop = _STOP.search(parsed.folded, span.end, span.end + _FAR)
    return stop is not None and _DENIES_MORE.match(parsed.folded, stop.start()) is not None


def written(before: str, behind: str, stop: str) -> str:
    """A masked clause around a mention in one text; `stop`: what ends it."""
    return before[-_SEEN:] + HERE + (behind[:_SEEN] + stop).translate(_signs(_BEHIND))


class _Signs(dict[int, int]):
    """What characters are written as in one place, each worked out once."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, code: int) -> int:
        self[code] = made = min(int(folded(chr(code))[0]), _LAST) + self._place
        return made


@cache
def _signs(place: int) -> _Signs:
    return _Signs(place)


@cache
def _sign(parts: frozenset[Part]) -> str:
    return next((sign for sign, some in _PARTS if parts & some), "")


def _masked(parsed: Parsed, lexicon: Lexicon, start: int, end: int) -> str:
    """Words with a sign for each name, and a 0 for each number."""
    pieces, at = [], start
    for token in lexicon.between(parsed, start, end):
        if token.end > end:
            break
        sign = _sign(token.parts)
        if sign and (sign == DISEASE or token.end - token.start >= _SHORTEST):
            pieces += [parsed.folded[at : token.start], sign]
            at = token.end
    pieces.append(parsed.folded[at:end])
    words = _NUMBER.sub("0", "".join(pieces))
    return _DISEASES.sub(DISEASE, _PLACES.sub("", words)) if DISEASE in words else words
