"""Whether a document says that something is so, of whom, and when: negation and its company.

Cues with a scope that ends where the sentence turns, after ConText (Harkema et al., 2009).
"""

from typing import NamedTuple

from schemas.records import Certainty


class Assertion(NamedTuple):
    """How a mention is meant. `past`: it was so, and is not said to be now.

    `relative`: whose it is, as written, if of a relative or of several (妈妈、外婆); `other`: of
    nobody in the family either.
    `planned`: of what is done, not of what one has: it is proposed or arranged;
    `undone`: declined or not done. `claimed`: it is said that it is another's, not the patient's.
    `framed`: a tick, a sign or an answer beside it confirms it.
    """

    certainty: Certainty = "confirmed"
    past: bool = False
    family: bool = False
    relative: str = ""
    other: bool = False
    planned: bool = False
    undone: bool = False
    claimed: bool = False
    framed: bool = False
