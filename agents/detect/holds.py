"""Themes of incidents that a person has resolved: they open nothing until they have been quiet."""

from collections.abc import Callable, Iterable
from typing import Any

from agents.detect.themes import Key


class Holds:
    """By theme, the last epoch minute in which it is held down."""

    def __init__(self) -> None:
        self._until: dict[Key, int] = {}

    def __len__(self) -> int:
        return len(self._until)

    def __contains__(self, key: Key) -> bool:
        return key in self._until

    def add(self, keys: Iterable[Key], until: int) -> None:
        """Hold themes down up to a minute."""
        self._until.update(dict.fromkeys(keys, until))

    def pass_on(self, minute: int, is_over: Callable[[Key], bool]) -> None:
        """At the end of a minute: let go of those whose time, or whose trouble, is over."""
        self._until = {
            key: until for key, until in self._until.items() if minute <= until and not is_over(key)
        }

    def rename(self, key: Key, now: Key) -> None:
        """A theme has become part of another one."""
        if (until := self._until.pop(key, None)) is not None:
            self._until[now] = max(until, self._until.get(now, until))

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [[*key, until] for key, until in self._until.items()]

    def restore(self, state: Iterable[Any]) -> None:
        """Take over what `state` gave."""
        self._until = {Key(kind, cluster): until for kind, cluster, until in state}
