"""What else is known around a group of themes: logs that rose, readers that it spares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from agents.detect.attributes import widened
from agents.detect.leaves import Values
from agents.detect.merge import PEOPLE
from agents.detect.moments import HOUR
from agents.detect.slices import OF_THEME
from agents.incidents.clues import Clues
from agents.incidents.risen import AFTER, BEFORE, LEAST_COUNT, Rise, risen_templates
from agents.incidents.unaffected import unaffected
from schemas.causes import Unaffected
from schemas.incidents import Slice
from windows.onset import onset

if TYPE_CHECKING:
    from agents.detect.facts import Scene
    from agents.detect.groups import Group


def clues_of(scene: Scene, group: Group, start: int, abnormal: float, place: Slice) -> Clues:
    """Clues of a group that began in epoch minute `start`; `place` is the slice of its incident.

    `abnormal` is the part of its events since then that is in excess.
    """
    return Clues(
        risen_templates(_rises(scene, group, start), start),
        _unaffected(scene, group, start, abnormal, sorted(place.attributes)),
    )


def _rises(scene: Scene, group: Group, start: int) -> Iterator[Rise]:
    """Log themes that are up since before the onset or since then, from their own onset on.

    What an incident of logs is about explains nothing to it; the logs of what people complain about
    may.
    """
    since = min(HOUR, scene.minute + 1 - start + BEFORE), scene.minute + 1 - start + AFTER
    up: set[int] = set()
    for minutes in since:
        window = scene.detector.window(min(HOUR, minutes))
        above = (window.counts >= LEAST_COUNT) & (window.counts > window.means)
        up.update(np.flatnonzero(above).tolist())
    for slot in sorted(up):
        key = scene.themes.at(slot)
        own = key in group.members
        if key.kind == PEOPLE or (own and group.lead.kind != PEOPLE):
            continue
        if slot in scene.told and not own:
            continue
        counts, means = scene.detector.last(slot, HOUR)
        first, _ = onset(counts, means)
        minutes = len(counts) - first
        yield Rise(
            scene.clusters[key.kind].template(key.cluster),
            scene.minute + 1 - minutes,
            float(counts[first:].sum()),
            float(means[first:].sum()),
            float(scene.detector.window(minutes).phi[slot]),
            own,
        )


def _unaffected(
    scene: Scene, group: Group, start: int, abnormal: float, attributes: Sequence[str]
) -> tuple[Unaffected, ...]:
    """Values of the attributes that the problem spares."""
    numbers = [key.number for key in group.members]
    stop = scene.minute + 1
    every = _by_value(scene, scene.moments.totals(stop - HOUR, stop), attributes)
    reports = _by_value(scene, scene.moments.leaves(numbers, start, stop), attributes)
    rest = {
        name: {value: count - reports[name].get(value, 0) for value, count in counts.items()}
        for name, counts in every.items()
    }
    return unaffected(reports, rest, abnormal)


def _by_value(
    scene: Scene, leaves: Mapping[Values, int], attributes: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Events by value, where it is recorded."""
    names = tuple(scene.names)
    places = [(name, names.index(name, OF_THEME)) for name in attributes]
    counts: dict[str, dict[str, int]] = {name: {} for name, _ in places}
    for leaf, count in widened(leaves.items(), names):
        for name, place in places:
            if value := leaf[place]:
                counts[name][value] = counts[name].get(value, 0) + count
    return counts
