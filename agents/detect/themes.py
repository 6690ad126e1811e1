"""The themes of one product: what is kept of each, by cluster and by slot of the detector."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

from agents.detect.merge import KINDS
from agents.detect.samples import Samples


class Key(NamedTuple):
    """A global cluster: its kind and the number it has there."""

    kind: str
    cluster: int

    @property
    def number(self) -> int:
        """One whole number for a theme; like the numbers of clusters, it is never used again."""
        return self.cluster * len(KINDS) + KINDS.index(self.kind)


@dataclass(slots=True)
class Theme:
    """A global cluster: its slot in the detector, its stable id and some of its last texts."""

    slot: int
    cluster_id: str
    distance: float = 0.0
    late: int = 0
    samples: Samples = field(default_factory=Samples)


class Themes:
    """All themes of a product; ids are stable and never shared by two that live."""

    def __init__(self, product: str) -> None:
        self._product = product
        self._themes: dict[Key, Theme] = {}
        self._by_slot: dict[int, Key] = {}
        self._by_number: dict[int, Theme] = {}
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._themes)

    def __iter__(self) -> Iterator[Theme]:
        return iter(self._themes.values())

    def __contains__(self, key: Key) -> bool:
        return key in self._themes

    def __getitem__(self, key: Key) -> Theme:
        return self._themes[key]

    def at(self, slot: int) -> Key:
        """The theme in a slot."""
        return self._by_slot[slot]

    def slot_of(self, number: int) -> int:
        """The slot of the theme of a number."""
        return self._by_number[number].slot

    def start(self, key: Key, founder: int, slot: int) -> None:
        """Begin a theme that the text of fingerprint `founder` founds."""
        identity = f"{self._product}\n{key.kind}\n{founder}"
        cluster_id = _digest(identity)
        if cluster_id in self._ids:
            # The theme that this text once founded has moved on and no longer knows it.
            cluster_id = _digest(f"{identity}\n{key.cluster}")
        self._add(key, Theme(slot, cluster_id))

    def _add(self, key: Key, theme: Theme) -> None:
        self._themes[key] = theme
        self._by_slot[theme.slot] = key
        self._by_number[key.number] = theme
        self._ids.add(theme.cluster_id)

    def merge(self, into: Key, gone: Key, cluster_id: str, onset: int | None) -> None:
        """Make one theme of two, which has one of their ids; `onset` that of its open incident."""
        theme, lost = self._themes[into], self._themes[gone]
        self.drop([gone])
        self._ids.discard(theme.cluster_id)
        self._ids.add(cluster_id)
        theme.cluster_id = cluster_id
        theme.late += lost.late
        theme.samples.merge(lost.samples, onset)

    def drop(self, keys: Iterable[Key]) -> list[int]:
        """Forget themes; the slots that are free now."""
        slots = []
        for key in keys:
            theme = self._themes.pop(key)
            self._ids.discard(theme.cluster_id)
            del self._by_slot[theme.slot], self._by_number[key.number]
            slots.append(theme.slot)
        return slots

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [
            [*key, t.slot, t.cluster_id, t.distance, t.late, t.samples.state()]
            for key, t in sorted(self._themes.items())
        ]

    def restore(self, state: Iterable[Any]) -> None:
        """Take over what `state` gave."""
        for kind, cluster, slot, cluster_id, distance, late, samples in state:
            theme = Theme(slot, cluster_id, distance, late, Samples.of_state(samples))
            self._add(Key(kind, cluster), theme)


def _digest(identity: str) -> str:
    return blake2b(identity.encode(), digest_size=6).hexdigest()
