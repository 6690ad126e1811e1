"""Themes that are one incident: those that rose together, led by the one that rose most."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agents.detect.themes import Key

Attribute = tuple[str, str]
"""Name and value."""


@dataclass(slots=True)
class Group:
    """`members`: how far each was up when it was seen to rise (nats), the lead first; `attribute`:
    for whom they rose, None for everybody; `opened`: the epoch minute.

    `usual`: if people write many times more than usual, about these more than about others, how
    many a minute they were before; None if it is not that.
    """

    lead: Key
    members: dict[Key, float]
    attribute: Attribute | None
    opened: int
    usual: float | None = None


class Groups:
    """The open groups of a product; a theme is in one at most."""

    def __init__(self) -> None:
        self._groups: dict[Key, Group] = {}
        self._taken: set[Key] = set()

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[Group]:
        """In a fixed order: that of their leads."""
        return iter([self._groups[lead] for lead in sorted(self._groups)])

    @property
    def taken(self) -> frozenset[Key]:
        """All members."""
        return frozenset(self._taken)

    def open(self, group: Group) -> None:
        """Add a group whose members are in none."""
        self._groups[group.lead] = group
        self._taken.update(group.members)

    def join(self, group: Group, members: Mapping[Key, float]) -> None:
        """Add themes, which are in no group, to one."""
        group.members.update(members)
        self._taken.update(members)

    def leads(self, key: Key) -> bool:
        """Whether a theme leads a group."""
        return key in self._groups

    def rename(self, key: Key, now: Key) -> None:
        """A member, if it is one, has become part of a theme that is in no group."""
        if key not in self._taken:
            return
        group = next(group for group in self if key in group.members)
        self.close(group)
        group.members = {now if k == key else k: gain for k, gain in group.members.items()}
        if group.lead == key:
            group.lead = now
        self.open(group)

    def close(self, group: Group) -> None:
        """Drop a group."""
        del self._groups[group.lead]
        self._taken.difference_update(group.members)

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [
            [
                list(g.lead),
                [[*key, gain] for key, gain in g.members.items()],
                g.attribute,
                g.opened,
                g.usual,
            ]
            for g in self
        ]

    def restore(self, state: Iterable[Any]) -> None:
        """Take over what `state` gave."""
        for lead, members, attribute, opened, usual in state:
            kept = (attribute[0], attribute[1]) if attribute else None
            up = {Key(kind, cluster): gain for kind, cluster, gain in members}
            self.open(Group(Key(*lead), up, kept, opened, usual))
