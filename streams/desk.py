"""What people do with incidents: read them, tell them something, wait for the answer."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Self, TypeAlias

from agents.incidents.book import Book
from schemas.commands import (
    Acknowledge,
    Feedback,
    Note,
    Resolve,
    Silence,
    decode_command,
    encode_command,
)
from schemas.errors import NotOurs, Refusal
from schemas.incidents import Incident, decode_incident
from schemas.topics import COMMANDS, INCIDENTS
from sinks.cluster import Cluster
from sinks.kafka import Message
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.errors import OperatorError
from streams.outbox import send

Saying: TypeAlias = Acknowledge | Resolve | Silence | Note | Feedback
"""What people tell an incident."""

PATIENCE = 30.0
"""Seconds that a worker is waited for."""
_LOOK = 0.2
_LENGTH = re.compile(r"Expected `str` of length (<=|>=) (\d+) - at `\$\.(\w+)`")


class BadCommand(OperatorError):
    """What was to be said is too long, or no text: say it otherwise."""


class NoAnswer(OperatorError):
    """Nobody applies commands: start a worker."""


class Desk(AbstractContextManager["Desk"]):
    """Every incident as it stands on the log. Raises NoBroker, Refused, TopicsDiffer."""

    def __init__(self, cluster: Cluster, prefix: str) -> None:
        places = TopicAdmin(cluster, prefix).partitions(INCIDENTS)
        self.book = Book()
        self._cluster = cluster
        self._prefix = prefix
        self._tail = Tail(cluster, prefix + INCIDENTS, places)

    def __exit__(self, *_: object) -> None:
        self._tail.close()

    def read(self) -> Self:
        """Take all that stands on the log into the book."""
        for _ in self.revisions():
            continue
        return self

    def revisions(self) -> Iterator[Incident]:
        """Every revision up to now that was not read before, each once, as they came."""
        for message in self._tail.rest():
            if (incident := self._taken(message.value())) is not None:
                yield incident

    def _taken(self, value: bytes | None) -> Incident | None:
        try:
            incident = decode_incident(value or b"")
        except NotOurs:
            return None
        return incident if self.book.take(incident) else None

    def tell(self, command: Saying) -> None:
        """Write it to the log. Raises BadCommand, OperatorError, DeliveryFailed."""
        try:
            value = encode_command(command)
            decode_command(value)
        except UnicodeEncodeError:
            raise BadCommand("what you said is not UTF-8 text") from None
        except Refusal as refusal:
            raise BadCommand(f"this cannot be said: {_plain(refusal.detail)}") from None
        TopicAdmin(self._cluster, self._prefix).partitions(COMMANDS)
        key = command.incident_id.encode()
        asyncio.run(send(self._cluster, Message(self._prefix + COMMANDS, value, key)))

    def wait(self, command: Saying, before: Incident, patience: float = PATIENCE) -> Incident:
        """The first revision after `before` that shows the command. Raises NoAnswer."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for message in self._tail.new(wait=_LOOK):
                incident = self._taken(message.value())
                if incident is None or incident.incident_id != command.incident_id:
                    continue
                if shows(command, before, incident):
                    return incident
        raise NoAnswer(
            f"no worker answered within {patience:.0f} s: is `groundswell worker` running?"
        )


def _plain(detail: str) -> str:
    """What is wrong with a command, in words of the command line."""
    found = _LENGTH.search(detail)
    if not found:
        return detail
    bound = "at most" if found[1] == "<=" else "at least"
    return f"{found[3]} has {bound} {found[2]} character{'s'[: found[2] != '1']}"


def shows(command: Saying, before: Incident, after: Incident) -> bool:
    """Whether what the command asked for has happened between two revisions."""
    match command:
        case Acknowledge():
            return after.acknowledgement not in (None, before.acknowledgement)
        case Resolve():
            return after.status == "resolved"
        case Silence(minutes=0):
            return after.silence is None
        case Silence():
            return after.silence not in (None, before.silence)
        case Note():
            return after.notes != before.notes
        case Feedback():
            return after.opinions != before.opinions
