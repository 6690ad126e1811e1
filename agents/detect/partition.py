"""One partition of `signals`: wait for every source, then close minutes in a fixed order."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules
from agents.incidents.handling import dated
from agents.incidents.lifecycle import Revision
from schemas.changes import Change
from schemas.commands import Command
from schemas.signals import END, Changed, Commanded, Partial, Progress, Signal
from schemas.times import MINUTE_MS
from windows.alignment import Alignment, Source

_CHANGES_KEPT = 24 * 60
"""Minutes a change is remembered."""
_SILENCE = 24 * 60
"""Minutes without a word, after which the clock waits for the next one."""
_FORGET = 7 * 24 * 60
"""Closed minutes without a word, after which a product is forgotten: the season is a week."""


class DetectPartition:
    """A deterministic function of the records of its partition, in order.

    Take signals as they come, then ask `close_ready` for what has become complete. What was taken
    before is ignored, so a writer may repeat itself.
    """

    def __init__(self, rules: DetectRules, expected: Iterable[Source]) -> None:
        self.rules = rules
        self.next_offset = 0
        self.closed_through = 0
        self.late_partials = 0
        self.forgotten = 0
        """Products forgotten since the beginning."""
        self.products: dict[str, ProductDetector] = {}
        self._alignment = Alignment(expected)
        self._sequence: dict[Source, int] = {}
        self._taken: dict[Source, set[tuple[int, str]]] = {}
        self._heard = 0
        self._waiting: dict[int, dict[tuple[str, int, int, str], Partial]] = {}
        self._changes: dict[tuple[str, str], Change] = {}

    def take(self, signal: Signal, offset: int) -> list[Revision]:
        """Take the record at `offset`; one seen before changes nothing.

        Revisions that follow at once, from a command: it applies after the last closed minute.
        """
        if offset < self.next_offset:
            return []
        self.next_offset = offset + 1
        source = (signal.topic, signal.partition)
        if signal.sequence <= self._sequence.get(source, 0):
            return []
        match signal:
            case Partial():
                # Minutes of an idle source close before its progress, so it may come again after.
                taken = self._taken.setdefault(source, set())
                if (signal.sequence, signal.product) not in taken:
                    taken.add((signal.sequence, signal.product))
                    self._wait(signal)
            case Progress():
                self._sequence[source] = signal.sequence
                self._taken.pop(source, None)
                self._alignment.progress(source, signal.closed_through, signal.idle)
            case Changed():
                self._learn(signal.change)
            case Commanded():
                self._sequence[source] = signal.sequence
                return self._tell(signal.command)
        return []

    def _tell(self, command: Command) -> list[Revision]:
        command = dated(command, self.closed_through)
        for product in sorted(self.products):
            if revision := self.products[product].tell(command, self.closed_through):
                return [revision]
        return []

    def _wait(self, partial: Partial) -> None:
        minute = partial.minute
        if minute <= self.closed_through:
            # Only a source that had been given up as idle can be this late: all it brings is late.
            self.late_partials += 1
            minute = self.closed_through + 1
            late = tuple(
                msgspec.structs.replace(c, count=0, late=c.late + c.count, authors=(), leaves=())
                for c in partial.clusters
            )
            partial = msgspec.structs.replace(partial, clusters=late, totals=())
        key = (partial.topic, partial.partition, partial.sequence, partial.product)
        self._waiting.setdefault(minute, {})[key] = partial

    def close_ready(self) -> Iterator[tuple[int, list[Revision]]]:
        """Close the minutes that are complete, in order.

        (epoch minute, revisions) of a product as soon as it is judged, if it has any: it waits for
        no other one. At the end of each minute (epoch minute, []).
        """
        through = self._alignment.safe_through()
        if through == END:
            through = max(self._waiting, default=0)
        if not self.closed_through:
            # Not before it is safe: another source may still bring an earlier first minute.
            first = min(self._waiting, default=through + 1)
            if first > through:
                return
            self.closed_through = self._heard = first - 1
        while self.closed_through < through:
            minute = self.closed_through + 1
            if minute - self._heard > _SILENCE and minute not in self._waiting:
                # An outage of the pipeline is no baseline, and years of it would take hours.
                self.closed_through = min(min(self._waiting, default=END) - 1, through)
                continue
            for revisions in self._close(minute):
                yield minute, revisions
            self.closed_through = minute
            yield minute, []

    @property
    def ended(self) -> bool:
        """Every source has ended and all they brought is closed."""
        return self._alignment.safe_through() == END and not self._waiting

    def _close(self, minute: int) -> Iterator[list[Revision]]:
        partials: dict[str, list[Partial]] = {}
        waiting = self._waiting.pop(minute, {})
        if waiting:
            self._heard = minute
        for _, partial in sorted(waiting.items()):
            partials.setdefault(partial.product, []).append(partial)
        for product in partials:
            if product not in self.products:
                self.products[product] = ProductDetector(product, self.rules.for_product(product))
        self._forget_changes(minute)
        known = [c for c in self._changes.values() if c.time_ms < (minute + 1) * MINUTE_MS]
        for product in sorted(self.products):
            detector = self.products[product]
            if revisions := detector.close(minute, partials.get(product, []), known):
                yield revisions
        self._forget_products()

    def _forget_products(self) -> None:
        """Anyone can make up names; those of one minute go before a quiet product of months."""
        excess = len(self.products) - self.rules.products
        quiet = [
            (-detector.idle / detector.heard, product)
            for product, detector in self.products.items()
            if not detector.has_open
        ]
        for place, (_, product) in enumerate(sorted(quiet)):
            if place < excess or self.products[product].idle >= _FORGET:
                del self.products[product]
                self.forgotten += 1

    def _learn(self, change: Change) -> None:
        """The first word on a change counts; one rollout may go by one id for several products."""
        self._changes.setdefault((change.product, change.id), change)

    def _forget_changes(self, minute: int) -> None:
        oldest = (minute - _CHANGES_KEPT) * MINUTE_MS
        self._changes = {i: c for i, c in self._changes.items() if c.time_ms >= oldest}

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "next_offset": self.next_offset,
            "closed_through": self.closed_through,
            "late_partials": self.late_partials,
            "forgotten": self.forgotten,
            "alignment": self._alignment.state(),
            "heard": self._heard,
            "sequence": [(*source, n) for source, n in sorted(self._sequence.items())],
            "taken": [(*source, sorted(taken)) for source, taken in sorted(self._taken.items())],
            "waiting": [
                (minute, msgspec.to_builtins(partial))
                for minute, partials in sorted(self._waiting.items())
                for _, partial in sorted(partials.items())
            ],
            "changes": [msgspec.to_builtins(change) for change in self._changes.values()],
            "products": {name: self.products[name].state() for name in sorted(self.products)},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self.next_offset = state["next_offset"]
        self.closed_through = state["closed_through"]
        self.late_partials = state["late_partials"]
        self.forgotten = state["forgotten"]
        self._alignment.restore(tuple(row) for row in state["alignment"])
        self._heard = state["heard"]
        self._sequence = {(topic, n): sequence for topic, n, sequence in state["sequence"]}
        for topic, n, taken in state["taken"]:
            self._taken[topic, n] = {(sequence, product) for sequence, product in taken}
        for minute, plain in state["waiting"]:
            partial = msgspec.convert(plain, Partial)
            key = (partial.topic, partial.partition, partial.sequence, partial.product)
            self._waiting.setdefault(minute, {})[key] = partial
        for change in msgspec.convert(state["changes"], list[Change]):
            self._learn(change)
        for name, product in state["products"].items():
            self.products[name] = ProductDetector(name, self.rules.for_product(name))
            self.products[name].restore(product)
