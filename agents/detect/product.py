"""One product: merge local clusters, score every theme, step the incidents, minute by minute."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.detect.attributes import fitted, joined
from agents.detect.facts import Scene, facts_of
from agents.detect.groups import Group, Groups
from agents.detect.merge import KINDS, PEOPLE, Said, merged
from agents.detect.moments import HOUR, Moments
from agents.detect.themes import Key, Themes
from agents.detect.trace import View
from agents.detect.watch import Seen, Watch
from agents.incidents.facts import Facts
from agents.incidents.lifecycle import Incidents, Revision
from agents.incidents.rules import IncidentRules
from schemas.changes import Change
from schemas.incidents import Threshold
from schemas.signals import Partial
from windows.clusters import Assignment, Clusters
from windows.scan import FALSE_PER_WEEK, THRESHOLD
from windows.scores import Scores
from windows.spikes import THRESHOLD as SPIKE_THRESHOLD
from windows.spikes import SpikeDetector
from windows.volume import Volume

_JOIN_MINUTES = 30
"""So long after the opening, what rises for the same readers is the same problem in other words."""
_SURGE_THEMES = 8
"""Themes that a surge of the whole product is told by: the most frequent ones."""
_CORE = 0.2
"""Part of the leading theme's gain from which another one belongs to the incident."""


@dataclass(frozen=True)
class DetectRules:
    """`clusters`: themes kept per product; beyond it the longest idle go first.

    `products`: products kept per partition of `signals`; beyond it those go first that have been
    silent for the longest time, in proportion to the minutes in which they were heard.

    `alarm` scales the thresholds: below 1 finds more and errs more.
    """

    clusters: int = 5_000
    products: int = 1_000
    alarm: float = 1.0
    incidents: IncidentRules = field(default_factory=IncidentRules)


