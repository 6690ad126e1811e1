"""Open, update, resolve: the incidents of one product, by what is counted and what is told."""

from dataclasses import dataclass
from itertools import islice

import msgspec

from agents.incidents import handling
from agents.incidents.carry import carried
from agents.incidents.compose import compose, end_of, escalates, excess_of, highest, severity_of
from agents.incidents.ended import Ended
from agents.incidents.facts import Facts
from agents.incidents.feedback import FeedbackByTheme
from agents.incidents.lapse import awaiting, concluded, lapsed
from agents.incidents.past import Past
from agents.incidents.rules import IncidentRules
from agents.incidents.silences import Silences
from agents.incidents.standing import Standing, new_standing
from schemas.commands import (
    Acknowledge,
    Command,
    Explain,
    Feedback,
    Note,
    Relate,
    Resolve,
    Silence,
)
from schemas.handling import Silencing
from schemas.incidents import Incident, Stage

_RELATED = 10
_TOGETHER = 15
"""Minutes between the onsets of incidents that begin together."""


@dataclass(frozen=True)
class Revision:
    """One revision to publish, and what it says has happened."""

    incident: Incident
    stage: Stage


class Incidents:
    """Lifecycle of one product's incidents: a deterministic function of what it is given.

    `step` it with the facts of a theme once per closed minute; `tell` it commands in between.
    """

    def __init__(self, rules: IncidentRules) -> None:
        self.rules = rules
        self._open: dict[str, Standing] = {}
        self._ended = Ended()
        self._past = Past()
        self._silences = Silences()
        self._feedback = FeedbackByTheme()

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

    def factor_of(self, cluster_id: str) -> float:
        """What people's feedback multiplies the theme's threshold with."""
        return self._feedback.factor(cluster_id)

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
            return self._begin(facts) if self._opens(facts) else None
        highest(standing, facts)
        standing.quiet = standing.quiet + 1 if facts.quiet else 0
        if standing.quiet >= self.rules.quiet_minutes:
            return self._resolve(standing, facts)
        reasons = self._lapsed(standing, facts.minute)
        reasons += self._news(standing, facts, anyway=bool(reasons))
        return self._publish(standing, facts, "updated", reasons) if reasons else None

    def tell(self, command: Command, minute: int) -> Revision | None:
        """Apply a command after epoch minute `minute`; None if it changes nothing that is known."""
        standing = self._find(command.incident_id)
        if standing is None:
            return None
        match command:
            case Silence():
                self._silence(standing.cluster_id, command, minute)
            case Feedback(useful=useful):
                self._feedback.add(standing.cluster_id, useful=useful)
        last = standing.last
        if last is None or not self._ended.remembers(standing, minute):
            return None
        incident = self._told(standing, last, command, minute)
        if incident is None:
            return None
        self._keep(standing, incident)
        match command:
            case Resolve():
                self._end(standing, minute, by_hand=True)
                return Revision(incident, "resolved")
            case Acknowledge():
                return Revision(incident, "acknowledged")
        return Revision(incident, "updated")

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone`, which has no open incident, is part of `into`, and so is all it had."""
        self._ended.merge(into, gone)
        self._past.merge(into, gone)
        self._silences.merge(into, gone)
        self._feedback.merge(into, gone)

    def _find(self, incident_id: str) -> Standing | None:
        for standing in self._open.values():
            if standing.incident_id == incident_id:
                return standing
        return self._ended.find(incident_id)

    def _told(
        self, standing: Standing, last: Incident, command: Command, minute: int
    ) -> Incident | None:
        now, over = end_of(minute), standing.resolved_minute > 0
        match command:
            case Acknowledge() if not over:
                return handling.acknowledge(last, command, end_of(minute + self.rules.ack_minutes))
            case Resolve() if not over:
                return handling.resolve(last, command)
            case Silence():
                silence = self._silences.of(standing.cluster_id, now)
                return handling.silenced(last, command, silence)
            case Feedback():
                opinions = self._feedback.of(standing.cluster_id)
                return handling.judged(last, command, opinions)
            case Note():
                return handling.note(last, command)
            case Explain():
                return handling.explain(last, command)
            case Relate():
                return handling.relate(last, command)
        return None

    def _silence(self, cluster_id: str, command: Silence, minute: int) -> None:
        if command.minutes:
            until = end_of(minute + command.minutes)
            at = command.at or end_of(minute)
            self._silences.begin(cluster_id, Silencing(command.by, at, until))
        else:
            self._silences.end(cluster_id)

    def _opens(self, facts: Facts) -> bool:
        return (
            facts.alarm
            and facts.count >= self.rules.min_count
            and facts.authors.estimate().value >= self.rules.min_authors
        )

    def _begin(self, facts: Facts) -> Revision:
        """A new incident, or the one that has just been resolved, if nobody did it by hand."""
        ended = self._ended.of(facts.cluster_id, facts.minute)
        if ended is not None and ended.last is not None and not ended.by_hand:
            since = facts.minute - ended.resolved_minute
            if since <= self.rules.cooldown_minutes:
                return self._reopen(ended, facts, since)
        together = (
            other.incident_id
            for other in self._open.values()
            if abs(other.onset_minute - facts.onset_minute) <= _TOGETHER
        )
        related = tuple(islice(together, _RELATED))
        standing = new_standing(facts, ended.incident_id if ended else None, related)
        self._open[facts.cluster_id] = standing
        return self._publish(standing, facts, "opened", [f"opened at {facts.count:.0f} reports"])

    def _reopen(self, standing: Standing, facts: Facts, since: int) -> Revision:
        self._ended.forget(standing.incident_id)
        self._past.forget(standing.incident_id)
        standing.resolved_minute = standing.quiet = 0
        self._open[facts.cluster_id] = standing
        minutes = f"{since} minute{'s'[: since != 1]}"
        reasons = [f"rose again {minutes} after it was resolved"]
        return self._publish(standing, facts, "updated", reasons)

    def _lapsed(self, standing: Standing, minute: int) -> list[str]:
        """What time alone has changed, in words."""
        if standing.last is None:
            return []
        now, patience = end_of(minute), self.rules.answer_minutes
        over = minute - standing.opened_minute >= patience
        silence = self._silences.of(standing.cluster_id, now)
        standing.last, reasons = lapsed(standing.last, now, silence, patience if over else None)
        return reasons

    def _news(self, standing: Standing, facts: Facts, *, anyway: bool) -> list[str]:
        """What the counts have changed, in words.

        An update is due when its excess has grown or it escalates, and the last word is not too
        recent, or there is something to say `anyway`. A first answer for whom is told at once.
        """
        clearer = self._is_clearer(standing, facts)
        reasons = []
        if clearer:
            # Key and routing labels stay as they were: only the answer has become clearer.
            standing.slice = facts.slice
            reasons.append("slice became clearer")
        if anyway or clearer or self._may_update(standing, facts.minute):
            if escalates(standing, facts):
                reasons.append(f"severity rose to {severity_of(facts)}")
            told = excess_of(standing.last.observed) if standing.last else 0.0
            # So little in excess may be chance, and twice as much as well.
            if facts.excess >= self.rules.growth * max(told, self.rules.min_count):
                reasons.append(f"grew to {facts.count:.0f} reports")
        return reasons

    def _is_clearer(self, standing: Standing, facts: Facts) -> bool:
        """A first answer is told at once, another one not too soon after the last word."""
        if facts.slice.abstained or facts.slice.attributes == standing.slice.attributes:
            return False
        return standing.slice.abstained or self._may_update(standing, facts.minute)

    def _may_update(self, standing: Standing, minute: int) -> bool:
        return minute - standing.published_minute >= self.rules.update_minutes

    def _publish(
        self, standing: Standing, facts: Facts, stage: Stage, reasons: list[str]
    ) -> Revision:
        last = standing.last
        incident = compose(standing, facts, self.rules, self._past)
        if last is not None:
            incident = carried(incident, last, model=self.rules.model)
        elif self.rules.model:
            incident = awaiting(incident)
        if stage == "resolved":
            incident = concluded(incident)
        incident = msgspec.structs.replace(
            incident,
            change_reason=", ".join(reasons),
            silence=self._silences.of(standing.cluster_id, end_of(facts.minute)),
            opinions=self._feedback.of(standing.cluster_id),
        )
        incident = msgspec.structs.replace(incident, status=handling.status_of(incident))
        self._keep(standing, incident)
        standing.published_minute = facts.minute
        return Revision(incident, stage)

    def _keep(self, standing: Standing, incident: Incident) -> None:
        """It is the last word on the incident."""
        standing.last = incident
        self._past.learn(incident)

    def _resolve(self, standing: Standing, facts: Facts) -> Revision:
        self._end(standing, facts.minute, by_hand=False)
        reasons = [f"quiet for {self.rules.quiet_minutes} minutes"]
        return self._publish(standing, facts, "resolved", reasons)

    def _end(self, standing: Standing, minute: int, *, by_hand: bool) -> None:
        standing.resolved_minute, standing.by_hand = minute, by_hand
        del self._open[standing.cluster_id]
        self._ended.add(standing)

    def state(self) -> dict[str, object]:
        """Everything, as plain data."""
        return {
            "open": [msgspec.to_builtins(standing) for standing in self._open.values()],
            "ended": self._ended.state(),
            "past": self._past.state(),
            "silences": self._silences.state(),
            "feedback": self._feedback.state(),
        }

    def restore(self, state: dict[str, object]) -> None:
        """Take over what `state` gave."""
        standings = msgspec.convert(state["open"], list[Standing])
        self._open = {standing.cluster_id: standing for standing in standings}
        self._ended.restore(state["ended"])
        self._past.restore(state["past"])
        self._silences.restore(state["silences"])
        self._feedback.restore(state["feedback"])
