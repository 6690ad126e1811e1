"""One product: merge local clusters, score every theme, step the incidents, minute by minute."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.detect.attributes import fitted, joined
from agents.detect.judge import Judge
from agents.detect.merge import KINDS, Said, merged
from agents.detect.moments import HOUR, Moments
from agents.detect.rules import DetectRules
from agents.detect.themes import Key, Themes
from agents.detect.topics import LogTopics, TextTopics, Topics
from agents.detect.trace import View
from agents.detect.watch import Watch
from agents.incidents.lifecycle import Revision
from schemas.changes import Change
from schemas.commands import Command
from schemas.signals import Partial
from windows.spikes import SpikeDetector


class ProductDetector:
    """Deterministic: the same partials in the same minutes give the same revisions."""

    def __init__(self, product: str, rules: DetectRules) -> None:
        self.product = product
        of_kind: tuple[Topics, ...] = TextTopics(rules.clusters), LogTopics(rules.clusters)
        self.clusters = dict(zip(KINDS, of_kind, strict=True))
        self.detector = SpikeDetector()
        self._themes = Themes(product)
        self._watch = Watch()
        self._names: tuple[str, ...] = ()
        self._moments = Moments()
        self._judge = Judge(
            product, rules, self.clusters, self._themes, self._moments, self.detector, self._watch
        )
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
        return bool(len(self._judge.groups))

    def view(self, minute: int) -> View:
        """How the last closed minute, which the caller knows, was judged; good until the next."""
        return View(
            self.product, minute, self.clusters, self._themes, self.detector, self._watch,
            self._judge,
        )  # fmt: skip

    def close(
        self, minute: int, partials: Iterable[Partial], changes: Sequence[Change]
    ) -> list[Revision]:
        """Close an epoch minute with its partials in their fixed order; revisions to publish."""
        counts = self._hear(minute, tuple(partials))
        scores = self.detector.score_many(counts, minute)
        self.detector.learn_many(counts, minute)
        revisions = self._judge.step(minute, self._names, scores, changes)
        self._link(minute)
        self._evict()
        if minute % HOUR == 0:
            for theme in self._themes:
                theme.samples.forget(minute - HOUR)
        return revisions

    def tell(self, command: Command, minute: int) -> Revision | None:
        """Apply a command after epoch minute `minute`; None if nothing here is known of it."""
        return self._judge.tell(command, minute)

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
            onset = self._judge.incidents.onset_of(theme.cluster_id)
            theme.samples.add(minute, (s for one in said for s in one.samples), onset)
        parts = [
            (key.number, part) for key, said in heard.items() for one in said for part in one.parts
        ]
        self._moments.add(minute, parts)
        newest = self._moments.newest() if parts else ()
        cells = ((self._themes.slot_of(number), leaf, n) for number, leaf, n in newest)
        apart = [self._themes[key].slot for key in self._judge.groups.taken]
        self._watch.observe(self._names, cells, counts, apart)
        return counts

    def _assign(self, minute: int, texts: Iterable[Said]) -> Mapping[Key, Sequence[Said]]:
        """Texts by theme, in the order in which themes are first met; new themes are started."""
        heard: dict[Key, list[Said]] = {}
        distances: dict[Key, float] = {}
        founders: dict[Key, int] = {}
        for said in texts:
            found = self.clusters[said.kind].place(said, minute)
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

    def _link(self, minute: int) -> None:
        """Make one of themes that turn out to be one; two that are in incidents stay apart."""
        for kind, topics in self.clusters.items():
            for into, gone in topics.link(minute, self._judge.told(kind)):
                self._fold(Key(kind, into), Key(kind, gone), minute)

    def _fold(self, into: Key, gone: Key, minute: int) -> None:
        slots = self._themes[into].slot, self._themes[gone].slot
        self.detector.merge(*slots)
        self._watch.merge(*slots)
        self._moments.merge(into.number, gone.number, minute)
        self._judge.fold(into, gone)

    def _evict(self) -> None:
        for kind, topics in self.clusters.items():
            slots = self._themes.drop(Key(kind, n) for n in topics.evict(self._judge.told(kind)))
            if slots:
                self.detector.remove(slots)
                self._watch.forget(slots)

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "clusters": {kind: clusters.state() for kind, clusters in self.clusters.items()},
            "detector": self.detector.state(),
            "judge": self._judge.state(),
            "themes": self._themes.state(),
            "watch": self._watch.state(),
            "moments": self._moments.state(),
            "names": list(self._names),
            "heard": [self.heard, self.idle],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        for kind, clusters in self.clusters.items():
            clusters.restore(state["clusters"][kind])
        self.detector.restore(state["detector"])
        self._judge.restore(state["judge"])
        self._themes.restore(state["themes"])
        self._watch.restore(state["watch"])
        self._moments.restore(state["moments"])
        self._names = tuple(state["names"])
        self.heard, self.idle = state["heard"]
