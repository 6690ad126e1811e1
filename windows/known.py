"""Where texts went that were seen lately, by fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class KnownTexts:
    """At most `limit` fingerprints, the last `limit / 2` asked for or put among them.

    Two generations: the younger one fills up and then replaces the older one, whose fingerprints
    are young again if they are asked for in time.
    """

    __slots__ = ("_old", "_room", "_young")

    def __init__(self, limit: int) -> None:
        self._room = max(1, limit // 2)
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, fingerprint: int) -> int | None:
        """The cluster of a text, None if the text is not known."""
        found = self._young.get(fingerprint)
        if found is None:
            found = self._old.get(fingerprint)
            if found is not None:
                self.put(fingerprint, found)
        return found

    def put(self, fingerprint: int, cluster: int) -> None:
        """Remember a text."""
        self._old.pop(fingerprint, None)
        self._young[fingerprint] = cluster
        if len(self._young) >= self._room:
            self._old, self._young = self._young, {}

    def state(self) -> list[list[list[int]]]:
        """Plain JSON values, see `restore`."""
        return [[[*each], [*each.values()]] for each in (self._young, self._old)]

    def restore(self, state: Iterable[Sequence[Iterable[int]]]) -> None:
        """Go on from `state`."""
        self._young, self._old = (dict(zip(*each, strict=True)) for each in state)
