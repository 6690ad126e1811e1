"""For whom it breaks: the last hour of a product, asked about one theme."""

from collections.abc import Sequence

from agents.detect.attributes import widened
from agents.detect.moments import HOUR, Moments
from schemas.incidents import Slice, SliceCandidate
from windows.slices import explain

NOT_ASKED = Slice({}, 0.0, 1.0, True, (), "the theme has not been alarming")


def slice_of(
    moments: Moments, names: Sequence[str], theme: int, start: int, minute: int, expected: float
) -> Slice:
    """The slice that explains a theme from `start` to `minute` (epoch minutes), or an abstention.

    `names` are those of the leaves' values; `expected` of the theme's events are normal.
    """
    names = tuple(names)
    first, end = minute - HOUR + 1, minute + 1
    found = explain(
        names,
        widened(moments.leaves(theme, start, end).items(), names),
        expected=expected,
        exposure=widened(moments.totals(start, end).items(), names),
        history=widened(moments.leaves(theme, first, start).items(), names),
        background=widened(moments.totals(first, start).items(), names),
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
