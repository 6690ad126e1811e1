"""Counters of many partitions in one."""

from collections.abc import Iterable

from schemas.signals import Counters


def total(counters: Iterable[Counters]) -> Counters:
    """Their sum; reasons sorted."""
    of = tuple(counters)
    refused: dict[str, int] = {}
    for each in of:
        for reason, count in each.refused.items():
            refused[reason] = refused.get(reason, 0) + count
    return Counters(
        accepted=sum(c.accepted for c in of),
        late=sum(c.late for c in of),
        duplicates=sum(c.duplicates for c in of),
        truncated=sum(c.truncated for c in of),
        refused=dict(sorted(refused.items())),
    )
