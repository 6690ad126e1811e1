"""Themes that are one incident: those that rose together, led by the one that rose most."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from agents.detect.themes import Key

Attribute = tuple[str, str]
"""Name and value."""


@dataclass(slots=True)
class Group:
    """`attribute`: for whom they rose, None for everybody; `opened`: the epoch minute.

    `usual`: if people write many times more than usual, about these more than about others, how
    many a minute they were before; None if it is not that.
    """

    lead: Key
    members: list[Key]
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

    def join(self, group: Group, keys: Iterable[Key]) -> None:
        """Add themes, which are in no group, to one."""
        group.members += keys
        self._taken.update(keys)

    def leads(self, key: Key) -> bool:
        """Whether a theme leads a group."""
        return key in self._groups

    def rename(self, key: Key, now: Key) -> None:
        """A member, if it is one, has become part of a theme that is in no group."""
        if key not in self._taken:
            return
        group = next(group for group in self if key in group.members)
        self.close(group)
        group.members[group.members.index(key)] = now
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
            [list(g.lead), [list(key) for key in g.members], g.attribute, g.opened, g.usual]
            for g in self
        ]

    def restore(self, state: Iterable[Any]) -> None:
        """Take over what `state` gave."""
        for lead, members, attribute, opened, usual in state:
            kept = (attribute[0], attribute[1]) if attribute else None
            self.open(Group(Key(*lead), [Key(*key) for key in members], kept, opened, usual))
