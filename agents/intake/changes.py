"""Intake of the `changes` topic: each change goes on at once, the watermark says how far."""

import re

from agents.intake.source import Output, Record, SourceIntake
from agents.privacy import redact
from schemas.changes import Change, decode_change
from schemas.events import MAX_NAME
from schemas.signals import Changed
from windows.texts import clean

_TAKEN = re.compile(r"[est]\d+")
"""Names that an incident gives to its own facts."""


class ChangeIntake(SourceIntake):
    """Intake of one partition of `changes`. A change is never late: it is context, not a count."""

    def _take(self, record: Record, out: Output) -> int:
        source = f"{self.topic}-{self.partition}@{record.offset}"
        change = decode_change(record.value, source, record.timestamp)
        if record.offset >= self._covered:
            self.counters.accepted += 1
            out.signals.append(
                Changed(self.topic, self.partition, self.next_sequence(), _safe(change, source))
            )
        return min(change.time_ms, record.timestamp)

    def _close_minutes(self, through: int, out: Output) -> None:
        """Nothing is held back."""


def _safe(change: Change, source: str) -> Change:
    """The change without personal data in its words, under a name that is no other fact's."""
    name = clean(change.id)[:MAX_NAME].strip() or source
    return Change(
        id=f"change-{name}" if _TAKEN.fullmatch(name) else name,
        time_ms=change.time_ms,
        summary=redact(clean(change.summary)),
        product=clean(change.product),
        service=clean(change.service),
        attributes={clean(name): redact(clean(v)) for name, v in change.attributes.items()},
    )
