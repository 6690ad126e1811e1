"""Opens, goes on with and resolves the incidents of one product."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from agents.detect.facts import QUIET, Scene, facts_of
from agents.detect.groups import Group, Groups
from agents.detect.holds import Holds
from agents.detect.merge import PEOPLE
from agents.detect.moments import Moments
from agents.detect.mutes import Mutes
from agents.detect.rules import DetectRules, Sensitivity
from agents.detect.themes import Key, Themes
from agents.detect.topics import Topics
from agents.detect.watch import Seen, Watch
from agents.incidents.facts import Facts
from agents.incidents.lifecycle import Incidents, Revision
from schemas.changes import Change
from schemas.commands import Command
from schemas.incidents import Threshold
from windows.calibration import QuietPeaks
from windows.scan import FALSE_PER_WEEK, THRESHOLD
from windows.scores import Scores
from windows.spikes import SpikeDetector
from windows.volume import Volume

_ALLOWED: Mapping[Sensitivity, float] = {"low": 1.0, "medium": FALSE_PER_WEEK, "high": 10.0}
"""False incidents per week."""
_JOIN_MINUTES = 30
"""So long after the opening, what rises for the same readers is the same problem in other words."""
_SURGE_THEMES = 8
"""Themes that a surge of the whole product is told by: the most frequent ones."""
_CORE = 0.2
"""Part of the leading theme's gain from which another one belongs to the incident."""


