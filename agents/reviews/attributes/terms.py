"""What each word of the taxonomy and of the grammar does, worked out once."""

from collections.abc import Iterable, Iterator

import msgspec

from agents.reviews.attributes.grammar import Cue, cues
from agents.reviews.attributes.taxonomy import ANY, Attribute, Taxonomy
from agents.reviews.words.folding import exact
from schemas.reviews import Polarity

_OPPOSITE: dict[Polarity, Polarity] = {"positive": "negative", "negative": "positive"}
_SIGNS = frozenset((Cue.DEGREE, Cue.TOO, Cue.NOT_NEAR, Cue.NOT_FAR))
_PARTICLES = "了的"
NEGATIONS = frozenset((Cue.NOT_NEAR, Cue.NOT_FAR))


class Term(msgspec.Struct, gc=False):
    """One word; it may do several things.

    `targets`: the attributes that it names, the likeliest first, `things` those of them that it
    names only beside a word listed for them; `needed`: to have none is bad. `opinion`: its polarity
    by the attribute it judges, `ANY` for those that are not there; `alone`, `says`: attributes and
    polarities that it means without a target, and in any company. `compounds`: what it makes of a
    target whatever stands between them, by the target: 高 and 性价比 are 性价比高 in 性价比超级高.
    `shorter`: the word at its beginning that holds if it turns out to be part of a longer, unknown
    word. `telling`: it is a target or judges.
    """

    word: str
    latin: bool
    cue: Cue = Cue.NONE
    targets: tuple[str, ...] = ()
    head: bool = False
    needed: bool = False
    things: frozenset[str] = frozenset()
    opinion: dict[str, Polarity] = {}
    alone: dict[str, Polarity] = {}
    says: dict[str, Polarity] = {}
    measure: bool = False
    compounds: dict[str, "Term"] = {}
    shorter: "Term | None" = None
    telling: bool = False


class Token(msgspec.Struct, gc=False):
    """A word where it stands in the text."""

    term: Term
    start: int
    end: int


def opposite(polarity: Polarity) -> Polarity:
    """What a negation makes of a polarity."""
    return _OPPOSITE.get(polarity, polarity)


def terms(taxonomy: Taxonomy) -> dict[str, Term]:
    """All terms by their folded word, those of the grammar first."""
    found = _Terms()
    for word, cue in cues().items():
        found[word].cue = cue
    for word, polarity in taxonomy.general.items():
        found[word].opinion[ANY] = polarity
    for word in taxonomy.measures:
        found[word].measure = True
    for attribute in taxonomy.attributes:
        _add(attribute, found)
    every = list(found.values())
    for one in every:
        _learn(one, found)
    for one in every:
        for left, right in _halves(one, found) if one.alone or one.says else ():
            if left.targets and right.opinion:
                right.compounds[left.word] = one
        one.shorter = next(_beginnings(one, found), None)
        one.telling = bool(one.targets or one.opinion or one.says)
    return found


class _Terms(dict[str, Term]):
    """Terms by word; one that is asked for by index is made."""

    def __getitem__(self, word: str) -> Term:
        word = exact(word)
        found = self.get(word)
        if found is None:
            found = self[word] = Term(word, word[0].isalnum() and word.isascii())
        return found


def _add(attribute: Attribute, found: _Terms) -> None:
    name = attribute.id
    for word in _with_plurals((*attribute.targets, *attribute.heads, *attribute.things)):
        one = found[word]
        one.targets = tuple(dict.fromkeys((*one.targets, name)))
        one.needed = one.needed or attribute.needed
    for word in attribute.heads:
        found[word].head = True
    for word in _with_plurals(attribute.things):
        found[word].things |= {name}
    for word, polarity in attribute.with_target.items():
        for form in _forms(word):
            found[form].opinion[name] = polarity
    for word, polarity in attribute.alone.items():
        found[word].opinion[name] = polarity
        found[word].alone[name] = polarity
    for word, polarity in attribute.phrases.items():
        found[word].says[name] = polarity


def _learn(one: Term, found: _Terms) -> None:
    """A word listed with its degree, negation or particle judges other targets as its parts do:
    太硬 is listed for food, and 硬 for fabrics; 小了 for sizes, and 小 for screens."""
    if not one.opinion and not one.says:
        return
    stem = found.get(one.word[:-1])
    if stem is not None and one.word[-1] in _PARTICLES:
        one.opinion = {**stem.opinion, **one.opinion}
    for sign, word in _halves(one, found):
        if sign.cue in _SIGNS:
            too = sign.cue is Cue.TOO and word.measure
            for attribute, polarity in word.opinion.items():
                said: Polarity = "negative" if too else polarity
                if sign.cue in NEGATIONS:
                    said = opposite(polarity)
                one.opinion.setdefault(attribute, said)


def _halves(one: Term, found: _Terms) -> Iterator[tuple[Term, Term]]:
    """All ways to part a word into two that are terms."""
    for at in range(1, len(one.word)):
        left, right = found.get(one.word[:at].rstrip()), found.get(one.word[at:].lstrip())
        if left is not None and right is not None and right is not one:
            yield left, right


def _with_plurals(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word
        if word[-1].isascii() and word[-1].isalpha():
            yield f"{word}s"


def _forms(word: str) -> Iterator[str]:
    """A word, and its comparative if it may be an English adjective; nonsense finds nothing."""
    yield word
    if len(word) < 9 and word.isascii() and word.isalpha():
        if word.endswith("e"):
            yield word + "r"
        elif word.endswith("y"):
            yield word[:-1] + "ier"
        else:
            yield word + "er"
            yield word + word[-1] + "er"


def _beginnings(one: Term, found: _Terms) -> Iterator[Term]:
    """The terms that are the first words of a Latin phrase, the longest first."""
    words = one.word.split() if one.latin else []
    for count in range(len(words) - 1, 0, -1):
        shorter = found.get(" ".join(words[:count]))
        if shorter is not None:
            yield shorter
