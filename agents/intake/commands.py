"""Intake of `incidents.commands`: each command goes on at once; no minute waits for it."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from agents.intake.source import Output, Record, SourceIntake
from agents.privacy import redact
from schemas.causes import Hypothesis, Rca
from schemas.commands import (
    MAX_REMARK,
    MAX_WHO,
    Command,
    Explain,
    Note,
    Relate,
    Resolve,
    decode_command,
)
from schemas.errors import Reason, Refusal
from schemas.events import MAX_NAME
from schemas.incidents import Related
from schemas.signals import Commanded
from schemas.times import EARLIEST_MS, LATEST_MS, format_ms, parse_ms
from windows.texts import clean

_MANY = 20
"""Entries that are kept."""


class CommandIntake(SourceIntake):
    """Intake of one partition of `incidents.commands`.

    Nothing but commands takes a sequence number, so a record has the same one whatever happens:
    it says on the log neither how far it has come nor that it is idle.
    """

    is_waited_for: ClassVar[bool] = False

    def feed(self, records: Sequence[Record]) -> Output:
        """Take the next records; they are accounted for as soon as the output is written."""
        out = super().feed(records)
        self.head = out.head = self._head()
        return out

    def _take(self, record: Record, out: Output) -> int:
        command = _safe(decode_command(record.value), record.timestamp, self.rules.max_ahead_ms)
        if record.offset >= self._covered:
            self.counters.accepted += 1
            commanded = Commanded(self.topic, self.partition, self.next_sequence(), command)
            out.signals.append(commanded)
        return record.timestamp

    def _close_minutes(self, through: int, out: Output) -> None:
        """Nothing is held back."""

    def _report(self, through: int, idle: bool, out: Output) -> None:
        """Nobody asks."""


def _safe(command: Command, record_ms: int, max_ahead_ms: int) -> Command:
    """The command with its time, its words without personal data and what is invisible.

    Raises Refusal.
    """
    by, incident_id = _words(command.by)[:MAX_WHO].strip(), _name(command.incident_id)
    if not by or not incident_id:
        raise Refusal(Reason.EMPTY_TEXT, "by" if incident_id else "incident_id")
    command = msgspec.structs.replace(
        command,
        incident_id=incident_id,
        by=by,
        at=_time(command.at, record_ms, max_ahead_ms),
    )
    match command:
        case Note():
            if not (text := _words(command.text)):
                raise Refusal(Reason.EMPTY_TEXT, "text")
            return msgspec.structs.replace(command, text=text)
        case Resolve():
            return msgspec.structs.replace(command, text=_words(command.text))
        case Explain():
            place = command.place
            if place is not None:
                place = {_name(name): _name(value) for name, value in place.items()}
            return msgspec.structs.replace(command, rca=_safe_rca(command.rca), place=place)
        case Relate():
            related = tuple(_safe_related(one) for one in command.related)
            head = _name(command.head_incident_id or "") or None
            return msgspec.structs.replace(command, related=related, head_incident_id=head)
    return command


def _time(at: str | None, record_ms: int, max_ahead_ms: int) -> str:
    try:
        ms = record_ms if at is None else parse_ms(at)
    except ValueError:
        ms = 0
    if not EARLIEST_MS <= ms <= LATEST_MS:
        # The time of a record is its producer's word too.
        raise Refusal(Reason.TIME_OUT_OF_RANGE, f"{at or ms} is no time from 2000 to 2100")
    if ms - record_ms > max_ahead_ms:
        raise Refusal(Reason.FUTURE, f"{ms - record_ms} ms ahead of its record")
    return at or format_ms(ms)


def _words(text: str) -> str:
    # What is cleaned and redacted may be longer than what was said.
    return redact(clean(text[:MAX_REMARK]))[:MAX_REMARK]


def _name(text: str) -> str:
    return clean(text[:MAX_NAME])[:MAX_NAME].strip()


def _safe_rca(rca: Rca) -> Rca:
    return Rca(
        rca.status,
        rca.source,
        tuple(
            Hypothesis(
                _words(one.cause),
                _name(one.category),
                one.confidence,
                tuple(_name(cited) for cited in one.evidence_ids[:_MANY]),
                _words(one.cause_zh),
            )
            for one in rca.hypotheses[:_MANY]
        ),
        tuple(map(_words, rca.next_steps[:_MANY])),
        None if rca.reason is None else _words(rca.reason),
        tuple(map(_words, rca.next_steps_zh[:_MANY])),
        _name(rca.category),
    )


def _safe_related(related: Related) -> Related:
    return Related(
        _name(related.incident_id), _name(related.product), _words(related.title), related.shares
    )
