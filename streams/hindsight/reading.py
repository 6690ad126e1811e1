"""What there is to look back on: the retained signals of a Kafka, or files, as spools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from heapq import merge

from schemas.errors import NotOurs
from schemas.signals import decode_signal
from schemas.topics import BY_NAME, CHANGES, INPUTS, SIGNALS
from sinks.clock import now_ms
from sinks.cluster import Cluster
from streams.admin import TopicAdmin, TopicsDiffer
from streams.bounded import Tail
from streams.hindsight.errors import NothingThere
from streams.hindsight.intake import signals
from streams.hindsight.spool import Spool
from streams.play.reading import Reader
from streams.routing import place_of
from streams.settings import Settings
from streams.sources import sources

_PARTITIONS = 2
"""Of an input topic that may have several: as `groundswell analyse` has them."""

Advance = Callable[[int, int], None]
"""Told how far a step has come, and out of how much."""


@contextmanager
def of_log(
    cluster: Cluster, settings: Settings, product: str | None, advance: Advance
) -> Iterator[list[Spool]]:
    """All that the topic `signals` holds as of now, one spool a partition.

    With a product only its partition. Raises OperatorError.
    """
    there = TopicAdmin(cluster).existing()
    places = {name: there.get(settings.topic(name), 0) for name in (*INPUTS, CHANGES, SIGNALS)}
    if missing := [settings.topic(name) for name, n in places.items() if not n]:
        raise TopicsDiffer(f"topic {missing[0]} does not exist; run: groundswell topics create")
    wanted = range(places[SIGNALS])
    if product is not None:
        place = place_of(product, places[SIGNALS])
        wanted = range(place, place + 1)
    with ExitStack() as stack:
        spools = {n: stack.enter_context(Spool(sources(places))) for n in wanted}
        tail = Tail(cluster, settings.topic(SIGNALS), places[SIGNALS])
        stack.callback(tail.close)
        ends = tail.ends()
        read = dict.fromkeys(ends, 0)
        for message in tail.rest():
            place, offset = message.partition() or 0, message.offset() or 0
            if offset >= ends.get(place, 0):
                continue
            read[place] = offset + 1
            advance(sum(read.values()), sum(ends.values()))
            if place in spools:
                _keep(spools[place], message.value() or b"")
            if read == ends:
                # A busy log grows while it is read.
                break
        if not any(spool.products for spool in spools.values()):
            raise NothingThere(
                f"topic {settings.topic(SIGNALS)} holds no reports"
                + (f" of product {product}" if product is not None else "")
                + "; run: groundswell worker, or name files with --file"
            )
        yield list(spools.values())


def _keep(spool: Spool, value: bytes) -> None:
    try:
        spool.add(decode_signal(value))
    except NotOurs:
        # As detect does, which has logged it.
        return


@contextmanager
def of_files(
    readers: Sequence[Reader], settings: Settings, advance: Advance
) -> Iterator[list[Spool]]:
    """The files through intake, as `groundswell analyse` does it. Raises OperatorError."""
    now = now_ms()
    messages = merge(*(reader.messages(now) for reader in readers), key=lambda m: m.arrived_ms)
    total = sum(reader.bytes_total() for reader in readers)
    partitions = {name: min(_PARTITIONS, BY_NAME[name].partitions) for name in (*INPUTS, CHANGES)}

    def counted() -> Iterator[tuple[int, str, bytes]]:
        size = 0
        for message in messages:
            size += len(message.value)
            advance(size, total)
            yield message

    with Spool(sources(partitions)) as spool:
        for brought in signals(counted(), settings, partitions):
            for signal in brought:
                spool.add(signal)
        if not spool.products:
            names = ", ".join(str(reader.path) for reader in readers)
            raise NothingThere(f"{names}: no report that could be used")
        yield [spool]
