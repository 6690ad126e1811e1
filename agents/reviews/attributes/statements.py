"""What a sentence states of which attribute, clause after clause."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from agents.reviews.attributes.clauses import Clause
from agents.reviews.attributes.grammar import Cue
from agents.reviews.attributes.judgements import Group, Judgement, Reading, read
from agents.reviews.attributes.pairing import belies, goes_on, group_of, knows
from agents.reviews.attributes.terms import Term, opposite
from schemas.reviews import Polarity

_PHRASE, _PAIR, _ALONE, _CARRIED, _EXCEPTED, _MISSING = 0.95, 0.9, 0.8, 0.75, 0.7, 0.7
_TURNED, _WISHED = 0.05, 0.15
"""What a negation and a wish take off the confidence of a rule."""
_UNSAID = frozenset((Cue.IF, Cue.ASK, Cue.DOUBT, Cue.EXPECT, Cue.PAST))
"""Flags of clauses that state nothing."""


_MOST, _FAR = 8, 60
"""Groups of targets that clauses list, and characters over which a clause reaches back to them."""


class Statement(NamedTuple):
    """An attribute and how it is judged between two places of the text."""

    attribute: str
    polarity: Polarity
    start: int
    end: int
    confidence: float


class _Topic(msgspec.Struct, gc=False):
    """What the clauses before spoke of. `listed`: nothing but targets, as an enumeration begins;
    `judged`: it was said what there was to say of it."""

    groups: list[Group] = []
    listed: bool = False
    judged: bool = False


def statements(sentence: list[Clause], text: str) -> Iterator[Statement]:
    """All of a sentence of a folded text, in no order."""
    topic = _Topic()
    suspended: list[Statement] = []
    rest: Reading | None = None
    excepted: list[Group] = []
    wished = any(Cue.WISHED in clause.flags for clause in sentence)
    for clause in sentence:
        if not clause.said and not suspended:
            continue
        reading = read(clause, text)
        if clause.bare and _lists(reading) and (topic.listed or not topic.groups):
            topic = _Topic([*topic.groups, *reading.groups][-_MOST:], listed=True)
            continue
        wish = bool(clause.flags & {Cue.WISH, Cue.WISHED}) or (wished and Cue.IF in clause.flags)
        found = list(_clause(reading, topic, wish=wish))
        if suspended and not found:
            found = [_denied(one, clause) for one in suspended if belies(reading, one.polarity)]
        unsaid = not wish and bool(clause.flags & _UNSAID)
        suspended = found if unsaid and Cue.EXPECT in clause.flags else []
        topic = _topic_after(reading, topic, unsaid=unsaid)
        if unsaid:
            continue
        yield from found
        if Cue.EXCEPT in clause.flags:
            excepted += [group for group in reading.groups if not group.judged]
        elif reading.judgements:
            rest = reading
    if excepted:
        yield from _exceptions(excepted, rest)


def _lists(reading: Reading) -> bool:
    missing = any(group.missing is not None for group in reading.groups)
    return not (reading.judgements or reading.clause.flags or missing)


def _topic_after(reading: Reading, topic: _Topic, *, unsaid: bool) -> _Topic:
    if unsaid:
        return _Topic(reading.groups or topic.groups)
    if reading.groups:
        judged = any(group.judged for group in reading.groups)
        return _Topic(reading.groups, judged=judged or Cue.EXCEPT in reading.clause.flags)
    return _Topic(topic.groups, judged=topic.judged or bool(reading.judgements))


def _clause(reading: Reading, topic: _Topic, *, wish: bool) -> Iterator[Statement]:
    late = []
    for judgement in reading.judgements:
        less = (_WISHED if wish else 0.0) + (_TURNED if judgement.turned else 0.0)
        # A target that says something by itself, as 噪音 does, says it if nothing else judges it.
        waits = bool(judgement.term.targets and (judgement.term.says or judgement.term.alone))
        if waits:
            late.append((judgement, less))
        if not waits or (judgement.term.opinion and not judgement.turned):
            found = list(_judged(judgement, reading, topic, wish=wish, less=less))
            yield from found
            if not found and not waits:
                yield from _by_itself(judgement, wish=wish, less=less)
    for group in reading.groups:
        if group.missing is not None and not group.judged and not wish:
            group.judged = True
            attribute = group.targets[0].targets[0]
            yield Statement(attribute, "negative", group.missing, group.end, _MISSING)
    for judgement, less in late:
        if judgement.turned or not _is_judged(judgement, reading):
            yield from _by_itself(judgement, wish=wish, less=less)


def _judged(
    judgement: Judgement, reading: Reading, topic: _Topic, *, wish: bool, less: float
) -> Iterator[Statement]:
    """What a judgement says of the targets of its clause, else of those before it."""
    term = judgement.term
    group = group_of(judgement, reading)
    if group is None:
        if reading.clause.rest:
            return
        for one in topic.groups:
            near = judgement.at - one.end <= _FAR
            if near and goes_on(judgement, one, reading, judged=topic.judged):
                yield from _paired(judgement, one, wish=wish, less=less + _PAIR - _CARRIED)
    elif not term.says or knows(judgement, group):
        listed = topic.groups if topic.listed and group is reading.groups[0] else []
        for one in (group, *listed):
            for statement in _paired(judgement, one, wish=wish, less=less):
                group.judged = True
                yield statement


def _is_judged(judgement: Judgement, reading: Reading) -> bool:
    return any(group.judged and group.start <= judgement.at < group.end for group in reading.groups)


def _paired(judgement: Judgement, group: Group, *, wish: bool, less: float) -> Iterator[Statement]:
    start, end = min(group.start, judgement.start), max(group.end, judgement.end)
    for target in group.targets:
        for attribute, polarity in _said_of(target, judgement, wish=wish):
            yield Statement(attribute, polarity, start, end, _PAIR - less)


def _said_of(target: Term, judgement: Judgement, *, wish: bool) -> Iterator[tuple[str, Polarity]]:
    compound = judgement.term.compounds.get(target.word)
    if compound is not None:
        for attribute, said in (*compound.says.items(), *compound.alone.items()):
            turned = judgement.turn(said, wish=wish)
            if turned is not None:
                yield attribute, turned
        return
    # Of a target of several attributes first those that the judgement knows.
    known = [name for name in target.targets if name in judgement.term.opinion]
    for attribute in (*known, *target.targets):
        polarity = judgement.polarity(target, attribute, wish=wish)
        if polarity is not None:
            yield attribute, polarity
            return


def _by_itself(judgement: Judgement, *, wish: bool, less: float) -> Iterator[Statement]:
    term = judgement.term
    for says, confidence in ((term.says, _PHRASE), (term.alone, _ALONE)):
        for attribute, said in says.items():
            polarity = judgement.turn(said, wish=wish)
            if polarity is not None:
                start, end = judgement.start, judgement.end
                yield Statement(attribute, polarity, start, end, confidence - less)


def _denied(statement: Statement, clause: Clause) -> Statement:
    """What was expected and is not so: 以为会有色差，结果完全没有."""
    polarity = opposite(statement.polarity)
    return statement._replace(polarity=polarity, end=clause.end, confidence=_CARRIED)


def _exceptions(groups: list[Group], rest: Reading | None) -> Iterator[Statement]:
    """What is excepted is the opposite of how the rest sounds."""
    sounds: Polarity | None = "positive"
    if rest is not None:
        last = rest.judgements[-1]
        sounds = last.turn(next(iter((*last.term.opinion.values(), *last.term.says.values()))))
    polarity = opposite(sounds or "positive")
    for group in groups:
        for term in group.targets:
            yield Statement(term.targets[0], polarity, group.start, group.end, _EXCEPTED)
