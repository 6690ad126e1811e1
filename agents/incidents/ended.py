"""The last incident of each theme that is over."""

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
    """By `cluster_id`, the one resolved first at first."""

    def __init__(self) -> None:
        self._ended: dict[str, Standing] = {}

    def add(self, standing: Standing) -> None:
        """It is over, as its `resolved_minute` says."""
        self._ended.pop(standing.cluster_id, None)
        self._ended[standing.cluster_id] = standing
        self._tidy(standing.resolved_minute)

    def of(self, cluster_id: str, minute: int) -> Standing | None:
        """The last one of a theme, if it is not too long ago."""
        standing = self._ended.get(cluster_id)
        if standing is None or minute - standing.resolved_minute > _KNOWN:
            return None
        return standing

    def find(self, incident_id: str) -> Standing | None:
        """The one of this id."""
        for standing in self._ended.values():
            if standing.incident_id == incident_id:
                return standing
        return None

    def remembers(self, standing: Standing, minute: int) -> bool:
        """Whether it can still be told something; one that is open always can."""
        return not standing.resolved_minute or minute - standing.resolved_minute <= _REMEMBERED

    def forget(self, cluster_id: str) -> None:
        """It is not over."""
        self._ended.pop(cluster_id, None)

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone` is part of `into`: the later one of the two stays."""
        lost = self._ended.pop(gone, None)
        kept = self._ended.get(into)
        if lost is not None and (kept is None or kept.resolved_minute <= lost.resolved_minute):
            lost.cluster_id = into
            self.add(lost)

    def _tidy(self, minute: int) -> None:
        standings = sorted(self._ended.values(), key=lambda s: s.resolved_minute)
        known = [s for s in standings if minute - s.resolved_minute <= _KNOWN]
        for place, standing in enumerate(reversed(known)):
            if place >= _WHOLE or not self.remembers(standing, minute):
                standing.last = None
        self._ended = {standing.cluster_id: standing for standing in known}

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [msgspec.to_builtins(standing) for standing in self._ended.values()]

    def restore(self, state: object) -> None:
        """Take over what `state` gave."""
        standings = msgspec.convert(state, list[Standing])
        self._ended = {standing.cluster_id: standing for standing in standings}
