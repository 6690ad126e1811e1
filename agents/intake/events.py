"""Intake of feedback and logs: decode, refuse, redact, dedupe, fingerprint, cluster, count."""

from collections.abc import Iterable, Mapping

from xxhash import xxh3_64_intdigest

from agents.intake.rules import IntakeRules
from agents.intake.source import Output, Record, SourceIntake
from agents.privacy import redact
from schemas.events import CUT_TEXT, MAX_NAME, Event, check_text, decode_event, event_time_ms
from schemas.signals import Partial, Sample
from schemas.state import IntakeHead
from schemas.times import MINUTE_MS
from windows.dedupe import Dedupe
from windows.fingerprints import fingerprint
from windows.tally import OTHER, Tally, Text, sorted_leaves
from windows.texts import clean, terms

_TEXTS = 16_384
_LEAVES = 16_384
_HASH_BITS = 12
"""Author hashes keep 52 bits, which every JSON reader holds exactly."""
_NOTHING: Mapping[str, None] = {}


def _value(raw: str) -> str:
    """An attribute value or name fit to leave intake; "None" is a missing one."""
    return "" if raw == "None" else redact(clean(raw))[:MAX_NAME]


class EventIntake(SourceIntake):
    """Intake of one partition of a feedback or log topic."""

    def __init__(
        self,
        topic: str,
        partition: int,
        rules: IntakeRules,
        channel: str,
        head: IntakeHead | None = None,
        ids: Iterable[bytes] = (),
    ) -> None:
        super().__init__(topic, partition, rules, head)
        self.dedupe = Dedupe(rules.dedupe_slots)
        self.dedupe.restore(ids, before=self.next_offset)
        self._channel = channel
        self._open: dict[int, dict[str, Tally]] = {}
        self._first_offset: dict[int, int] = {}
        self._late: dict[str, Tally] = {}
        # Pure functions of their keys, so forgetting changes nothing.
        self._texts: dict[str, Text] = {}
        self._leaves: dict[tuple[str, ...], tuple[str, ...]] = {}

    def _take(self, record: Record, out: Output) -> int:  # noqa: ARG002 - changes need it
        offset = record.offset
        event = decode_event(record.value)
        event_ms = event_time_ms(event, record.timestamp, self.rules.max_ahead_ms)
        text = self._texts.get(event.text) or self._read(event.text)
        minute = event_ms // MINUTE_MS
        fresh = offset >= self._covered
        late = minute <= self._watermark.closed_through
        # Before the head's offset, what is not in an open minute has been counted.
        if fresh or not late:
            first = event.id is None or self.dedupe.first(
                xxh3_64_intdigest(event.id.encode()), offset
            )
            if first:
                self._count(event, text, event_ms, offset, late)
            if fresh:
                self._account(first, late, text.truncated)
        # The record's own time bounds it: a date ahead must not close minutes for the others.
        return min(event_ms, record.timestamp)

    def _is_first(self, event_id: str | None, offset: int) -> bool:
        return event_id is None or self.dedupe.first(xxh3_64_intdigest(event_id.encode()), offset)

    def _account(self, first: bool, late: bool, truncated: bool) -> None:
        counters = self.counters
        if not first:
            counters.duplicates += 1
            return
        counters.accepted += 1
        counters.late += late
        counters.truncated += truncated

    def _read(self, raw: str) -> Text:
        """Everything that follows from the text alone. Raises Refusal."""
        kept = redact(clean(check_text(raw)))
        found = tuple(terms(kept))
        text = Text(fingerprint(found), found, kept, truncated=len(raw) > CUT_TEXT)
        if len(self._texts) >= _TEXTS:
            self._texts.clear()
        self._texts[raw] = text
        return text

    def _count(self, event: Event, text: Text, event_ms: int, offset: int, late: bool) -> None:
        tally = self._tally(event.product or self.rules.default_product, event_ms, offset, late)
        group = tally.known(text.fingerprint)
        channel = event.channel or self._channel
        if group is None:
            source = f"{self.topic}-{self.partition}@{offset}"
            group = tally.group(text, Sample(text.text, event_ms, channel, source))
        if late:
            group.late += 1
        else:
            author = event.author or event.id or f"{self.topic}-{self.partition}-{offset}"
            hashed = xxh3_64_intdigest(author.encode(), self.rules.author_seed) >> _HASH_BITS
            tally.count(group, self._leaf(event, channel), hashed)

    def _tally(self, product: str, event_ms: int, offset: int, late: bool) -> Tally:
        minute = event_ms // MINUTE_MS
        tallies = self._late if late else self._open.get(minute)
        if tallies is None:
            tallies = self._open[minute] = {}
            self._first_offset[minute] = offset
        tally = tallies.get(product)
        if tally is None:
            product = self._product(product, tallies)
            tally = tallies.setdefault(product, Tally())
        return tally

    def _product(self, product: str, tallies: dict[str, Tally]) -> str:
        """The name under which a product is counted; beyond a limit they share one."""
        name = _value(product) or self.rules.default_product
        if name in tallies or len(tallies) < self.rules.max_products:
            return name
        return OTHER

    def _leaf(self, event: Event, channel: str) -> tuple[str, ...]:
        given = event.attributes or _NOTHING
        # As text at once: 1, 1.0 and true are one dictionary key, but not one value.
        raw = tuple(map(str, (channel, event.service, *map(given.get, self.rules.attributes))))
        leaf = self._leaves.get(raw)
        if leaf is None:
            if len(self._leaves) >= _LEAVES:
                self._leaves.clear()
            leaf = self._leaves[raw] = tuple(map(_value, raw))
        return leaf

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

    def _emit(self, minute: int, tallies: dict[str, Tally], out: Output) -> None:
        sequence = self.next_sequence()
        for product, tally in sorted(tallies.items()):
            partial = Partial(
                self.topic,
                self.partition,
                sequence,
                minute,
                product,
                self.rules.leaf_names,
                tuple(tally.clusters()),
                sorted_leaves(tally.totals),
            )
            out.signals.append(partial)
