"""Words that steer what stands around them: negation, degree, contrast, exception, wish, doubt."""

import tomllib
from enum import IntEnum, auto
from functools import cache
from importlib.resources import files


class Cue(IntEnum):
    """What a word does to its clause; `grammar.toml` lists the words of each."""

    NONE = 0
    STOP = auto()
    """Ends a sentence."""
    QUESTION_MARK = auto()
    COMMA = auto()
    BUT = auto()
    """Begins a clause that may say the opposite."""
    AND = auto()
    """Joins what stands beside it."""
    NOT_NEAR = auto()
    """Negates what follows within a few characters."""
    NOT_FAR = auto()
    DEGREE = auto()
    TOO = auto()
    """Makes a measure bad."""
    IF = auto()
    WISH = auto()
    WISHED = auto()
    """Ends a wish, as in "would be better"."""
    ASK = auto()
    """Makes a question of its clause."""
    WHY = auto()
    """A question that complains."""
    DOUBT = auto()
    """Not known yet: nothing is said."""
    EXPECT = auto()
    """What somebody thought before."""
    PAST = auto()
    EXCEPT = auto()
    REST = auto()
    """All but what was excepted."""
    VERB = auto()
    """Ties an English judgement to the target before it."""
    NOTHING = auto()
    """Hides a word in a longer one that means something else."""


@cache
def cues() -> dict[str, Cue]:
    """All cue words, in lower case, with what they do."""
    table = (files("agents.reviews.attributes") / "grammar.toml").read_text(encoding="utf-8")
    return {
        word: Cue[name.upper()] for name, words in tomllib.loads(table).items() for word in words
    }
