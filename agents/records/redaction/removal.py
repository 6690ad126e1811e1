"""What may be removed, of which kind, and how places that overlap become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

Kind = Literal[
    "name", "identity", "passport", "phone", "email", "account", "address", "hospital", "ward",
    "record", "card", "plate", "employer", "birth", "date", "age",
]  # fmt: skip
"""account: WeChat, QQ; record: of a hospital, a sample or a report; card: of insurance or a bank;
employer: also a school; age: of more than 89 years."""


class Place(NamedTuple):
    """Characters `start` to `end`. `instead`: what is put there, else the kind's mark."""

    start: int
    end: int
    kind: Kind
    instead: str = ""


def settle(places: Iterable[Place]) -> list[Place]:
    """In order, none within another: what overlaps is one place, of the kind of its longest."""
    made: list[Place] = []
    for one in sorted(places):
        if one.start >= one.end:
            continue
        if not made or one.start >= made[-1].end:
            made.append(one)
            continue
        last = made[-1]
        longer = one if one.end - one.start > last.end - last.start else last
        if (one.start, one.end) == (last.start, last.end):
            # A birth date is a date too, but is not shifted.
            longer = last if last.instead == "" else one
        whole = (longer.start, longer.end) == (last.start, max(last.end, one.end))
        made[-1] = Place(
            last.start, max(last.end, one.end), longer.kind, longer.instead if whole else ""
        )
    return made


def beside(
    text: str, places: Iterable[Place], taken: Iterable[Place], least: int = 2
) -> Iterator[Place]:
    """What `places` have beside those taken; fewer letters and digits than `least` are nothing."""
    held = {at for one in taken for at in range(one.start, one.end)}
    for one in places:
        free = [at for at in range(one.start, one.end) if at not in held]
        # Each row of neighbours is a place.
        for _, row in groupby(enumerate(free), lambda pair: pair[1] - pair[0]):
            at = [place for _, place in row]
            if sum(text[place].isalnum() for place in at) >= least:
                yield Place(at[0], at[-1] + 1, one.kind)
