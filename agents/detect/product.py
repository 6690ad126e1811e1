"""One product: merge local clusters, score every theme, step the incidents, minute by minute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.detect.attributes import fitted, joined
from agents.detect.leaves import Values
from agents.detect.merge import KINDS, Said, merged
from agents.detect.moments import HOUR, Moments
from agents.detect.samples import Samples
from agents.detect.slices import NOT_ASKED, slice_of
from agents.incidents.facts import Facts
from agents.incidents.lifecycle import Incidents, Revision
from agents.incidents.rules import IncidentRules
from schemas.changes import Change
from schemas.signals import Partial
from windows.clusters import Assignment, Clusters
from windows.onset import onset
from windows.scores import Scores
from windows.spikes import FILTER_THRESHOLD, TAIL_THRESHOLD, SpikeDetector

_QUIET = 0.35
"""Share of the default alarm threshold below which a minute is quiet; rest is .27."""
_Key = tuple[str, int]


@dataclass(frozen=True)
class DetectRules:
    """`clusters`: themes kept per product; beyond it the longest idle go first.

    `products`: products kept per partition of `signals`; beyond it those go first that have been
    silent for the longest time, in proportion to the minutes in which they were heard.

    `alarm` scales the thresholds of the detector: below 1 finds more and errs more.
    """

    clusters: int = 5_000
    products: int = 1_000
    alarm: float = 1.0
    incidents: IncidentRules = field(default_factory=IncidentRules)


@dataclass(slots=True)
class _Theme:
    """A global cluster: its slot in the detector, its stable id and some of its last texts."""

    slot: int
    cluster_id: str
    distance: float = 0.0
    late: int = 0
    samples: Samples = field(default_factory=Samples)


class ProductDetector:
    """Deterministic: the same partials in the same minutes give the same revisions."""

    def __init__(self, product: str, rules: DetectRules) -> None:
        self.product = product
        self.clusters = {kind: Clusters(limit=rules.clusters) for kind in KINDS}
        self.detector = SpikeDetector(
            filter_threshold=rules.alarm * FILTER_THRESHOLD,
            tail_threshold=rules.alarm * TAIL_THRESHOLD,
        )
        self._alarm = rules.alarm
        self.incidents = Incidents(rules.incidents)
        self._themes: dict[_Key, _Theme] = {}
        self._by_slot: dict[int, _Key] = {}
        self._ids: set[str] = set()
        self._open: set[_Key] = set()
        self._names: tuple[str, ...] = ()
        self._moments = Moments()
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
        return bool(self._open)

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
            for theme in self._themes.values():
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
            (_number(key), part)
            for key, said in heard.items()
            for one in said
            for part in one.parts
        ]
        self._moments.add(minute, parts)
        return counts

    def _assign(self, minute: int, texts: Iterable[Said]) -> Mapping[_Key, Sequence[Said]]:
        """Texts by theme, in the order in which themes are first met; new themes are started."""
        heard: dict[_Key, list[Said]] = {}
        distances: dict[_Key, float] = {}
        founders: dict[_Key, int] = {}
        for said in texts:
            found = self._place(minute, said)
            key = (said.kind, found.cluster)
            if found.born:
                founders[key] = said.fingerprint
            distances[key] = 1.0 - found.similarity
            heard.setdefault(key, []).append(said)
        for (key, founder), slot in zip(
            founders.items(), self.detector.add(len(founders)).tolist(), strict=True
        ):
            self._start(key, founder, slot)
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

    def _start(self, key: _Key, fingerprint: int, slot: int) -> None:
        identity = f"{self.product}\n{key[0]}\n{fingerprint}"
        cluster_id = _digest(identity)
        if cluster_id in self._ids:
            # The theme that this text once founded has moved on and no longer knows it.
            cluster_id = _digest(f"{identity}\n{key[1]}")
        self._ids.add(cluster_id)
        self._by_slot[slot] = key
        self._themes[key] = _Theme(slot, cluster_id)

    def _step(self, minute: int, scores: Scores, changes: Sequence[Change]) -> list[Revision]:
        alarming = {self._by_slot[slot] for slot in np.flatnonzero(scores.alarm).tolist()}
        revisions = []
        for cluster in sorted(alarming | self._open):
            theme = self._themes[cluster]
            is_open = cluster in self._open
            facts = self._facts(minute, cluster, theme, scores, changes, is_open)
            revision = self.incidents.step(facts)
            if revision is not None:
                revisions.append(revision)
            if self.incidents.is_open(theme.cluster_id):
                self._open.add(cluster)
            else:
                self._open.discard(cluster)
        return revisions

    def _facts(
        self,
        minute: int,
        cluster: _Key,
        theme: _Theme,
        scores: Scores,
        changes: Sequence[Change],
        is_open: bool,
    ) -> Facts:
        counts, means = self.detector.last(theme.slot, HOUR)
        first = minute - len(counts) + 1
        standing = self.incidents.onset_of(theme.cluster_id)
        if standing is None:
            estimate, earliest = (first + index for index in onset(counts, means))
        else:
            estimate, earliest = standing, standing
        start = max(estimate, first)
        number = _number(cluster)
        leaves = self._moments.leaves(number, start, minute + 1)
        score = float(scores.score[theme.slot])
        expected = float(means[start - first :].sum())
        asked = not is_open or self.incidents.seeks_slice(theme.cluster_id, minute)
        place = (
            slice_of(self._moments, self._names, number, start, minute, expected)
            if asked
            else NOT_ASKED
        )
        return Facts(
            product=self.product,
            minute=minute,
            cluster_id=theme.cluster_id,
            terms=tuple(self.clusters[cluster[0]].terms(cluster[1], 8)),
            distance=theme.distance,
            alarm=bool(scores.alarm[theme.slot]),
            quiet=score * self._alarm < _QUIET,
            score=score,
            window=minute - start + 1,
            count=float(counts[start - first :].sum()),
            expected=expected,
            onset_minute=estimate,
            earliest_minute=earliest,
            authors=self._moments.authors(number, start, minute + 1),
            channels=_marginal(leaves, 0),
            services=_marginal(leaves, 1),
            samples=theme.samples.since(start),
            slice=place,
            changes=changes,
        )

    def _evict(self) -> None:
        for kind, clusters in self.clusters.items():
            kept = {cluster for of, cluster in self._open if of == kind}
            gone = [self._themes.pop((kind, cluster)) for cluster in clusters.evict(kept)]
            self._ids.difference_update(theme.cluster_id for theme in gone)
            if gone:
                self.detector.remove([theme.slot for theme in gone])

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "clusters": {kind: clusters.state() for kind, clusters in self.clusters.items()},
            "detector": self.detector.state(),
            "incidents": self.incidents.state(),
            "themes": [
                [*cluster, t.slot, t.cluster_id, t.distance, t.late, t.samples.state()]
                for cluster, t in sorted(self._themes.items())
            ],
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
        for kind, number, slot, cluster_id, distance, late, samples in state["themes"]:
            cluster = (kind, number)
            theme = _Theme(slot, cluster_id, distance, late, Samples.of_state(samples))
            self._themes[cluster] = theme
            self._ids.add(cluster_id)
            self._by_slot[slot] = cluster
            if self.incidents.is_open(cluster_id):
                self._open.add(cluster)
        self._moments.restore(state["moments"])
        self._names = tuple(state["names"])
        self.heard, self.idle = state["heard"]


def _digest(identity: str) -> str:
    return blake2b(identity.encode(), digest_size=6).hexdigest()


def _number(key: _Key) -> int:
    """One whole number for a theme; like the numbers of clusters, it is never used again."""
    return key[1] * len(KINDS) + KINDS.index(key[0])


def _marginal(leaves: Mapping[Values, int], place: int) -> dict[str, int]:
    """Counts by one value of the leaf, sorted by name."""
    counts: dict[str, int] = {}
    for leaf, count in leaves.items():
        counts[leaf[place]] = counts.get(leaf[place], 0) + count
    return dict(sorted(counts.items()))