class ProductDetector:
    """Deterministic: the same partials in the same minutes give the same revisions."""

    def __init__(self, product: str, rules: DetectRules) -> None:
        self.product = product
        self.clusters = {kind: Clusters(limit=rules.clusters) for kind in KINDS}
        self.detector = SpikeDetector(threshold=rules.alarm * SPIKE_THRESHOLD)
        self._alarm = rules.alarm
        self.incidents = Incidents(rules.incidents)
        self._themes = Themes(product)
        self._groups = Groups()
        self._watch = Watch()
        self._volume = Volume()
        self._names: tuple[str, ...] = ()
        self._moments = Moments()
        self._refused: list[tuple[Group, Facts]] = []
        self._said: list[Revision] = []
        self.idle = 0
        """Closed minutes since the last one with a partial."""
        self.heard = 0
        """Closed minutes that had one."""

    @property
    def themes(self) -> int:
        """Themes remembered."""
        return len(self._themes)

    @property
    def has_open(self) -> bool:
        """Whether an incident is open."""
        return bool(len(self._groups))

    @property
    def threshold(self) -> Threshold:
        """From which score on an incident opens."""
        # Nobody has measured how often another setting errs.
        rate = FALSE_PER_WEEK if self._alarm == 1 else None
        return Threshold(THRESHOLD * self._alarm, rate)

    def view(self, minute: int) -> View:
        """How the last closed minute, which the caller knows, was judged; good until the next."""
        return View(
            self.product, minute, self.clusters, self._themes, self.detector, self._watch,
            self._groups, self.incidents, self.threshold, self._refused, self._said,
        )  # fmt: skip

    def close(
        self, minute: int, partials: Iterable[Partial], changes: Sequence[Change]
    ) -> list[Revision]:
        """Close an epoch minute with its partials in their fixed order; revisions to publish."""
        counts = self._hear(minute, tuple(partials))
        scores = self.detector.score_many(counts, minute)
        self.detector.learn_many(counts, minute)
        revisions = self._step(minute, scores, changes)
        self._evict()
        if minute % HOUR == 0:
            for theme in self._themes:
                theme.samples.forget(minute - HOUR)
        return revisions

    def _hear(self, minute: int, partials: Sequence[Partial]) -> NDArray[np.float32]:
        """Put what was said where it belongs; counts by slot of the detector."""
        self.heard += bool(partials)
        self.idle = 0 if partials else self.idle + 1
        self._names = joined(self._names, partials)
        heard = self._assign(minute, merged(fitted(partial, self._names) for partial in partials))
        counts = np.zeros(self.detector.capacity, np.float32)
        for key, said in heard.items():
            theme = self._themes[key]
            counts[theme.slot] = sum([one.count for one in said])
            theme.late += sum([one.late for one in said])
            onset = self.incidents.onset_of(theme.cluster_id)
            theme.samples.add(minute, (s for one in said for s in one.samples), onset)
        parts = [
            (key.number, part) for key, said in heard.items() for one in said for part in one.parts
        ]
        self._moments.add(minute, parts)
        newest = self._moments.newest() if parts else ()
        cells = ((self._themes.slot_of(number), leaf, n) for number, leaf, n in newest)
        self._watch.observe(self._names, cells, counts)
        return counts

    def _assign(self, minute: int, texts: Iterable[Said]) -> Mapping[Key, Sequence[Said]]:
        """Texts by theme, in the order in which themes are first met; new themes are started."""
        heard: dict[Key, list[Said]] = {}
        distances: dict[Key, float] = {}
        founders: dict[Key, int] = {}
        for said in texts:
            found = self._place(minute, said)
            key = Key(said.kind, found.cluster)
            if found.born:
                founders[key] = said.fingerprint
            distances[key] = 1.0 - found.similarity
            heard.setdefault(key, []).append(said)
        slots = self.detector.add(len(founders)).tolist()
        for (key, founder), slot in zip(founders.items(), slots, strict=True):
            self._themes.start(key, founder, slot)
            self._watch.start([slot], key.kind)
        for key, distance in distances.items():
            self._themes[key].distance = distance
        return heard

    def _place(self, minute: int, said: Said) -> Assignment:
        clusters = self.clusters[said.kind]
        first = said.parts[0]
        found = clusters.assign(first.terms, first.count + first.late, said.fingerprint, minute)
        if rest := said.count + said.late - first.count - first.late:
            # By now the text is known, and no terms are looked at.
            clusters.assign({}, rest, said.fingerprint, minute)
        return found

    def _step(self, minute: int, scores: Scores, changes: Sequence[Change]) -> list[Revision]:
        rises = self._watch.rises(minute, self.detector.window, self._repeats(minute))
        scene = Scene(
            self.product, minute, self._names, self.clusters, self._themes, self._moments,
            self.detector, self._volume, scores, changes, self._alarm, self.threshold,
        )  # fmt: skip
        self._refused = []
        revisions = [
            revision for group in self._groups if (revision := self._go_on(scene, group, rises))
        ]
        for seen in rises:
            if revision := self._look(scene, seen):
                revisions.append(revision)
        if revision := self._look_at_volume(scene):
            revisions.append(revision)
        self._said = revisions
        return revisions

    def _repeats(self, minute: int) -> Callable[[int, int], float]:
        """Events of a slot in the last so many minutes that are somebody's second or later."""

        def repeats(slot: int, minutes: int) -> float:
            number = self._themes.at(slot).number
            people = self._moments.authors([number], minute - minutes + 1, minute + 1).estimate()
            return max(0.0, float(self.detector.last(slot, minutes)[0].sum()) - people.high)

        return repeats

    def _go_on(self, scene: Scene, group: Group, rises: Sequence[Seen]) -> Revision | None:
        slots = {self._themes[key].slot for key in group.members}
        mine = [seen.among(slots.__contains__) for seen in rises]
        best = max(mine, key=lambda seen: seen.score, default=None)
        still, scales = (best.score, best.scales) if best else (0.0, ())
        cluster_id = self._themes[group.lead].cluster_id
        asked = self.incidents.seeks_slice(cluster_id, scene.minute)
        onset = self.incidents.onset_of(cluster_id)
        facts = facts_of(scene, group, onset, still, scales, asked=asked)
        revision = self.incidents.step(facts)
        if not self.incidents.is_open(cluster_id):
            self._groups.close(group)
        return revision

    def _look(self, scene: Scene, seen: Seen) -> Revision | None:
        """Open an incident for what has risen, unless it is part of one that is open."""
        taken = self._groups.taken
        free = seen.among(lambda slot: self._themes.at(slot) not in taken)
        if free.score < scene.threshold.score:
            return None
        least = _CORE * free.members[0].gain
        keys = [self._themes.at(m.slot) for m in free.members if m.gain >= least]
        for group in self._groups:
            if self._is_same(group, seen, scene.minute):
                self._groups.join(group, keys)
                return None
        group = Group(keys[0], keys, seen.attribute, scene.minute)
        facts = facts_of(scene, group, None, free.score, free.scales, asked=True)
        return self._open(group, facts)

    def _open(self, group: Group, facts: Facts) -> Revision | None:
        revision = self.incidents.step(facts)
        if revision is not None:
            self._groups.open(group)
        else:
            self._refused.append((group, facts))
        return revision

    def _look_at_volume(self, scene: Scene) -> Revision | None:
        """Open an incident when people write many times more than usual, whatever about."""
        # What an incident is open about is told already.
        minutes = self._volume.close(sum(n for _, n in self._other_talk(1)))
        if minutes is None or any(group.usual is not None for group in self._groups):
            return None
        keys = [key for key, _ in self._other_talk(minutes)[:_SURGE_THEMES]]
        if not keys:
            # An incident has opened on all of it since it was heard.
            return None
        group = Group(keys[0], keys, None, scene.minute, self._volume.usual(minutes))
        return self._open(group, facts_of(scene, group, None, 2 * THRESHOLD, asked=True))

    def _other_talk(self, minutes: int) -> list[tuple[Key, float]]:
        """What people said in no open incident in the last minutes, the most frequent first."""
        counts, taken = self.detector.window(minutes).counts, self._groups.taken
        slots = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)].tolist()
        return [
            (key, float(counts[slot]))
            for slot, key in zip(slots, map(self._themes.at, slots), strict=True)
            if key.kind == PEOPLE and key not in taken
        ]

    def _is_same(self, group: Group, seen: Seen, minute: int) -> bool:
        if minute - group.opened > _JOIN_MINUTES:
            return False
        named = self.incidents.slice_of(self._themes[group.lead].cluster_id)
        return seen.attribute == group.attribute or seen.attribute in tuple(named.items())

    def _evict(self) -> None:
        for kind, clusters in self.clusters.items():
            kept = {key.cluster for key in self._groups.taken if key.kind == kind}
            slots = self._themes.drop(Key(kind, cluster) for cluster in clusters.evict(kept))
            if slots:
                self.detector.remove(slots)
                self._watch.forget(slots)

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "clusters": {kind: clusters.state() for kind, clusters in self.clusters.items()},
            "detector": self.detector.state(),
            "incidents": self.incidents.state(),
            "themes": self._themes.state(),
            "groups": self._groups.state(),
            "watch": self._watch.state(),
            "volume": self._volume.state(),
            "moments": self._moments.state(),
            "names": list(self._names),
            "heard": [self.heard, self.idle],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        for kind, clusters in self.clusters.items():
            clusters.restore(state["clusters"][kind])
        self.detector.restore(state["detector"])
        self.incidents.restore(state["incidents"])
        self._themes.restore(state["themes"])
        self._groups.restore(state["groups"])
        self._watch.restore(state["watch"])
        self._volume.restore(state["volume"])
        self._moments.restore(state["moments"])
        self._names = tuple(state["names"])
        self.heard, self.idle = state["heard"]
