"""What people tell an incident comes out as revisions of it, also when the worker dies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from schemas.commands import Acknowledge, Command, Note, Resolve, Silence, encode_command
from schemas.incidents import Incident, decode_incident
from schemas.topics import COMMANDS, DEAD_LETTERS, INCIDENTS
from tests.support.burst import END_MS, burst
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.stream import Stream
    from tests.support.workers import WorkerProcess

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def start(stream: Stream, snapshot_seconds: float) -> WorkerProcess:
    return stream.workers.start(idle_seconds=2, lateness_ms=0, snapshot_seconds=snapshot_seconds)


def opened(stream: Stream) -> str:
    """The id of the incident of the burst."""
    stream.write(("feedback.app", 0), [value for _, value in burst()], END_MS)
    until(lambda: stream.count(INCIDENTS) > 0, "the incident is on the log")
    return revisions(stream)[0].incident_id


def revisions(stream: Stream) -> list[Incident]:
    """Each once; a repetition must be equal to the byte."""
    stream.ledger.read_incidents(stream.read(INCIDENTS))
    found = map(decode_incident, stream.ledger.incidents.values())
    return sorted(found, key=lambda incident: incident.revision)


def has(stream: Stream, count: int) -> bool:
    """So many revisions."""
    return len(revisions(stream)) == count


def tell(stream: Stream, *commands: Command) -> None:
    values = [encode_command(command) for command in commands]
    stream.write((COMMANDS, 0), values, END_MS + 30_000)


def test_commands_become_revisions_at_once(stream: Stream) -> None:
    worker = start(stream, 0.2)
    name = opened(stream)
    tell(
        stream,
        Acknowledge(incident_id=name, by="ana"),
        Note(incident_id=name, by="bo", text="call me: 138 1234 5678"),
        Silence(incident_id=name, by="bo", minutes=30),
        Note(incident_id="somebody-else", by="bo", text="?"),
        Resolve(incident_id=name, by="ana", text="rolled back"),
    )
    stream.write((COMMANDS, 0), [b"{", b'{"action":"ack"}'], END_MS)
    until(lambda: stream.count(INCIDENTS) >= 5, "all revisions are on the log")
    until(lambda: stream.count(DEAD_LETTERS) == 2, "what is no command is refused")
    _, *told = revisions(stream)
    assert [(one.revision, one.status) for one in told] == [
        (2, "acknowledged"),
        (3, "acknowledged"),
        (4, "suppressed"),
        (5, "resolved"),
    ]
    last = told[-1]
    assert [note.text for note in last.notes] == ["call me: [phone]", "rolled back"]
    assert last.change_reason == "resolved by ana: rolled back"
    assert last.updated_at == last.resolved_at == "2026-01-05T08:31:30.000Z"
    until(stream.is_covered, "snapshots")
    until(lambda: worker.lags()[COMMANDS, 0] == 0, "nothing waits")
    _, metrics = worker.get("/metrics")
    assert 'groundswell_accepted{partition="0",topic="incidents.commands"} 5.0' in metrics
    assert 'groundswell_refused{partition="0",reason="not_json"' in metrics
    assert worker.stop() == 0


def test_a_worker_that_dies_after_a_command_repeats_itself_and_doubles_nothing(
    stream: Stream,
) -> None:
    # It never snapshots, so that each of the next ones reads all signals again.
    worker = start(stream, 600)
    name = opened(stream)
    commands: list[Command] = [
        Acknowledge(incident_id=name, by="ana"),
        Note(incident_id=name, by="bo", text="the certificate has expired"),
        Resolve(incident_id=name, by="bo"),
    ]
    for done, command in enumerate(commands, 2):
        tell(stream, command)
        if done % 2:
            # Once it may not even have read it.
            until(partial(has, stream, done), "the command is a revision")
        worker.kill()
        before = stream.count(INCIDENTS)
        worker = start(stream, 600)
        until(partial(has, stream, done), "the command is a revision")
    until(lambda: stream.count(INCIDENTS) >= before + 4, "the last worker has said it all again")
    assert [(one.revision, one.status) for one in revisions(stream)] == [
        (1, "open"),
        (2, "acknowledged"),
        (3, "acknowledged"),
        (4, "resolved"),
    ]
    assert len(revisions(stream)[-1].notes) == 1
