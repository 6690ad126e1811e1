"""A cue of the table and where one stands: how words around a mention are meant."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Kind = Literal[
    "refuted", "uncertain", "hypothetical", "planned", "past", "family", "other",
    "undone", "none", "turn", "weak turn", "patient",
]  # fmt: skip
Side = Literal["after", "before", "either"]
Over = Literal["near", "clause", "list", "plain", "sentence"]


class Cue(msgspec.Struct, frozen=True):
    """How words are meant. `final`: only where nothing follows them in their clause."""

    kind: Kind
    side: Side = "after"
    over: Over = "clause"
    reach: int = 40
    words: tuple[str, ...] = ()
    final: bool = False


class Mark(NamedTuple):
    """A word of the table at characters `start` to `end`; `named`: where it is said who that is."""

    start: int
    end: int
    cues: tuple[Cue, ...]
    named: tuple[int, int] | None = None
