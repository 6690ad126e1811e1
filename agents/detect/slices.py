"""For whom it breaks: the last hour of a product, asked about one theme."""

from collections.abc import Iterator, Mapping, Sequence

from agents.detect.attributes import widened
from agents.detect.leaves import Values
from agents.detect.moments import HOUR, Moments
from schemas.incidents import Slice, SliceCandidate
from windows.slices import explain

OF_THEME = 2
"""The first values of a leaf, channel and service, go with the theme, not with who reports it."""
NOT_ASKED = Slice({}, 0.0, 1.0, True, (), "the theme has not been alarming")


def slice_of(
    moments: Moments,
    names: Sequence[str],
    themes: Sequence[int],
    start: int,
    minute: int,
    expected: float,
) -> Slice:
    """The slice that explains themes from `start` to `minute` (epoch minutes), or an abstention.

    `names` are those of the leaves' values; `expected` of the events are normal.
    """
    names = tuple(names)
    first, end = minute - HOUR + 1, minute + 1

    def readers(leaves: Mapping[Values, int]) -> Iterator[tuple[Values, int]]:
        return ((leaf[OF_THEME:], count) for leaf, count in widened(leaves.items(), names))

    found = explain(
        names[OF_THEME:],
        readers(moments.leaves(themes, start, end)),
        expected=expected,
        exposure=readers(moments.totals(start, end)),
        history=readers(moments.leaves(themes, first, start)),
        background=readers(moments.totals(first, start)),
    )
    candidates = tuple(
        SliceCandidate(dict(c.attributes), round(c.share, 3), round(c.lift, 2))
        for c in found.candidates
    )
    return Slice(
        dict(found.attributes),
        round(found.share, 3),
        round(found.lift, 2),
        found.abstained,
        candidates,
        found.reason,
    )
