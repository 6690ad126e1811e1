"""First stage: a stretch of one input partition through intake, chunk by chunk."""

from __future__ import annotations

from agents.intake.events import EventIntake
from agents.intake.source import Output, SourceIntake
from schemas.signals import Partial, encode_signal
from schemas.state import IntakeHead
from streams.replay.chunks import EVERYWHERE, Chunk, Chunks
from streams.replay.job import Report
from streams.replay.log import Reading
from streams.replay.plan import Plan, Stretch
from streams.replay.tools import Tools
from streams.routing import place_of, product_of

_NAMED = 20
"""Products whose names are kept, so that who asks for none of them is told some."""


def read(stretch: Stretch, tools: Tools, report: Report) -> None:
    """Go on where the last chunk ends. Raises OperatorError."""
    job = tools.job
    chunks = job.chunks(stretch.source)
    last = chunks.last()
    if last is not None and last.ended:
        return
    ids = {slot: packed for chunk in chunks for slot, packed in chunk.ids}
    head = last.head if last else None
    source = tools.intakes.of(stretch.source, head, ids.values())
    # Records of minutes that were open are read again, as a worker does after a kill.
    begin = head.resume_offset if head else stretch.start
    topic = job.plan.prefix + stretch.topic
    reading = Reading(tools.log, topic, stretch.partition, begin, stretch.stop)
    writer = _Writer(chunks, last, job.plan, source)
    done = head.next_offset if head else stretch.start
    for records in reading.batches() if stretch.size else ():
        writer.take(source.feed(records))
        if source.head.next_offset - done >= job.chunk:
            writer.write(reading.lost, ended=False)
            done = source.head.next_offset
        report(reading.position - stretch.start)
    writer.take(source.finish())
    writer.write(reading.lost, ended=True)


class _Writer:
    """Collects what intake says until the chunk is full."""

    def __init__(
        self, chunks: Chunks, last: Chunk | None, plan: Plan, source: SourceIntake
    ) -> None:
        self._chunks = chunks
        self._plan = plan
        self._source = source
        self._head: IntakeHead | None = None
        self._total = last.total if last else 0
        self._lost = last.lost if last else 0
        self._products = set(last.products) if last else set()
        self._pending: list[tuple[int, int, bytes]] = []

    def take(self, out: Output) -> None:
        self._head = out.head or self._head
        for signal in out.signals:
            product = product_of(signal)
            shard = place_of(product, self._plan.shards) if product else EVERYWHERE
            if product and isinstance(signal, Partial):
                self._heard_of(product)
            self._pending.append((signal.sequence, shard, encode_signal(signal)))

    def _heard_of(self, product: str) -> None:
        if len(self._products) < _NAMED or product in self._plan.range.products:
            self._products.add(product)

    def write(self, lost: int, *, ended: bool) -> None:
        head = self._head
        if head is None:
            return
        # What came after the head is said again by whoever goes on from it.
        signals = [(shard, value) for n, shard, value in self._pending if n <= head.sequence]
        self._pending = [one for one in self._pending if one[0] > head.sequence]
        self._total += len(signals)
        source = self._source
        ids = list(source.dedupe.unwritten()) if isinstance(source, EventIntake) else []
        lost += self._lost
        products = sorted(self._products)
        self._chunks.add(Chunk(head, ids, signals, self._total, lost, ended, products))
