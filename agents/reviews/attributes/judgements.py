"""What a clause holds: targets in groups, and judgements with all that turns them."""

import msgspec

from agents.reviews.attributes.clauses import Clause
from agents.reviews.attributes.grammar import Cue
from agents.reviews.attributes.taxonomy import ANY
from agents.reviews.attributes.terms import NEGATIONS, Term, Token, opposite
from schemas.reviews import Polarity

_CLOSING = "\"'”“」』"
_QUOTED = frozenset(('""', "“”", "''", "「」", "『』", "”“", "””", "““"))
_TOO_REACH = 16
_JOINT = 12
_BESIDE = frozenset(("", " ", "的", "之", " of ", " of the ", " of this ", " of my ", "'s "))
_NONE = frozenset(("没有", "无", "没有任何", "no", "without", "lacks", "lacking", "lack of"))
_FINAL = frozenset(("可以", "普通", "一般"))
_PARTICLES = "的了吧啊哦呀哈呢噢"
_NONE_OF_IT = frozenset(("没有", "没", "无", "不存在"))
_EVEN = frozenset("也都一点儿丝毫半完全根本个")


class Group(msgspec.Struct, gc=False):
    """Targets that are judged together, as "shipping and packaging" is."""

    targets: list[Term]
    start: int
    end: int
    judged: bool = False
    missing: int | None = None
    """Where it is said that there is none."""


class Judgement(msgspec.Struct, gc=False):
    """A word that judges, `start` being where its negation begins, `at` where it does itself.

    `turned`: by an odd number of negations; `too`: too much of it.
    """

    term: Term
    start: int
    at: int
    end: int
    turned: bool = False
    too: bool = False
    quoted: bool = False

    def polarity(self, target: Term, attribute: str, *, wish: bool = False) -> Polarity | None:
        """Of an attribute that a target names; None: it says nothing of it."""
        opinion = self.term.opinion
        said = opinion.get(attribute)
        if said is None and attribute not in target.things:
            said = "negative" if self.too and self.term.measure else opinion.get(ANY)
        return None if said is None else self.turn(said, wish=wish)

    def turn(self, polarity: Polarity, *, wish: bool = False) -> Polarity | None:
        """A polarity of its word as it stands here. What is wished for is missing."""
        if self.too and self.term.measure:
            polarity = "negative"
        if self.turned:
            polarity = opposite(polarity)
        if wish:
            return "negative" if polarity == "positive" or self.term.measure else None
        if self.quoted and polarity == "positive":
            return "negative"
        return polarity


class Reading(msgspec.Struct, gc=False):
    """A clause read. `denied`: it says nothing but no."""

    text: str
    clause: Clause
    groups: list[Group]
    judgements: list[Judgement]
    denied: bool


def read(clause: Clause, text: str) -> Reading:
    """Read the tokens of one clause of a folded text."""
    signs = _Signs()
    groups: list[Group] = []
    judgements: list[Judgement] = []
    before = clause.start
    joined = False
    for index, token in enumerate(clause.tokens):
        term = token.term
        if signs.negated:
            signs.pass_over(token.start - before)
        before = token.end
        if term.targets:
            _add(groups, token, text, joined)
            if term.needed and signs.denies(token):
                groups[-1].missing = signs.negated_at
        if term.cue in NEGATIONS:
            if _asks(token, text):
                clause.flags.add(Cue.ASK)
            signs.negate(token)
        elif (term.opinion or term.says) and _judges(clause.tokens, index, text):
            judgements.append(signs.judgement(token, text))
        elif term.cue is not Cue.NONE:
            signs.heed(token)
        joined = term.cue is Cue.AND
    if judgements and signs.negated and _is_none(clause, judgements[-1], signs.negated_at, text):
        judgements[-1].turned = not judgements[-1].turned
    denied = signs.negated and not judgements and not groups
    return Reading(text, clause, groups, judgements, denied)


