"""One minute over all input partitions: what was said of one text becomes one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schemas.signals import LocalCluster, Partial, Sample
from schemas.topics import is_log

PEOPLE = "feedback"
KINDS = (PEOPLE, "log")
"""People and machines word things differently: their texts are clustered apart."""


@dataclass(slots=True)
class Said:
    """The local clusters of one kind that one text stands for, in the order of their partials."""

    kind: str
    fingerprint: int
    parts: list[LocalCluster] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Texts on time."""
        return sum([part.count for part in self.parts])

    @property
    def late(self) -> int:
        """Texts whose minute had been closed before."""
        return sum([part.late for part in self.parts])

    @property
    def samples(self) -> Iterator[Sample]:
        """Samples of all parts."""
        return (sample for part in self.parts for sample in part.samples)


def merged(partials: Iterable[Partial]) -> list[Said]:
    """By kind and fingerprint, in the order in which they are first met."""
    found: dict[tuple[str, int], Said] = {}
    for partial in partials:
        kind = KINDS[is_log(partial.topic)]
        for local in partial.clusters:
            key = (kind, local.fingerprint)
            said = found.get(key)
            if said is None:
                said = found[key] = Said(kind, local.fingerprint)
            said.parts.append(local)
    return list(found.values())
