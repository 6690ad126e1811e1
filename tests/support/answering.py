"""Who answers commands in tests of those who give them: the next revision, as detect says it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import Producer
from msgspec.structs import replace

from agents.incidents.book import Book
from schemas.commands import (
    Acknowledge,
    Command,
    Feedback,
    Note,
    Resolve,
    Silence,
    decode_command,
)
from schemas.handling import Acknowledgement, Opinions, Remark, Silencing
from schemas.incidents import Incident, decode_incident, encode_incident
from schemas.topics import COMMANDS, INCIDENTS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.bounded import Tail

AT = "2026-11-20T10:00:00.000Z"
UNTIL = "2026-11-20T11:00:00.000Z"


def answer(incident: Incident, command: Command) -> Incident:
    """The revision that follows from a person's command."""
    by = command.by
    after = replace(incident, revision=incident.revision + 1, updated_at=AT)
    match command:
        case Acknowledge():
            acknowledgement = Acknowledgement(by, AT, UNTIL)
            reason = f"acknowledged by {by}"
            return replace(
                after,
                status="acknowledged",
                acknowledgement=acknowledgement,
                change_reason=reason,
            )
        case Resolve(text=text):
            reason = f"resolved by {by}: {text}"
            return replace(after, status="resolved", resolved_at=AT, change_reason=reason)
        case Silence(minutes=0):
            reason = f"silence by {by} ended"
            return replace(after, status="open", silence=None, change_reason=reason)
        case Silence():
            silence = Silencing(by, AT, UNTIL)
            reason = f"silenced by {by}"
            return replace(after, status="suppressed", silence=silence, change_reason=reason)
        case Note(text=text):
            notes = (*incident.notes, Remark(by, AT, text))
            return replace(after, notes=notes, change_reason=f"note by {by}")
        case Feedback(useful=useful):
            opinions = Opinions(int(useful), int(not useful), 0.8 if useful else 1.25)
            return replace(after, opinions=opinions, change_reason=f"feedback by {by}")
    raise AssertionError(f"no person says {command}")


@contextmanager
def answering(bootstrap: str, prefix: str) -> Iterator[list[Command]]:
    """Answers commands to the incidents that stand on the topic; the commands as they come."""
    cluster = Cluster(bootstrap)
    admin = TopicAdmin(cluster, prefix)
    said: list[Command] = []
    done = threading.Event()

    def run() -> None:
        book = Book()
        incidents = Tail(cluster, prefix + INCIDENTS, admin.partitions(INCIDENTS))
        commands = Tail(cluster, prefix + COMMANDS, admin.partitions(COMMANDS))
        producer = Producer(cluster.for_librdkafka())
        for revision in incidents.rest():
            book.take(decode_incident(revision.value() or b""))
        while not done.is_set():
            for message in commands.new(wait=0.1):
                command = decode_command(message.value())
                assert message.key() == command.incident_id.encode()
                said.append(command)
                if (incident := book.get(command.incident_id)) is not None:
                    after = answer(incident, command)
                    book.take(after)
                    key = after.incident_key.encode()
                    producer.produce(prefix + INCIDENTS, encode_incident(after), key)
                    producer.flush()
        incidents.close()
        commands.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield said
    finally:
        done.set()
        thread.join()
