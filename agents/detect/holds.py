"""Themes of incidents that a person has resolved: what people wrote before is no news."""

from collections.abc import Callable, Iterable
from typing import Any

from agents.detect.moments import HOUR
from agents.detect.themes import Key


class Holds:
    """By theme, the epoch minutes of its incident's resolve and up to which it opens nothing.

    For `cooldown` minutes, or until it was quiet, nothing counts; then what has come since the
    resolve, as long as a window may reach back before it.
    """

    def __init__(self, cooldown: int) -> None:
        self._cooldown = cooldown
        self._held: dict[Key, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: Key) -> bool:
        return key in self._held

    def add(self, keys: Iterable[Key], minute: int) -> None:
        """Hold themes down from the end of a minute on."""
        self._held.update(dict.fromkeys(keys, (minute, minute + self._cooldown)))

    def hide(self, key: Key, minutes: int, minute: int) -> bool:
        """Whether the last `minutes` up to `minute` tell nothing new of the theme."""
        if (held := self._held.get(key)) is None:
            return False
        since, until = held
        return minute <= until or minute - since < minutes

    def pass_on(self, minute: int, is_over: Callable[[Key], bool]) -> None:
        """At the end of a minute: what is quiet may rise again; old resolves are forgotten."""
        longest = max(HOUR, self._cooldown)
        self._held = {
            key: (since, minute if minute < until and is_over(key) else until)
            for key, (since, until) in self._held.items()
            if minute - since <= longest
        }

    def rename(self, key: Key, now: Key) -> None:
        """A theme has become part of another one."""
        if (held := self._held.pop(key, None)) is not None:
            self._held[now] = max(held, self._held.get(now, held))

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [[*key, *held] for key, held in self._held.items()]

    def restore(self, state: Iterable[Any]) -> None:
        """Take over what `state` gave."""
        self._held = {Key(kind, cluster): (since, until) for kind, cluster, since, until in state}
