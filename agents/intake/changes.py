"""Intake of the `changes` topic: each change goes on at once, the watermark says how far."""

from agents.intake.source import Output, Record, SourceIntake
from agents.privacy import redact
from schemas.changes import Change, decode_change
from schemas.signals import Changed
from windows.texts import clean


class ChangeIntake(SourceIntake):
    """Intake of one partition of `changes`. A change is never late: it is context, not a count."""

    def _take(self, record: Record, out: Output) -> int:
        source = f"{self.topic}-{self.partition}@{record.offset}"
        change = decode_change(record.value, source, record.timestamp)
        if record.offset >= self._covered:
            self.counters.accepted += 1
            out.signals.append(
                Changed(self.topic, self.partition, self.next_sequence(), _safe(change))
            )
        return min(change.time_ms, record.timestamp)

    def _close_minutes(self, through: int, out: Output) -> None:
        """Nothing is held back."""


def _safe(change: Change) -> Change:
    """The change without personal data in its words."""
    return Change(
        id=change.id,
        time_ms=change.time_ms,
        summary=redact(clean(change.summary)),
        product=clean(change.product),
        service=clean(change.service),
        attributes={clean(name): redact(clean(v)) for name, v in change.attributes.items()},
    )
