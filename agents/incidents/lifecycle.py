"""Open, update, resolve: the incidents of one product, one step per theme and closed minute."""

from dataclasses import dataclass
from operator import itemgetter

import msgspec

from agents.incidents.compose import Standing, compose, escalates, new_standing
from agents.incidents.facts import Facts
from agents.incidents.rules import IncidentRules
from schemas.incidents import Incident, Stage

_REMEMBER = 7 * 1440
"""Minutes after which a resolved incident is no longer named as the previous one."""


@dataclass(frozen=True)
class Revision:
    """One revision to publish, and what it says has happened."""

    incident: Incident
    stage: Stage


class Incidents:
    """Lifecycle of one product's incidents; a deterministic function of the facts it is given."""

    def __init__(self, rules: IncidentRules) -> None:
        self.rules = rules
        self._open: dict[str, Standing] = {}
        self._ended: dict[str, tuple[str, int]] = {}

    def is_open(self, cluster_id: str) -> bool:
        """Whether this theme has an incident that is not resolved."""
        return cluster_id in self._open

    def id_of(self, cluster_id: str) -> str | None:
        """The id of the theme's open incident."""
        standing = self._open.get(cluster_id)
        return standing.incident_id if standing else None

    def onset_of(self, cluster_id: str) -> int | None:
        """The frozen onset minute of the theme's open incident."""
        standing = self._open.get(cluster_id)
        return standing.onset_minute if standing else None

    def slice_of(self, cluster_id: str) -> dict[str, str]:
        """The attributes that the theme's open incident names; none if it abstains."""
        standing = self._open.get(cluster_id)
        return standing.slice.attributes if standing else {}

    def seeks_slice(self, cluster_id: str, minute: int) -> bool:
        """Whether the open incident is so young that a clearer slice may be told now."""
        standing = self._open.get(cluster_id)
        if standing is None or minute - standing.opened_minute > self.rules.slice_minutes:
            return False
        return standing.slice.abstained or self._may_update(standing, minute)

    def step(self, facts: Facts) -> Revision | None:
        """What this minute means for the theme; None if there is nothing to say."""
        standing = self._open.get(facts.cluster_id)
        if standing is None:
            return self._open_one(facts) if self._opens(facts) else None
        standing.quiet = standing.quiet + 1 if facts.quiet else 0
        if standing.quiet >= self.rules.quiet_minutes:
            return self._resolve(standing, facts)
        clearer = self._is_clearer(standing, facts)
        if clearer:
            # Key and routing labels stay as they were: only the answer has become clearer.
            standing.slice = facts.slice
        if clearer or self._is_news(standing, facts):
            return self._publish(standing, facts, "updated")
        return None

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone`, which has no open incident, is part of `into`, and so are those it had."""
        ended = self._ended.pop(gone, None)
        if ended is not None:
            self._ended[into] = max(self._ended.get(into, ended), ended, key=itemgetter(1))

    def _opens(self, facts: Facts) -> bool:
        return (
            facts.alarm
            and facts.count >= self.rules.min_count
            and facts.authors.estimate().value >= self.rules.min_authors
        )

    def _open_one(self, facts: Facts) -> Revision:
        previous, ended = self._ended.get(facts.cluster_id, (None, 0))
        if facts.minute - ended > _REMEMBER:
            previous = None
        related = tuple(
            other.incident_id
            for other in self._open.values()
            if abs(other.onset_minute - facts.onset_minute) <= 15
        )
        standing = new_standing(facts, previous, related)
        self._open[facts.cluster_id] = standing
        return self._publish(standing, facts, "opened")

    def _is_clearer(self, standing: Standing, facts: Facts) -> bool:
        """A first answer is told at once, another one not too soon after the last word."""
        if facts.slice.abstained or facts.slice.attributes == standing.slice.attributes:
            return False
        return standing.slice.abstained or self._may_update(standing, facts.minute)

    def _is_news(self, standing: Standing, facts: Facts) -> bool:
        """An update is due when it has grown or escalates, and the last word is not too recent."""
        if not self._may_update(standing, facts.minute):
            return False
        grown = facts.count >= self.rules.growth * standing.published_count
        return grown or escalates(standing, facts)

    def _may_update(self, standing: Standing, minute: int) -> bool:
        return minute - standing.published_minute >= self.rules.update_minutes

    def _publish(self, standing: Standing, facts: Facts, stage: Stage) -> Revision:
        standing.revision += 1
        standing.published_minute = facts.minute
        standing.published_count = facts.count
        return Revision(compose(standing, facts, self.rules), stage)

    def _resolve(self, standing: Standing, facts: Facts) -> Revision:
        standing.resolved_minute = facts.minute
        del self._open[facts.cluster_id]
        self._ended[facts.cluster_id] = (standing.incident_id, facts.minute)
        self._ended = {
            cluster: ended
            for cluster, ended in self._ended.items()
            if facts.minute - ended[1] <= _REMEMBER
        }
        return self._publish(standing, facts, "resolved")

    def state(self) -> dict[str, object]:
        """Everything, as plain data."""
        standing = [msgspec.to_builtins(s) for s in self._open.values()]
        return {"open": standing, "ended": {c: list(e) for c, e in self._ended.items()}}

    def restore(self, state: dict[str, object]) -> None:
        """Take over what `state` gave."""
        standings = msgspec.convert(state["open"], list[Standing])
        self._open = {standing.cluster_id: standing for standing in standings}
        self._ended = msgspec.convert(state["ended"], dict[str, tuple[str, int]])
