"""One product: merge local clusters, score every theme, step the incidents, minute by minute."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from agents.detect.attributes import fitted, joined, widened
from agents.detect.moments import (
    HOUR,
    LeafPool,
    Moment,
    Recent,
    add_leaves,
    authors_of,
    leaves_of,
)
from agents.incidents.facts import Facts
from agents.incidents.lifecycle import Incidents, Revision
from agents.incidents.rules import IncidentRules
from schemas.changes import Change
from schemas.incidents import Slice, SliceCandidate
from schemas.signals import Partial
from windows.clusters import Clusters
from windows.onset import onset
from windows.scores import Scores
from windows.slices import explain
from windows.spikes import FILTER_THRESHOLD, TAIL_THRESHOLD, SpikeDetector

_QUIET = 0.35
"""Share of the default alarm threshold below which a minute is quiet; rest is .27."""
_KINDS = ("feedback", "log")
"""People and machines word things differently: their texts are clustered apart."""
_Key = tuple[str, int]
_NO_SLICE = Slice({}, 0.0, 1.0, True, (), "the theme has not been alarming")


@dataclass(frozen=True)
class DetectRules:
    """`clusters`: themes kept per product; beyond it the longest idle go first.

    `alarm` scales the thresholds of the detector: below 1 finds more and errs more.
    """

    clusters: int = 5_000
    alarm: float = 1.0
    incidents: IncidentRules = field(default_factory=IncidentRules)


@dataclass
class _Theme:
    """A global cluster: its slot in the detector, its stable id and its last hour."""

    slot: int
    cluster_id: str
    distance: float = 0.0
    late: int = 0
    recent: Recent = field(default_factory=Recent)


class ProductDetector:
    """Deterministic: the same partials in the same minutes give the same revisions."""

    def __init__(self, product: str, rules: DetectRules) -> None:
        self.product = product
        self.clusters = {kind: Clusters(limit=rules.clusters) for kind in _KINDS}
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
        self._totals: deque[tuple[int, dict[tuple[str, ...], int]]] = deque()
        self._names: tuple[str, ...] = ()
        self._pool = LeafPool()

    @property
    def themes(self) -> int:
        """Themes remembered."""
        return len(self._themes)

    def close(
        self, minute: int, partials: Iterable[Partial], changes: Sequence[Change]
    ) -> list[Revision]:
        """Close an epoch minute with its partials in their fixed order; revisions to publish."""
        moments = self._merge(minute, partials)
        counts = np.zeros(self.detector.capacity, np.float32)
        for cluster, moment in moments.items():
            theme = self._themes[cluster]
            counts[theme.slot] = moment.count
            theme.late += moment.late
            theme.recent.add(moment)
        scores = self.detector.score_many(counts, minute)
        self.detector.learn_many(counts, minute)
        revisions = self._step(minute, scores, changes)
        self._evict()
        return revisions

    def _merge(self, minute: int, partials: Iterable[Partial]) -> dict[_Key, Moment]:
        moments: dict[_Key, Moment] = {}
        totals: dict[tuple[str, ...], int] = {}
        partials = tuple(partials)
        self._names = joined(self._names, partials)
        for partial in (fitted(partial, self._names) for partial in partials):
            add_leaves(totals, self._pool.shared(partial.totals))
            kind = "log" if partial.topic.startswith("logs.") else "feedback"
            for local in partial.clusters:
                found = self.clusters[kind].assign(
                    local.terms, local.count + local.late, local.fingerprint, minute
                )
                key = (kind, found.cluster)
                if found.born:
                    self._start(key, local.fingerprint)
                self._themes[key].distance = 1.0 - found.similarity
                moments.setdefault(key, Moment(minute)).add(local, self._pool)
        self._totals.append((minute, totals))
        while self._totals[0][0] <= minute - HOUR:
            self._totals.popleft()
        return moments

    def _start(self, key: _Key, fingerprint: int) -> None:
        slot = int(self.detector.add(1)[0])
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
            theme.recent.forget(minute)
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
        moments = theme.recent.since(start)
        leaves = leaves_of(moments)
        score = float(scores.score[theme.slot])
        expected = float(means[start - first :].sum())
        asked = not is_open or self.incidents.seeks_slice(theme.cluster_id, minute)
        place = self._explain(theme, leaves, start, expected) if asked else _NO_SLICE
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
            authors=authors_of(moments),
            channels=_marginal(leaves, 0),
            services=_marginal(leaves, 1),
            samples=[sample for moment in moments for sample in moment.samples],
            slice=place,
            changes=changes,
        )

    def _explain(
        self, theme: _Theme, leaves: dict[tuple[str, ...], int], start: int, expected: float
    ) -> Slice:
        exposure: dict[tuple[str, ...], int] = {}
        background: dict[tuple[str, ...], int] = {}
        for minute, totals in self._totals:
            add_leaves(exposure if minute >= start else background, totals.items())
        found = explain(
            self._names,
            widened(leaves.items(), self._names),
            expected=expected,
            exposure=widened(exposure.items(), self._names),
            history=widened(leaves_of(theme.recent.before(start)).items(), self._names),
            background=widened(background.items(), self._names),
        )
        candidates = tuple(
            SliceCandidate(dict(c.attributes), round(c.share, 3), round(c.lift, 2))
            for c in found.candidates
        )
        return Slice(
            dict(found.attributes),
            round(found.share, 3),
            round(found.lift, 2),
            found.abstained,
            candidates,
            found.reason,
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
                [*cluster, t.slot, t.cluster_id, t.distance, t.late, t.recent.state()]
                for cluster, t in sorted(self._themes.items())
            ],
            "totals": [[minute, list(totals.items())] for minute, totals in self._totals],
            "names": list(self._names),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        for kind, clusters in self.clusters.items():
            clusters.restore(state["clusters"][kind])
        self.detector.restore(state["detector"])
        self.incidents.restore(state["incidents"])
        for kind, number, slot, cluster_id, distance, late, recent in state["themes"]:
            cluster = (kind, number)
            theme = _Theme(slot, cluster_id, distance, late, Recent.of_state(recent))
            self._themes[cluster] = theme
            self._ids.add(cluster_id)
            self._by_slot[slot] = cluster
            if self.incidents.is_open(cluster_id):
                self._open.add(cluster)
        for minute, totals in state["totals"]:
            self._totals.append((minute, {tuple(leaf): n for leaf, n in totals}))
        self._names = tuple(state["names"])


def _digest(identity: str) -> str:
    return blake2b(identity.encode(), digest_size=6).hexdigest()


def _marginal(leaves: dict[tuple[str, ...], int], place: int) -> dict[str, int]:
    """Counts by one value of the leaf, sorted by name."""
    counts: dict[str, int] = {}
    for leaf, count in leaves.items():
        counts[leaf[place]] = counts.get(leaf[place], 0) + count
    return dict(sorted(counts.items()))