class Judge:
    """Reads what the product knows of its themes; owns what has been told of them.

    Of the last minute, `refused`: what was up enough, but too small; `muted`: the slots of the
    themes that were up, but muted; `revisions`: what was said, also by people since the one before.
    """

    def __init__(
        self,
        product: str,
        rules: DetectRules,
        clusters: Mapping[str, Topics],
        themes: Themes,
        moments: Moments,
        detector: SpikeDetector,
        watch: Watch,
    ) -> None:
        self._product = product
        self._clusters = clusters
        self._themes = themes
        self._moments = moments
        self._detector = detector
        self._watch = watch
        self._volume = Volume()
        self._mutes = Mutes(rules.mute, themes, clusters)
        self._peaks = QuietPeaks(_ALLOWED[rules.sensitivity])
        self.incidents = Incidents(rules.incidents)
        self.groups = Groups()
        self.holds = Holds(rules.incidents.cooldown_minutes)
        self.refused: list[tuple[Group, Facts]] = []
        self.muted: frozenset[int] = frozenset()
        self.revisions: list[Revision] = []
        self._told: list[Revision] = []
        self._hushed = 0
        """Epoch minute in which a person resolved the last surge."""

    @property
    def threshold(self) -> Threshold:
        """From which score on an incident opens."""
        return Threshold(self._peaks.threshold, self._peaks.false_per_week)

    def threshold_of(self, cluster_id: str) -> Threshold:
        """The same for a theme that people have found useful, or not."""
        factor, usual = self.incidents.factor_of(cluster_id), self.threshold
        return usual if factor == 1 else Threshold(usual.score * factor, None)

    def step(
        self, minute: int, names: Sequence[str], scores: Scores, changes: Sequence[Change]
    ) -> list[Revision]:
        """What a closed minute means; `names` are those of the leaves' values."""
        rises = self._watch.rises(minute, self._detector.window, self._repeats(minute))
        self.muted = self._muted()
        rises = [seen.among(lambda slot, _: slot not in self.muted) for seen in rises]
        self.holds.pass_on(minute, lambda key: self._is_over(key, rises, scores))
        settled = not len(self.groups) and not len(self.holds)
        self._peaks.close(minute, self._highest(rises), quiet=settled)
        scene = Scene(
            self._product, minute, names, self._clusters, self._themes, self._moments,
            self._detector, self._volume, scores, changes, self.threshold,
            self.muted | self._watch.usual | self._in_incidents(),
        )  # fmt: skip
        self.refused = []
        revisions = [
            revision for group in self.groups if (revision := self._go_on(scene, group, rises))
        ]
        for seen in rises:
            if revision := self._look(scene, seen):
                revisions.append(revision)
        if revision := self._look_at_volume(scene):
            revisions.append(revision)
        self.revisions, self._told = [*self._told, *revisions], []
        return revisions

    def tell(self, command: Command, minute: int) -> Revision | None:
        """Apply a command after epoch minute `minute`; None if nothing here is known of it."""
        revision = self.incidents.tell(command, minute)
        if revision is None:
            return None
        self._told.append(revision)
        for group in self.groups:
            if not self.incidents.is_open(self._themes[group.lead].cluster_id):
                self.groups.close(group)
                self.holds.add(group.members, minute)
                if group.usual is not None:
                    self._hushed = minute
        return revision

    def _is_over(self, key: Key, rises: Sequence[Seen], scores: Scores) -> bool:
        """Whether a theme that is held down is quiet, or forgotten."""
        if key not in self._themes:
            return True
        slot = self._themes[key].slot
        still = _up(rises, slot.__eq__).best.score / THRESHOLD
        return max(float(scores.score[slot]), still) < QUIET

    def _muted(self) -> frozenset[int]:
        readings = (reading for seen in self._watch.seen for reading in seen.scales)
        up = {member.slot for reading in readings for member in reading.members}
        return frozenset(slot for slot in up if self._themes.at(slot) in self._mutes)

    def _in_incidents(self) -> frozenset[int]:
        return frozenset(self._themes[key].slot for key in self.groups.taken)

    def _highest(self, rises: Iterable[Seen]) -> float:
        """The highest score (nats) of what is large enough to open an incident."""
        least = self.incidents.rules.min_count
        best = [seen.best for seen in rises]
        large = (b for b in best if sum(member.events for member in b.members) >= least)
        return max((reading.score for reading in large), default=0.0)

    def _repeats(self, minute: int) -> Callable[[int, int], float]:
        """Events of a slot in the last so many minutes that are somebody's second or later."""

        def repeats(slot: int, minutes: int) -> float:
            number = self._themes.at(slot).number
            people = self._moments.authors([number], minute - minutes + 1, minute + 1).estimate()
            return max(0.0, float(self._detector.last(slot, minutes)[0].sum()) - people.high)

        return repeats

    def _go_on(self, scene: Scene, group: Group, rises: Sequence[Seen]) -> Revision | None:
        slots = {self._themes[key].slot for key in group.members}
        best = _up(rises, slots.__contains__)
        cluster_id = self._themes[group.lead].cluster_id
        asked = self.incidents.seeks_slice(cluster_id, scene.minute)
        onset = self.incidents.onset_of(cluster_id)
        scene = self._as_judged(scene, group.lead)
        facts = facts_of(scene, group, onset, best.best.score, best.scales, asked=asked)
        revision = self.incidents.step(facts)
        if not self.incidents.is_open(cluster_id):
            self.groups.close(group)
        return revision

    def _look(self, scene: Scene, seen: Seen) -> Revision | None:
        """Open an incident for what has risen, unless it is part of one that is open."""
        free = seen.among(lambda slot, minutes: self._is_free(slot, minutes, scene.minute))
        best = free.best
        if not best.members:
            return None
        scene = self._as_judged(scene, self._themes.at(best.members[0].slot))
        if best.score < scene.threshold.score:
            return None
        least = _CORE * best.members[0].gain
        up = {self._themes.at(m.slot): m.gain for m in best.members if m.gain >= least}
        for group in self.groups:
            if self._is_same(group, seen, scene.minute):
                self.groups.join(group, up)
                return None
        group = Group(next(iter(up)), up, seen.attribute, scene.minute)
        facts = facts_of(scene, group, None, best.score, free.scales, asked=True)
        return self._open(group, facts)

    def _as_judged(self, scene: Scene, lead: Key) -> Scene:
        """The scene with the threshold of the theme that leads."""
        return replace(scene, threshold=self.threshold_of(self._themes[lead].cluster_id))

    def _is_free(self, slot: int, minutes: int, minute: int) -> bool:
        key = self._themes.at(slot)
        return key not in self.groups.taken and not self.holds.hide(key, minutes, minute)

    def _open(self, group: Group, facts: Facts) -> Revision | None:
        revision = self.incidents.step(facts)
        if revision is not None:
            self.groups.open(group)
        else:
            self.refused.append((group, facts))
        return revision

    def _look_at_volume(self, scene: Scene) -> Revision | None:
        """Open an incident when people write many times more than usual, whatever about."""
        # What an incident is open about is told already.
        minutes = self._volume.close(sum(n for _, n in self._other_talk(1, scene.minute)))
        over = scene.minute - self._hushed
        if minutes is None or over < minutes or over <= self.incidents.rules.cooldown_minutes:
            return None
        if any(group.usual is not None for group in self.groups):
            return None
        talk = dict(self._other_talk(minutes, scene.minute)[:_SURGE_THEMES])
        if not talk:
            # An incident has opened on all of it since it was heard.
            return None
        group = Group(next(iter(talk)), talk, None, scene.minute, self._volume.usual(minutes))
        return self._open(
            group, facts_of(scene, group, None, 2 * scene.threshold.score, asked=True)
        )

    def _other_talk(self, minutes: int, minute: int) -> list[tuple[Key, float]]:
        """What people said in the last minutes, the most frequent first.

        Without what is in an open incident, held down, or muted.
        """
        counts, taken = self._detector.window(minutes).counts, self.groups.taken
        slots = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)].tolist()
        return [
            (key, float(counts[slot]))
            for slot, key in zip(slots, map(self._themes.at, slots), strict=True)
            if key.kind == PEOPLE
            and not (key in taken or key in self._mutes or self.holds.hide(key, minutes, minute))
        ]

    def _is_same(self, group: Group, seen: Seen, minute: int) -> bool:
        if minute - group.opened > _JOIN_MINUTES:
            return False
        named = self.incidents.slice_of(self._themes[group.lead].cluster_id)
        return seen.attribute == group.attribute or seen.attribute in tuple(named.items())

    def fold(self, into: Key, gone: Key) -> None:
        """Two themes have become one. An incident keeps its identity: that of its lead goes on."""
        kept, lost = (gone, into) if self.groups.leads(gone) else (into, gone)
        cluster_id = self._themes[kept].cluster_id
        self.incidents.merge(cluster_id, self._themes[lost].cluster_id)
        self._themes.merge(into, gone, cluster_id, self.incidents.onset_of(cluster_id))
        self.groups.rename(gone, into)
        self.holds.rename(gone, into)

    def told(self, kind: str) -> set[int]:
        """The clusters of a kind that are in open incidents."""
        return {key.cluster for key in self.groups.taken if key.kind == kind}

    def state(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {
            "incidents": self.incidents.state(),
            "groups": self.groups.state(),
            "holds": self.holds.state(),
            "volume": self._volume.state(),
            "peaks": self._peaks.state(),
            "hushed": self._hushed,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        self.incidents.restore(state["incidents"])
        self.groups.restore(state["groups"])
        self.holds.restore(state["holds"])
        self._volume.restore(state["volume"])
        self._peaks.restore(state["peaks"])
        self._hushed = state["hushed"]


def _up(rises: Iterable[Seen], slots: Callable[[int], bool]) -> Seen:
    """Where themes, by their slots, are up most."""
    mine = (seen.among(lambda slot, _: slots(slot)) for seen in rises)
    return max(mine, key=lambda seen: seen.best.score, default=Seen(None, ()))
