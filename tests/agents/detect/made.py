"""Signals made by hand: quiet themes on some input partitions, and bursts in one of them."""

from collections.abc import Iterable, Mapping, Sequence

from xxhash import xxh3_64_intdigest

from agents.detect.partition import DetectPartition
from agents.incidents.lifecycle import Revision
from schemas.incidents import encode_incident
from schemas.signals import END, Counters, LocalCluster, Partial, Progress, Sample, Signal
from schemas.times import MINUTE_MS
from windows.alignment import Source

START = 29_000_000
NAMES = ("channel", "service", "app_version", "os")
WORDS = (
    "支付 付失 失败",
    "login slow wait",
    "video stops often",
    "crash open start",
    "map lost way",
)


def local(theme: int, count: int, where: str, *leaf: str, late: int = 0) -> LocalCluster:
    """`count` texts of a theme by as many authors; `where` keeps authors and samples apart."""
    words = [f"{word}{theme // len(WORDS)}" for word in WORDS[theme % len(WORDS)].split()]
    is_log = bool(leaf) and leaf[0] == "log"
    authors = sorted(xxh3_64_intdigest(f"{where} {n}".encode()) >> 12 for n in range(count))
    texts = tuple(
        Sample(f"{' '.join(words)} {where} {n}", _ms_of(where) + n, leaf[0], f"{where}@{n}")
        for n in range(min(count, 3))
    )
    return LocalCluster(
        fingerprint=1000 + theme,
        count=count,
        terms=dict.fromkeys(words, count + late),
        late=late,
        authors=tuple(authors),
        leaves=((leaf, count),) if count else (),
        samples=texts,
        template=f"{WORDS[theme % len(WORDS)]} {'x' * (theme // len(WORDS))}" if is_log else "",
    )


def _ms_of(where: str) -> int:
    return int(where.split()[-1]) * MINUTE_MS


def minute_of(
    source: Source, sequence: int, minute: int, clusters: Sequence[LocalCluster], product: str
) -> Partial:
    """One product's share of a minute; totals are those of its clusters."""
    totals: dict[tuple[str, ...], int] = {}
    for cluster in clusters:
        for leaf, count in cluster.leaves:
            totals[leaf] = totals.get(leaf, 0) + count
    rows = tuple(sorted(totals.items()))
    return Partial(*source, sequence, minute, product, NAMES, tuple(clusters), rows)


def closed(source: Source, sequence: int, minute: int, *, idle: bool = False) -> Progress:
    """The source has closed everything up to `minute`."""
    return Progress(*source, sequence, minute, Counters(), idle)


def told(
    source: Source, minutes: Mapping[int, Sequence[LocalCluster]], *, through: int, product: str
) -> list[Signal]:
    """All that one source says until it ends."""
    signals: list[Signal] = []
    for minute in range(START, through + 1):
        if clusters := minutes.get(minute):
            signals.append(minute_of(source, len(signals) + 1, minute, clusters, product))
        signals.append(closed(source, len(signals) + 1, minute))
    signals.append(closed(source, len(signals) + 1, END))
    return signals


def quiet_and_burst(
    source: Source, *, through: int, burst: range, size: int, service: str = ""
) -> dict[int, list[LocalCluster]]:
    """Three themes every third minute, and in the minutes of `burst` theme 0 on one version."""
    minutes: dict[int, list[LocalCluster]] = {}
    channel = "log" if source[0].startswith("logs.") else "app"
    for minute in range(START, through + 1):
        where = f"{source[0]}-{source[1]} {minute}"
        theme = (minute + source[1]) % 3
        os = "ios" if minute % 2 else "android"
        said = [local(theme, 1 + minute % 2, where, channel, service, f"7.{minute % 4}", os)]
        if minute in burst:
            said.append(local(0, size, f"burst {where}", channel, service, "7.3", os))
        minutes[minute] = said
    return minutes


def run(
    partition: DetectPartition, signals: Iterable[Signal], first: int = 0
) -> list[tuple[int, list[Revision]]]:
    """Take the signals one by one, close after each what is ready."""
    done: list[tuple[int, list[Revision]]] = []
    for offset, signal in enumerate(signals, first):
        partition.take(signal, offset)
        done += partition.close_ready()
    return done


def written(closed: Iterable[tuple[int, list[Revision]]]) -> list[tuple[int, bytes]]:
    """What would stand on the log: minute and bytes of every revision."""
    return [
        (minute, revision.stage.encode() + b" " + encode_incident(revision.incident))
        for minute, revisions in closed
        for revision in revisions
    ]
