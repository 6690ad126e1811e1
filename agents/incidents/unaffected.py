"""What a problem does not concern: values that many readers have and few of the reports."""

from collections.abc import Mapping

from schemas.causes import Unaffected

MOST = 3
_LEAST_USUAL = 0.1
_LEAST_RATIO = 0.25
"""Part of its usual share that an unaffected value's share of the excess stays below."""
_LEAST_EVENTS = 5.0
"""Events in excess that the value would have if it were affected: fewer may be missing by chance.
"""

Counts = Mapping[str, Mapping[str, float]]
"""Events by attribute name and value, where the attribute is recorded."""


def unaffected(reports: Counts, usual: Counts, abnormal: float) -> tuple[Unaffected, ...]:
    """Values that are clearly not concerned, those of most readers first.

    `reports`: those since the onset, of which the part `abnormal` is in excess; `usual`: events of
    the product that are none of them. Both hold the attributes to look at.
    """
    found = []
    for name, counts in reports.items():
        total, all_usual = sum(counts.values()), sum(usual.get(name, {}).values())
        excess = total * abnormal
        if not all_usual or excess <= 0:
            continue
        for value, number in usual[name].items():
            share = number / all_usual
            above = counts.get(value, 0.0) - (total - excess) * share
            held = min(1.0, max(0.0, above / excess))
            if (
                share >= _LEAST_USUAL
                and excess * share >= _LEAST_EVENTS
                and held < _LEAST_RATIO * share
            ):
                found.append(Unaffected(name, value, round(held, 3), round(share, 3)))
    found.sort(key=lambda one: (-one.usual_share, one.attribute, one.value))
    return tuple(found[:MOST])
