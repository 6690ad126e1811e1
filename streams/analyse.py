"""The whole job once over a file or a folder: play, detect, collect, summarise."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.incidents import Incident, encode_incident
from schemas.signals import Counters
from schemas.times import MINUTE_MS
from schemas.topics import CHANGES
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.files import save
from streams.bounded import BoundedRun
from streams.errors import OperatorError
from streams.play.reading import Played, Reader

_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Analysis:
    """What went in, what became of it, and what came out, in event-time order."""

    written: int
    counters: Counters
    clusters: int
    revisions: tuple[Incident, ...]
    seconds: float
    skipped: dict[str, int]

    @property
    def incidents(self) -> int:
        """Distinct incidents."""
        return len({revision.incident_id for revision in self.revisions})

    @property
    def lost(self) -> int:
        """Records that are neither accepted nor duplicate nor refused: must be 0."""
        counted = self.counters.accepted + self.counters.duplicates
        return self.written - counted - sum(self.counters.refused.values())


@dataclass(frozen=True)
class Watcher:
    """What to call while the run goes on."""

    played: Callable[[int], None]
    accounted: Callable[[int, int], None]
    revision: Callable[[Incident], None]


def analyse(cluster: Cluster, reader: Reader, watcher: Watcher, *, name: str) -> Analysis:
    """Send the input through a real broker and worker under topics of its own.

    Returns when every record is accounted for; the topics are gone then. Raises OperatorError.
    """
    # Before anything is started: a path or a map that does not fit must cost nothing.
    messages = reader.messages(now_ms())
    with BoundedRun(cluster, name=name) as run:
        return send_through(run, messages, reader.skipped, watcher)


def send_through(
    run: BoundedRun,
    messages: Iterable[Played],
    skipped: Mapping[str, int],
    watcher: Watcher,
    *,
    speed: float | None = None,
    paced_from_ms: int = 0,
) -> Analysis:
    """Send the input through a run that has begun, to the end of it. Raises OperatorError.

    `speed` and `paced_from_ms` as the player has them. `skipped` is read when all messages are.
    """
    started = looked = time.monotonic()
    minute = 0
    revisions = []

    def take(news: Iterable[Incident]) -> None:
        for revision in news:
            revisions.append(revision)
            watcher.revision(revision)

    def advance(played: Played) -> None:
        nonlocal looked, minute
        watcher.played(len(played.value))
        if speed is not None and played.arrived_ms // MINUTE_MS > minute:
            # Changes are few: without a word from them no minute would close before the end.
            minute = played.arrived_ms // MINUTE_MS
            run.player.tell_time(CHANGES, played.arrived_ms)
        if time.monotonic() - looked >= _LOOK_SECONDS:
            take(run.news())
            looked = time.monotonic()

    run.player.play(messages, speed=speed, paced_from_ms=paced_from_ms, advance=advance)
    run.player.end()
    written = run.player.written
    take(run.revisions(lambda: watcher.accounted(run.accounted(), written)))
    return Analysis(
        written=written,
        counters=run.total,
        clusters=run.clusters(),
        revisions=tuple(sorted(revisions, key=_order)),
        seconds=time.monotonic() - started,
        skipped=dict(sorted(skipped.items())),
    )


def _order(incident: Incident) -> tuple[str, str, str, int]:
    return (incident.updated_at, incident.product, incident.incident_id, incident.revision)


def write_incidents(path: Path, revisions: tuple[Incident, ...]) -> None:
    """One revision a line, in the contract's form; replaced at once. Raises OperatorError."""
    try:
        save(path, (encode_incident(revision) + b"\n" for revision in revisions))
    except OSError as error:
        raise OperatorError(f"cannot write {path}: {error.strerror}") from None
