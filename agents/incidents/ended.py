"""The incidents that are over: the last one of each theme, and all of the last day."""

from typing import Any

import msgspec

from agents.incidents.standing import Standing

_KNOWN = 7 * 1440
"""Minutes after which it is no longer named as the previous one."""
_REMEMBERED = 1440
"""Minutes for which it can still be told something, or open again."""
_WHOLE = 200
"""Incidents of a product of which more than the name is kept."""


class Ended:
    """By `incident_id`, the one resolved first at first."""

    def __init__(self) -> None:
        self._ended: dict[str, Standing] = {}

    def add(self, standing: Standing) -> None:
        """It is over, as its `resolved_minute` says."""
        self._ended[standing.incident_id] = standing
        self._tidy(standing.resolved_minute)

    def of(self, cluster_id: str, minute: int) -> Standing | None:
        """The last one of a theme, if it is not too long ago."""
        mine = (one for one in self._ended.values() if one.cluster_id == cluster_id)
        # Of equals the one that came later.
        standing = max(reversed([*mine]), key=_resolved, default=None)
        if standing is None or minute - standing.resolved_minute > _KNOWN:
            return None
        return standing

    def find(self, incident_id: str) -> Standing | None:
        """The one of this id."""
        return self._ended.get(incident_id)

    def remembers(self, standing: Standing, minute: int) -> bool:
        """Whether it can still be told something; one that is open always can."""
        return not standing.resolved_minute or minute - standing.resolved_minute <= _REMEMBERED

    def forget(self, incident_id: str) -> None:
        """It is not over."""
        self._ended.pop(incident_id, None)

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone` is part of `into`."""
        for standing in self._ended.values():
            if standing.cluster_id == gone:
                standing.cluster_id = into

    def _tidy(self, minute: int) -> None:
        """Older ones stay by their name only, and of each theme only the last one."""
        kept: list[Standing] = []
        themes: set[str] = set()
        for standing in sorted(self._ended.values(), key=_resolved)[::-1]:
            whole = len(kept) < _WHOLE and self.remembers(standing, minute)
            if not whole:
                standing.last = None
                if standing.cluster_id in themes or minute - standing.resolved_minute > _KNOWN:
                    continue
            themes.add(standing.cluster_id)
            kept.append(standing)
        self._ended = {standing.incident_id: standing for standing in reversed(kept)}

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [msgspec.to_builtins(standing) for standing in self._ended.values()]

    def restore(self, state: object) -> None:
        """Take over what `state` gave."""
        standings = msgspec.convert(state, list[Standing])
        self._ended = {standing.incident_id: standing for standing in standings}


def _resolved(standing: Standing) -> int:
    return standing.resolved_minute
