"""What is known of a group of themes at the end of a minute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from agents.detect.clues import clues_of
from agents.detect.groups import Group
from agents.detect.leaves import Values
from agents.detect.moments import HOUR, Moments
from agents.detect.slices import NOT_ASKED, OF_THEME, slice_of
from agents.detect.themes import Key, Themes
from agents.detect.topics import Topics
from agents.incidents.evidence import Voice
from agents.incidents.facts import Facts
from schemas.changes import Change
from schemas.incidents import Course, Scale, Threshold
from schemas.times import MINUTE_MS, format_ms
from windows.onset import onset
from windows.rises import Reading
from windows.scan import THRESHOLD
from windows.scores import Scores
from windows.spikes import SpikeDetector
from windows.volume import Volume

QUIET = 0.35
"""Share of the default alarm thresholds below which a minute is quiet; rest is 0."""
_UP = 1.5
"""Times the usual from which a theme that is not the lead is counted."""
_Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """A product at the end of an epoch minute; `threshold` is that of the scan in it.

    `told`: slots of the themes that are no news: in an open incident, muted, or up as they always
    are at this time of day.
    """

    product: str
    minute: int
    names: Sequence[str]
    clusters: Mapping[str, Topics]
    themes: Themes
    moments: Moments
    detector: SpikeDetector
    volume: Volume
    scores: Scores
    changes: Sequence[Change]
    threshold: Threshold
    told: frozenset[int] = frozenset()


def facts_of(
    scene: Scene,
    group: Group,
    since: int | None,
    still: float,
    scales: Iterable[Reading] = (),
    *,
    asked: bool,
) -> Facts:
    """Facts of a group; `since` is its onset if it is known, `still` how much it is up (nats).

    `scales`: the same over each window. `asked`: whether to look for the slice that explains it.
    """
    minute, moments = scene.minute, scene.moments
    lead, topics = scene.themes[group.lead], scene.clusters[group.lead.kind]
    numbers = [key.number for key in group.members]
    counts, means = _course(scene, group, group.members)
    first = minute - len(counts) + 1
    if since is None:
        estimate, earliest = (
            first + index for index in onset(*_focused(scene, group, counts, means))
        )
    else:
        estimate, earliest = since, since
    start = max(estimate, first)
    whole, usual = (float(part[start - first :].sum()) for part in (counts, means))
    counted = _counted(scene, group, minute - start + 1)
    counts, means = _course(scene, group, counted)
    count, expected = (float(part[start - first :].sum()) for part in (counts, means))
    of_counted = [key.number for key in counted]
    leaves = moments.leaves(of_counted, start, minute + 1)
    slots = [scene.themes[key].slot for key in group.members]
    alone = float(scene.scores.score[slots].max())
    score = max(alone, still / scene.threshold.score)
    return Facts(
        product=scene.product,
        minute=minute,
        cluster_id=lead.cluster_id,
        terms=tuple(topics.terms(group.lead.cluster, 8)),
        distance=lead.distance,
        alarm=score >= 1,
        # How sensitive it is to what begins says nothing about when it is over.
        quiet=max(alone, still / THRESHOLD) < QUIET,
        score=score,
        window=minute - start + 1,
        count=count,
        expected=expected,
        onset_minute=estimate,
        earliest_minute=earliest,
        authors=moments.authors(of_counted, start, minute + 1),
        channels=_marginal(leaves, 0),
        services=_marginal(leaves, 1),
        voices=tuple(_voices(scene, group, start)),
        slice=slice_of(moments, scene.names, numbers, start, minute, usual) if asked else NOT_ASKED,
        changes=scene.changes,
        threshold=scene.threshold,
        scales=scales_of(scales),
        surge=group.usual is not None,
        template=topics.template(group.lead.cluster),
        course=Course(
            format_ms(first * MINUTE_MS),
            tuple(round(count) for count in counts.tolist()),
            tuple(round(mean, 2) for mean in means.tolist()),
        ),
        names=tuple(scene.names[OF_THEME:]),
        look=partial(clues_of, scene, group, start, 1 - min(1.0, usual / max(whole, 1.0))),
    )


def scales_of(readings: Iterable[Reading]) -> tuple[Scale, ...]:
    """Readings of the scan as an incident tells them."""
    return tuple(
        Scale(
            reading.minutes,
            round(sum(member.events for member in reading.members)),
            round(sum(member.expected for member in reading.members), 2),
            round(reading.score, 2),
        )
        for reading in readings
    )


def _counted(scene: Scene, group: Group, minutes: int) -> list[Key]:
    """The lead, and the members that were up in the last minutes for all readers together.

    Of a large theme that is up for a few readers only, the rest would drown what is counted.
    """
    if group.usual is not None:
        return list(group.members)

    def is_up(key: Key) -> bool:
        counts, means = scene.detector.last(scene.themes[key].slot, minutes)
        return bool(counts.sum() >= _UP * means.sum())

    return [key for key in group.members if key == group.lead or is_up(key)]


def _course(scene: Scene, group: Group, keys: Iterable[Key]) -> tuple[_Counts, _Counts]:
    """Events and expectations (minutes,) of members, at most an hour back.

    Those of all that people say, if that is what has risen.
    """
    if group.usual is not None:
        recent = np.array(scene.volume.recent[-HOUR:])
        return recent, np.full_like(recent, group.usual)
    each = [scene.detector.last(scene.themes[key].slot, HOUR) for key in keys]
    counts, means = (np.array(part, np.float64).sum(axis=0) for part in zip(*each, strict=True))
    return counts, means


def _focused(
    scene: Scene, group: Group, counts: _Counts, means: _Counts
) -> tuple[_Counts, _Counts]:
    """The same for those readers only whom it hits: there an onset is sharper."""
    if group.attribute is None:
        return counts, means
    name, value = group.attribute
    numbers = [key.number for key in group.members]
    stop = scene.minute + 1
    inside = scene.moments.counts(numbers, scene.names.index(name), value, stop - len(counts), stop)
    half = len(counts) // 2
    before = max(float(counts[:half].sum()), 1.0)
    return inside, means * (float(inside[:half].sum()) + 0.5) / before


def _voices(scene: Scene, group: Group, start: int) -> Iterable[Voice]:
    for key, gain in group.members.items():
        yield Voice(gain, scene.themes[key].samples.since(start))


def _marginal(leaves: Mapping[Values, int], place: int) -> dict[str, int]:
    """Counts by one value of the leaf, sorted by name."""
    counts: dict[str, int] = {}
    for leaf, count in leaves.items():
        counts[leaf[place]] = counts.get(leaf[place], 0) + count
    return dict(sorted(counts.items()))
