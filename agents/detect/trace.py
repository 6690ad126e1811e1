"""What one closed minute meant for one theme: what was heard, how it scored, what was decided."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from scipy.special import nbdtrik

from agents.detect.facts import scales_of
from agents.detect.groups import Attribute, Group
from agents.detect.judge import Judge
from agents.detect.themes import Key, Theme, Themes
from agents.detect.topics import Topics
from agents.detect.watch import Seen, Watch
from agents.incidents.facts import Facts
from agents.incidents.words import phrase
from schemas.incidents import Incident, Scale, Threshold
from windows.rises import Reading, best_of
from windows.scan import Window
from windows.spikes import SpikeDetector
from windows.titles import title

Decision = Literal[
    "quiet", "low", "muted", "habit", "small", "beside", "opened", "updated", "part", "resolved"
]
"""Nothing scored; scored, but too low; but muted; usual at this time of day; fewer reports or
people than the rules ask for; too little beside stronger themes; opened, updated, belongs to or
resolved one."""

_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Trace:
    """One theme in one closed epoch minute.

    `count` reports where `expected`; of 100 usual minutes 95 lie between `low` and `high`. `scales`
    are those of the slice in which the theme scored most, with all that is up together with it,
    in nats as the threshold; `attribute` is that slice, None for everybody. `incident_id`: the
    incident that the decision is about.
    """

    minute: int
    count: int
    expected: float
    low: int
    high: int
    attribute: Attribute | None
    scales: tuple[Scale, ...]
    threshold: Threshold
    decision: Decision
    why: str
    incident_id: str | None

    @property
    def score(self) -> float:
        """The highest of the scales in nats, 0 if nothing was up."""
        return max((scale.score for scale in self.scales), default=0.0)


class Heard(NamedTuple):
    """A theme that was heard in the minute, and how often."""

    key: Key
    cluster_id: str
    events: int


class _Verdict(NamedTuple):
    decision: Decision
    why: str
    incident_id: str | None = None


@dataclass(frozen=True)
class View:
    """A product at the end of its last closed minute; reading it changes nothing."""

    product: str
    minute: int
    clusters: Mapping[str, Topics]
    themes: Themes
    detector: SpikeDetector
    watch: Watch
    judge: Judge

    @cached_property
    def _minute(self) -> Window:
        return self.detector.window(1)

    @cached_property
    def _owner(self) -> dict[Key, Group]:
        return {key: group for group in self.judge.groups for key in group.members}

    def heard(self) -> Iterator[Heard]:
        """The themes of this minute's reports, in order of their slots."""
        counts = self._minute.counts
        for slot in counts.nonzero()[0].tolist():
            key = self.themes.at(slot)
            yield Heard(key, self.themes[key].cluster_id, round(float(counts[slot])))

    def terms(self, key: Key) -> list[str]:
        """The heaviest terms of a theme."""
        return self.clusters[key.kind].terms(key.cluster, 12)

    def words(self, key: Key) -> str:
        """What a theme heard in this minute is about, in words of its own."""
        terms = self.terms(key)
        texts = [sample.text for sample in self.themes[key].samples.since(self.minute)]
        template = self.clusters[key.kind].template(key.cluster)
        return title(terms, [template] if template else texts) or " ".join(phrase(terms))

    def open_incidents(self) -> Iterator[tuple[str, list[str]]]:
        """Id and themes of every open incident, the leading theme first."""
        for group in self.judge.groups:
            if found := self.judge.incidents.id_of(self.themes[group.lead].cluster_id):
                yield found, [self.themes[key].cluster_id for key in group.members]

    def trace(self, key: Key) -> Trace | None:
        """What the minute meant for a theme; None if the theme is forgotten."""
        if key not in self.themes:
            return None
        theme, window = self.themes[key], self._minute
        seen = self._seen(key, theme.slot)
        verdict = self._verdict(key, theme, seen)
        mean = float(window.means[theme.slot])
        low, high = usual_range(mean, float(window.phi[theme.slot]))
        return Trace(
            minute=self.minute,
            count=round(float(window.counts[theme.slot])),
            expected=mean,
            low=low,
            high=high,
            attribute=seen.attribute,
            scales=scales_of(seen.scales),
            threshold=self._threshold(theme, seen),
            decision=verdict.decision,
            why=verdict.why,
            incident_id=verdict.incident_id,
        )

    def _seen(self, key: Key, slot: int) -> Seen:
        """Where the theme scored most, without what is muted, a habit or another incident's."""
        own = self._owner.get(key)
        others = [member for member, group in self._owner.items() if group is not own]
        told = {self.themes[member].slot for member in others}
        told |= self.judge.muted | self.watch.usual
        best = Seen(None, ())
        for seen in self.watch.seen:
            free = seen.among(lambda member, _: member == slot or member not in told)
            scales = tuple(each for each in free.scales if _holds(each, slot))
            if best_of(scales).score > best.best.score:
                best = free._replace(scales=scales)
        return best

    def _threshold(self, theme: Theme, seen: Seen) -> Threshold:
        """That of the theme that leads where this one scored, or of itself."""
        if members := seen.best.members:
            theme = self.themes[self.themes.at(members[0].slot)]
        return self.judge.threshold_of(theme.cluster_id)

    def _verdict(self, key: Key, theme: Theme, seen: Seen) -> _Verdict:
        group = self._owner.get(key)
        if group is not None:
            return self._in_incident(group)
        for revision in self.judge.revisions:
            incident = revision.incident
            if revision.stage == "resolved" and incident.grouping.cluster_id == theme.cluster_id:
                why = f"{incident.change_reason}: incident resolved"
                return _Verdict("resolved", why, incident.incident_id)
        for refused, facts in self.judge.refused:
            if key in refused.members:
                return _Verdict("small", self._too_small(facts))
        if key in self.judge.holds and seen.best.score > 0:
            why = "up, but a person has resolved its incident, and too little has come since"
            return _Verdict("muted", why)
        threshold = self._threshold(theme, seen).score
        return self._unless_alarming(theme.slot, seen.best.score, threshold)

    def _in_incident(self, group: Group) -> _Verdict:
        found = self.judge.incidents.id_of(self.themes[group.lead].cluster_id)
        said = {r.incident.incident_id: r.incident for r in self.judge.revisions}.get(found or "")
        if group.opened == self.minute and (said is None or said.revision == 1):
            lead = self.themes[group.lead].cluster_id
            what = (
                "people write many times more than usual"
                if group.usual is not None
                else f"the score reached {self.judge.threshold_of(lead).score:.1f}"
            )
            return _Verdict("opened", f"{what}: incident opened", found)
        if said is not None:
            why = f"incident updated: {said.change_reason}; {_severity(said)}"
            return _Verdict("updated", why, found)
        return _Verdict("part", "belongs to the open incident", found)

    def _too_small(self, facts: Facts) -> str:
        rules = self.judge.incidents.rules
        return (
            f"the score is enough, but {facts.count:.0f} reports of"
            f" {facts.authors.estimate().value} people are not: it takes {rules.min_count} of"
            f" {rules.min_authors}"
        )

    def _unless_alarming(self, slot: int, score: float, threshold: float) -> _Verdict:
        if score == 0:
            return _Verdict("quiet", "nothing unusual")
        if slot in self.judge.muted:
            return _Verdict("muted", "up, but muted: it opens nothing")
        if score < threshold:
            return _Verdict("low", f"up, but {score:.1f} is below {threshold:.1f}")
        if slot in self.watch.usual:
            return _Verdict("habit", "was up like this at this time of an earlier day: no news")
        return _Verdict("beside", "too little beside the themes it rose with")


def usual_range(mean: float, phi: float) -> tuple[int, int]:
    """Counts between which 95 of 100 minutes lie: negative-binomial, variance m + phi m^2."""
    if mean <= 0:
        return 0, 0
    size = 1 / phi
    low, high = (float(nbdtrik(p, size, size / (size + mean))) for p in (_TAIL, 1 - _TAIL))
    return math.floor(low), math.ceil(high)


def _holds(reading: Reading, slot: int) -> bool:
    return any(member.slot == slot for member in reading.members)


def _severity(incident: Incident) -> str:
    return f"{incident.severity}, {incident.observed.count} reports so far"
