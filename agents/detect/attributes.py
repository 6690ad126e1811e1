"""Attribute names of leaves: intakes with other settings may write to one log."""

from collections.abc import Iterable

import msgspec

from schemas.signals import Leaf, Partial
from windows.tally import OTHER

Names = tuple[str, ...]


def joined(names: Names, partials: Iterable[Partial]) -> Names:
    """`names`, then those of the partials that are new, in their order."""
    found = dict.fromkeys(names)
    for partial in partials:
        found.update(dict.fromkeys(partial.attributes))
    return tuple(found)


def fitted(partial: Partial, names: Names) -> Partial:
    """The partial with its leaves in the order of `names`, "" for what it does not record."""
    if partial.attributes == names:
        return partial
    place = {name: n for n, name in enumerate(partial.attributes)}
    places = [place.get(name) for name in names]

    def in_order(leaves: Iterable[Leaf]) -> tuple[Leaf, ...]:
        return tuple(
            (tuple("" if n is None else values[n] for n in places), count)
            for values, count in leaves
        )

    clusters = tuple(
        msgspec.structs.replace(cluster, leaves=in_order(cluster.leaves))
        for cluster in partial.clusters
    )
    return msgspec.structs.replace(
        partial, attributes=names, clusters=clusters, totals=in_order(partial.totals)
    )


def widened(leaves: Iterable[Leaf], names: Names) -> Iterable[Leaf]:
    """Leaves counted under fewer names, those missing last."""
    for values, count in leaves:
        if values[:1] == (OTHER,):
            # Many leaves counted as one record nothing; as a value, OTHER could be named a cause.
            yield ("",) * len(names), count
            continue
        yield (*values, *("",) * (len(names) - len(values))), count
