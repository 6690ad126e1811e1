"""Which judgement belongs to which target."""

from agents.reviews.attributes.grammar import Cue
from agents.reviews.attributes.judgements import Group, Judgement, Reading
from agents.reviews.attributes.taxonomy import ANY
from agents.reviews.attributes.terms import Token, opposite
from schemas.reviews import Polarity

_NEAR, _FAR, _FAR_LATIN = 3, 8, 40
"""Characters that are no known words between a target and its judgement; near for words that mean
something alone."""
_OPENING, _OPENING_LATIN = 6, 24
_IT_IS = 8
_ATTRIBUTIVE = frozenset(("的", "滴", "之", "", "这个", "这款", "它的", "他家的", "他家", "这"))
_VERBS = frozenset(("喜欢", "满意", "讨厌", "不满意", "喜爱", "感谢", "缺点"))
_FILLERS = frozenset(
    (
        *("", "the", "this", "that", "these", "my", "its", "their", "your", "his", "her", "a"),
        *("an", "with", "with the", "about", "about the", "about their", "of", "of the"),
        *("to say about the", "to say about", "overall"),
    )
)


def group_of(judgement: Judgement, reading: Reading) -> Group | None:
    """The group of targets in its clause that a judgement is about, or None."""
    before, after = _around(judgement, reading)
    if after is not None and _leads(judgement, after, reading):
        free = before is None or before.judged or not _tied(before, judgement, reading)
        if free and (before is None or knows(judgement, after) or not knows(judgement, before)):
            return after
    if reading.clause.rest and Cue.EXCEPT not in reading.clause.flags and before is None:
        return None
    if before is not None and _reaches(before.end, judgement.start, judgement, reading):
        return before
    if after is None or not _reaches(judgement.end, after.start, judgement, reading):
        return None
    return None if _judged_from_behind(judgement, after, reading) else after


def knows(judgement: Judgement, group: Group) -> bool:
    """Whether the word of a judgement is listed for an attribute of a group."""
    known = judgement.term.opinion
    return any(attribute in known for term in group.targets for attribute in term.targets)


def belies(reading: Reading, expected: Polarity) -> bool:
    """Whether a clause says no more than that it is not as expected: 结果没有, "but it's fine"."""
    if reading.denied:
        return True
    turns = any(token.term.cue is Cue.BUT for token in reading.clause.tokens)
    if reading.groups or not reading.judgements or not turns:
        return False
    first = reading.judgements[0]
    said = first.term.opinion.get(ANY)
    near = _IT_IS if first.term.latin else 1
    if said is None or _unknown(reading.clause.start, first.start, reading) > near:
        return False
    return first.turn(said) == opposite(expected) != expected


def goes_on(judgement: Judgement, group: Group, reading: Reading, *, judged: bool) -> bool:
    """Whether a judgement in a clause without targets is about a group in the clauses before.

    `judged`: it was judged there; then the word must be listed for it, and the clause should name
    no subject of its own.
    """
    term = judgement.term
    before = _unknown(reading.clause.start, judgement.start, reading)
    far = _OPENING_LATIN if term.latin else _OPENING
    if knows(judgement, group) and ANY not in term.opinion:
        near = far if term.latin else 1 if term.measure else _NEAR
        return before <= near or not (term.alone or term.measure)
    return before <= far and not (judged or term.alone or term.says)


def _around(judgement: Judgement, reading: Reading) -> tuple[Group | None, Group | None]:
    before = None
    for group in reading.groups:
        if group.end <= judgement.at:
            before = group
        elif group.start >= judgement.end:
            return before, group
    return before, None


def _leads(judgement: Judgement, group: Group, reading: Reading) -> bool:
    """Whether a judgement stands right before a group as its adjective or verb."""
    if any(judgement.end <= other.at < group.start for other in reading.judgements):
        return False
    gap = reading.text[judgement.end : group.start]
    if judgement.term.latin:
        return gap.strip() in _FILLERS
    return gap in _ATTRIBUTIVE and (bool(gap) or judgement.term.word in _VERBS)


def _tied(group: Group, judgement: Judgement, reading: Reading) -> bool:
    """Whether a verb, or nothing, stands between a group and the judgement after it."""
    if not judgement.term.latin:
        return True
    return any(t.term.cue is Cue.VERB for t in _tokens(group.end, judgement.at, reading))


def _reaches(first: int, last: int, judgement: Judgement, reading: Reading) -> bool:
    far = _FAR_LATIN if judgement.term.latin else _NEAR if judgement.term.alone else _FAR
    return last - first <= far or _unknown(first, last, reading) <= far


def _unknown(first: int, last: int, reading: Reading) -> int:
    """Characters between two places that are no known words."""
    return last - first - sum(t.end - t.start for t in _tokens(first, last, reading))


def _judged_from_behind(judgement: Judgement, group: Group, reading: Reading) -> bool:
    """Whether a later judgement has the better claim to the group."""
    for other in reading.judgements:
        if other.at >= group.end:
            return not judgement.term.latin or _tied(group, other, reading)
    return False


def _tokens(first: int, last: int, reading: Reading) -> list[Token]:
    return [t for t in reading.clause.tokens if t.start >= first and t.end <= last]
