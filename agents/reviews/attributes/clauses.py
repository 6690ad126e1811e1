"""Sentences and clauses: how far a word of a review reaches, and under what sign it stands."""

from collections.abc import Iterable, Iterator

import msgspec

from agents.reviews.attributes.grammar import Cue
from agents.reviews.attributes.terms import Token

_FLAGS = frozenset(
    (Cue.IF, Cue.WISH, Cue.WISHED, Cue.ASK, Cue.WHY, Cue.DOUBT, Cue.EXPECT, Cue.PAST, Cue.EXCEPT)
)
_OPENERS = frozenset((Cue.BUT, Cue.IF, Cue.WISH, Cue.DOUBT, Cue.EXPECT, Cue.PAST, Cue.EXCEPT))
"""Cues that begin a clause where something was said before them."""
_ENDERS = frozenset((Cue.STOP, Cue.QUESTION_MARK, Cue.COMMA))
_LONGEST = 60
"""Tokens of a clause: work is bounded by it."""
_BARE = 3
"""Characters beside its targets in a clause that only lists them."""
_FAR = 20


class Clause(msgspec.Struct, gc=False):
    """Words that stand together.

    `flags`: what its cues say of all of it; `rest`: it speaks of all but what was excepted before;
    `said`: it holds a judgement or a target; `named`: characters of its targets.
    """

    start: int
    end: int = 0
    tokens: list[Token] = []
    flags: set[Cue] = set()
    rest: bool = False
    said: bool = False
    named: int = 0

    @property
    def bare(self) -> bool:
        """Whether it is hardly more than its targets, as in an enumeration."""
        return self.named > 0 and self.end - self.start - self.named <= _BARE


def sentences(tokens: Iterable[Token], text: str) -> Iterator[list[Clause]]:
    """The clauses of each sentence of a folded text that says anything."""
    clause = Clause(0)
    sentence: list[Clause] = []
    for token in tokens:
        cue = token.term.cue
        if cue in _ENDERS:
            if token.term.word == "." and _in_word(text, token.start):
                continue
            if cue is Cue.QUESTION_MARK and Cue.WHY not in clause.flags:
                clause.flags.add(Cue.ASK)
            rest = Cue.EXCEPT in clause.flags and cue is Cue.COMMA
            clause = _next(sentence, clause, token.start, token.end, rest=rest)
            if cue is not Cue.COMMA and sentence:
                if any(one.said for one in sentence):
                    yield sentence
                sentence = []
            continue
        if clause.said and _begins(token, clause, text):
            rest = Cue.EXCEPT in clause.flags
            clause = _next(sentence, clause, token.start, token.start, rest=rest)
        _take(clause, token)
    _next(sentence, clause, len(text), len(text))
    if any(one.said for one in sentence):
        yield sentence


def _take(clause: Clause, token: Token) -> None:
    term = token.term
    if term.cue in _FLAGS:
        clause.flags.add(term.cue)
    elif term.cue is Cue.REST and Cue.EXCEPT not in clause.flags:
        clause.rest = True
    if term.telling:
        clause.said = True
        if term.targets:
            clause.named += token.end - token.start
    clause.tokens.append(token)


def _next(
    sentence: list[Clause], clause: Clause, end: int, start: int, *, rest: bool = False
) -> Clause:
    """End a clause, and begin one."""
    clause.end = end
    if clause.tokens:
        sentence.append(clause)
    return Clause(start, rest=rest)


def _begins(token: Token, clause: Clause, text: str) -> bool:
    """Whether a word begins a clause of its own after what was said."""
    term = token.term
    if term.cue in _OPENERS or len(clause.tokens) == _LONGEST:
        return True
    if Cue.EXCEPT in clause.flags:
        # "Everything but the breakfast was good", 除了物流都好: the rest of it.
        return term.cue is Cue.REST or term.cue is Cue.VERB or term.word == "都"
    last = clause.tokens[-1]
    if term.latin or last.term.latin or last.end == token.start:
        return False
    # White space parts words of a script that writes without it.
    return any(map(str.isspace, text[last.end : min(token.start, last.end + _FAR)]))


def _in_word(text: str, dot: int) -> bool:
    """Whether a dot parts no sentences, as in 5.5 and example.com."""
    around = text[max(0, dot - 1) : dot] + text[dot + 1 : dot + 2]
    return len(around) > 1 and around.isascii() and around.isalnum()
