"""What every input partition does, whatever travels on it: watermark, sequence, idleness, state."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from agents.intake.rules import IntakeRules
from schemas.dead_letters import DeadLetter
from schemas.errors import Refusal
from schemas.signals import END, Counters, Progress, Signal
from schemas.state import IntakeHead
from schemas.times import MINUTE_MS
from windows.watermark import Watermark

CONTROL = "groundswell-control"
END_OF_INPUT = b"end"
TIME = b"time"
"""Nothing older than this record comes any more: a bounded worker gives up no silent partition."""


class Record(Protocol):
    """A record as the log gives it; `timestamp` in epoch milliseconds."""

    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass
class Output:
    """What a call produced. Write it in this order; only then is `head` true."""

    signals: list[Signal] = field(default_factory=list)
    refused: list[tuple[DeadLetter, Record]] = field(default_factory=list)
    head: IntakeHead | None = None


class SourceIntake(ABC):
    """The part that all inputs share; subclasses say what a record means.

    `is_waited_for`: minutes wait for it, so it must say when it is idle.

    Not thread-safe; feed it the records of one partition in order, from `head.resume_offset`.
    """

    is_waited_for: ClassVar[bool] = True

    def __init__(
        self, topic: str, partition: int, rules: IntakeRules, head: IntakeHead | None = None
    ) -> None:
        self.topic = topic
        self.partition = partition
        self.rules = rules
        self.head = head or IntakeHead(topic, partition, 0, 0, 0, 0, 0, Counters())
        self.next_offset = self.head.next_offset
        self.counters = self.head.counters.copy()
        self._covered = self.head.next_offset
        self._sequence = self.head.sequence
        self._planned = self.head.planned_close
        self._watermark = Watermark(rules.lateness_ms, self.head.seen_ms, self.head.closed_through)

    def feed(self, records: Sequence[Record]) -> Output:
        """Take the next records of the partition."""
        out = Output()
        for record in records:
            if self._planned and record.offset >= self._covered:
                self._close_planned(out)
            if record.headers and self._is_told(END_OF_INPUT, record):
                self._end(record, out)
                continue
            try:
                seen_ms = (
                    record.timestamp
                    if record.headers and self._is_told(TIME, record)
                    else self._take(record, out)
                )
            except Refusal as refusal:
                self._refuse(record, refusal, out)
                seen_ms = 0
            if record.offset >= self.next_offset:
                self.next_offset = record.offset + 1
                if self._watermark.advance(seen_ms):
                    self._cut(out)
        return out

    @abstractmethod
    def _take(self, record: Record, out: Output) -> int:
        """Account for one record; the event time that moves the watermark. Raises Refusal."""

    @abstractmethod
    def _close_minutes(self, through: int, out: Output) -> None:
        """Emit what the minutes up to `through` hold, one sequence number a minute."""

    def _resume_offset(self) -> int:
        """The first offset that an open minute needs again."""
        return self.next_offset

    def _refuse(self, record: Record, refusal: Refusal, out: Output) -> None:
        if record.offset < self._covered:
            return
        refused = self.counters.refused
        refused[refusal.reason] = refused.get(refusal.reason, 0) + 1
        letter = DeadLetter(
            refusal.reason,
            refusal.detail,
            self.topic,
            self.partition,
            record.offset,
            record.timestamp,
        )
        out.refused.append((letter, record))

    def next_sequence(self) -> int:
        """The number of the next minute or progress record of this partition."""
        self._sequence += 1
        return self._sequence

    def _cut(self, out: Output, *, idle: bool = False) -> None:
        through = self._watermark.closed_through
        self._close_minutes(through, out)
        self._report(through, idle, out)

    def _report(self, through: int, idle: bool, out: Output) -> None:
        sequence = self.next_sequence()
        counters = self.counters.copy()
        out.signals.append(Progress(self.topic, self.partition, sequence, through, counters, idle))
        self.head = out.head = self._head()

    def _head(self, planned_close: int = 0) -> IntakeHead:
        return IntakeHead(
            self.topic,
            self.partition,
            self._sequence,
            self.next_offset,
            min(self._resume_offset(), self.next_offset),
            self._watermark.seen_ms,
            self._watermark.closed_through,
            self.counters.copy(),
            planned_close,
        )

    def _is_told(self, what: bytes, record: Record) -> bool:
        return self.rules.bounded and (CONTROL, what) in record.headers

    def _end(self, record: Record, out: Output) -> None:
        if record.offset < self.next_offset:
            return
        self.next_offset = record.offset + 1
        self._finish(out)

    def finish(self) -> Output:
        """No record follows: close what is open."""
        out = Output()
        self._finish(out)
        return out

    def _finish(self, out: Output) -> None:
        self._close_minutes(END, out)
        self._watermark.close(END)
        self._report(END, False, out)

    def plan_idle(self, silent_ms: int) -> IntakeHead | None:
        """The partition has been silent for `silent_ms` at its end: what to write before `idle`.

        Also when no minute is open: the idle record takes a sequence number, and after a crash no
        partial may have the same. None before the first record, which takes one anyway.
        """
        through = max(self._idle_through(silent_ms), self._watermark.closed_through)
        if not through:
            return None
        self._planned = through
        return self._head(planned_close=through)

    def _idle_through(self, silent_ms: int) -> int:
        seen = self._watermark.seen_ms
        return (seen + silent_ms - self.rules.lateness_ms) // MINUTE_MS - 1 if seen else 0

    def idle(self, silent_ms: int) -> Output:
        """Say that the partition is idle, and close what the plan or the silence allows."""
        out = Output()
        self._watermark.close(self._planned or self._idle_through(silent_ms))
        self._planned = 0
        self._cut(out, idle=True)
        return out

    def _close_planned(self, out: Output) -> None:
        self._watermark.close(self._planned)
        self._planned = 0
        self._cut(out, idle=True)
