"""Intake of feedback and logs: decode, refuse, redact, dedupe, fingerprint, cluster, count."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from xxhash import xxh3_64_intdigest

from agents.intake.readings import Leaves, Lines, Texts, name
from agents.intake.rules import IntakeRules
from agents.intake.source import Output, Record, SourceIntake
from schemas.events import Event, decode_event, event_time_ms
from schemas.signals import Partial
from schemas.state import IntakeHead
from schemas.times import MINUTE_MS
from schemas.topics import is_log
from windows.dedupe import Dedupe
from windows.log_tally import LogTally
from windows.tally import OTHER, Tally, Text, totals

_PART = 64
"""Clusters in one partial, so that it stays well below the largest message."""
_HASH_BITS = 12
"""Author hashes keep 52 bits, which every JSON reader holds exactly."""
_NOTHING: Mapping[str, None] = {}
_Tallies: TypeAlias = dict[str, Tally | LogTally]
"""By product."""


class EventIntake(SourceIntake):
    """Intake of one partition of a feedback or log topic; others may share its caches.

    `texts` are `Lines` if and only if machines write to the topic.
    """

    def __init__(
        self,
        topic: str,
        partition: int,
        rules: IntakeRules,
        channel: str,
        head: IntakeHead | None = None,
        ids: Iterable[bytes] = (),
        texts: Texts | Lines | None = None,
        leaves: Leaves | None = None,
    ) -> None:
        super().__init__(topic, partition, rules, head)
        self.dedupe = Dedupe(rules.dedupe_slots)
        self.dedupe.restore(ids, before=self.next_offset)
        self._channel = channel
        self._open: dict[int, _Tallies] = {}
        self._first_offset: dict[int, int] = {}
        self._late: _Tallies = {}
        self._new_tally: Callable[[str], Tally | LogTally] = LogTally if is_log(topic) else Tally
        self._texts = texts if texts is not None else Lines() if is_log(topic) else Texts()
        self._leaves = Leaves() if leaves is None else leaves

    def _take(self, record: Record, out: Output) -> int:  # noqa: ARG002 - changes need it
        offset, record_ms = record.offset, record.timestamp
        event = decode_event(record.value)
        event_ms = event_time_ms(event, record_ms, self.rules.max_ahead_ms)
        text = self._texts[event.text]
        fresh = offset >= self._covered
        late = event_ms // MINUTE_MS <= self._watermark.closed_through
        # Before the head's offset, what is not in an open minute has been counted.
        if fresh or not late:
            event_id = event.id
            first = event_id is None or self.dedupe.first(
                xxh3_64_intdigest(event_id.encode()), offset
            )
            if first:
                self._count(event, text, event_ms, offset, late)
            if fresh:
                self._account(first, late, text.truncated)
        # The record's own time bounds it: a date ahead must not close minutes for the others.
        return event_ms if event_ms < record_ms else record_ms

    def _account(self, first: bool, late: bool, truncated: bool) -> None:
        counters = self.counters
        if not first:
            counters.duplicates += 1
            return
        counters.accepted += 1
        if late or truncated:
            counters.late += late
            counters.truncated += truncated

    def _count(self, event: Event, text: Text, event_ms: int, offset: int, late: bool) -> None:
        tallies = self._late if late else self._open.get(event_ms // MINUTE_MS)
        if tallies is None:
            tallies = self._begin(event_ms // MINUTE_MS, offset)
        product = event.product or self.rules.default_product
        tally = tallies.get(product) or self._tally(product, tallies)
        channel = event.channel or self._channel
        group = tally.groups.get(text.fingerprint)
        if group is None:
            group = tally.group(text, (event_ms, channel, offset))
        if late:
            group.late += 1
            return
        author = event.author or event.id or f"{self.topic}-{self.partition}-{offset}"
        given = event.attributes or _NOTHING
        group.count(
            self._leaves[(channel, event.service, *map(given.get, self.rules.attributes))],
            xxh3_64_intdigest(author.encode(), self.rules.author_seed) >> _HASH_BITS,
        )

    def _begin(self, minute: int, offset: int) -> _Tallies:
        self._first_offset[minute] = offset
        tallies = self._open[minute] = {}
        return tallies

    def _tally(self, product: str, tallies: _Tallies) -> Tally | LogTally:
        """Where a product is counted; beyond a limit they share one tally."""
        known = name(product) or self.rules.default_product
        if known not in tallies and len(tallies) >= self.rules.max_products:
            known = OTHER
        return tallies.setdefault(known, self._new_tally(f"{self.topic}-{self.partition}"))

    def _resume_offset(self) -> int:
        return min(self._first_offset.values(), default=self.next_offset)

    def _close_minutes(self, through: int, out: Output) -> None:
        for minute in sorted(m for m in self._open if m <= through):
            self._emit(minute, self._open.pop(minute), out)
            del self._first_offset[minute]
        if self._late:
            # Noticed now, so they travel with the newest minute that is being closed.
            self._emit(min(through, self._watermark.seen_ms // MINUTE_MS), self._late, out)
            self._late = {}

    def _emit(self, minute: int, tallies: _Tallies, out: Output) -> None:
        """Partials of one minute; a large one in parts, the n-th parts under one number."""
        numbers: list[int] = []
        for product, tally in sorted(tallies.items()):
            clusters = tuple(tally.clusters())
            for part, at in enumerate(range(0, len(clusters), _PART)):
                if part == len(numbers):
                    numbers.append(self.next_sequence())
                some = clusters[at : at + _PART]
                partial = Partial(
                    self.topic,
                    self.partition,
                    numbers[part],
                    minute,
                    product,
                    self.rules.leaf_names,
                    some,
                    totals(some),
                )
                out.signals.append(partial)