class _Signs:
    """What turns the next judgement of a clause.

    `reach`: how many characters that are no known words the negation may yet pass over.
    """

    __slots__ = (
        *("negated", "too", "carried", "none"),
        *("reach", "negated_at", "negated_to", "too_at"),
    )

    def __init__(self) -> None:
        self.negated = self.too = self.carried = False
        self.none = False
        self.reach = self.negated_at = self.negated_to = self.too_at = 0

    def pass_over(self, unknown: int) -> None:
        self.reach -= unknown
        self.negated = self.reach >= 0

    def negate(self, token: Token) -> None:
        if not self.negated:
            self.negated_at = token.start
        self.negated = not self.negated
        self.negated_to = token.end
        self.none = token.term.word in _NONE
        near = token.term.cue is Cue.NOT_NEAR
        if token.term.latin:
            self.reach = 12 if near else 24
        else:
            self.reach = 2 if near else 6

    def denies(self, token: Token) -> bool:
        """Whether it is said right before a word that there is none of it."""
        return self.negated and self.none and token.start - self.negated_to <= 1

    def heed(self, token: Token) -> None:
        cue = token.term.cue
        if cue is Cue.TOO:
            self.too, self.too_at = True, token.start
        elif cue is Cue.BUT:
            self.negated = self.too = False
        elif cue is Cue.AND and self.carried:
            # "No lag or crashes", 没有色差和异味.
            self.negate(token)

    def judgement(self, token: Token, text: str) -> Judgement:
        """The judgement of a word under these signs, which it uses up."""
        too = self.too and token.start - self.too_at <= _TOO_REACH
        first = min(
            self.negated_at if self.negated else token.start, self.too_at if too else token.start
        )
        quoted = _quoted(text, token.start, token.end)
        found = Judgement(token.term, first, token.start, token.end, self.negated, too, quoted)
        self.carried, self.negated, self.too = self.negated, False, False
        return found


def _judges(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a word that may judge does: 好 and "pretty" only strengthen a judgement right after
    them (好大, "pretty good"), and 可以 and 普通 judge at the end only."""
    term = tokens[index].term
    end = tokens[index].end
    if term.word in _FINAL:
        following = text[end : end + 1]
        return not following.isalpha() or following in _PARTICLES
    if not (term.word == "好" or term.cue is Cue.DEGREE) or index + 1 == len(tokens):
        return True
    following_term = tokens[index + 1].term
    if tokens[index + 1].start - end > term.latin:
        return True
    if term.word == "好" and following_term.targets:
        return True
    return not (following_term.opinion or following_term.says)


def _is_none(clause: Clause, last: Judgement, negated_at: int, text: str) -> bool:
    """Whether it is said right after a word that there is none of it: 异味没有, 线头也没有."""
    between, after = text[last.end : negated_at], text[negated_at : clause.end]
    term = last.term
    if text[clause.end : clause.end + 1].isalnum() or term.word.startswith("连"):
        return False  # 除了地铁口没有其它; 连个泡沫 says already that there is none
    said = bool(term.alone or term.says) and last.end <= negated_at
    return said and after.strip(_PARTICLES + " ") in _NONE_OF_IT and set(between) <= _EVEN


def _asks(token: Token, text: str) -> bool:
    """Whether a negation stands between twice the same, which asks: 好不好."""
    near = token.term.cue is Cue.NOT_NEAR and not token.term.latin
    return near and token.start > 0 and text[token.start - 1] == text[token.end : token.end + 1]


def _quoted(text: str, start: int, end: int) -> bool:
    closing = text[end : end + 1]
    return start > 0 and closing in _CLOSING and text[start - 1] + closing in _QUOTED


def _add(groups: list[Group], token: Token, text: str, joined: bool) -> None:
    """Put a target into the group it belongs to.

    Side by side the last one is meant (屏幕颜色), but a head gives way: 声音质量, "sound quality".
    """
    term = token.term
    if groups:
        last = groups[-1]
        gap = text[last.end : token.start]
        if joined and len(gap) <= _JOINT:
            last.targets.append(term)
            last.end = token.end
            return
        if gap in _BESIDE:
            other = last.targets[-1]
            gives_way = other.head or not gap.startswith(" of")
            if len(other.things) == len(other.targets) or (gives_way and not term.head):
                last.targets[-1] = term
            last.end = token.end
            return
    groups.append(Group([term], token.start, token.end))
