"""A `groundswell console` of a test, as an operator runs it, on topics of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from confluent_kafka import Producer

from schemas.commands import Command, decode_command
from schemas.incidents import Incident, encode_incident
from schemas.signals import Progress, encode_signal
from schemas.topics import COMMANDS, INCIDENTS, SIGNALS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.bounded import Tail
from tests.support.waiting import SOON, until

ROOT = Path(__file__).parents[2]


class ConsoleProcess:
    """The process, its address, and the log that it reads from and writes to."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path, *options: str) -> None:
        self.prefix = prefix
        self._topics = TopicAdmin(Cluster(bootstrap), prefix)
        self._topics.create(2)
        self._producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})
        self._commands = Tail(Cluster(bootstrap), prefix + COMMANDS, 1)
        self._out = folder / "console.out"
        self._errors = folder / "console.err"
        command = [sys.executable, "-m", "streams", "console", "--port", "0"]
        with self._out.open("wb") as out, self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [*command, "--bootstrap", bootstrap, "--prefix", prefix, *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
            )
        until(lambda: bool(self.said()) or self._process.poll() is not None, "it listens")
        assert self._process.poll() is None, self._errors.read_text()

    def said(self) -> str:
        """What it has written to standard output."""
        return self._out.read_text()

    @property
    def errors(self) -> str:
        """What it has written to standard error."""
        return self._errors.read_text()

    @property
    def address(self) -> str:
        """Such as http://127.0.0.1:4711/."""
        return self.said().split()[2]

    def publish(self, *incidents: Incident) -> None:
        """Write revisions, as detect does."""
        self._write(INCIDENTS, [(one.incident_key, encode_incident(one)) for one in incidents])

    def progress(self, *said: Progress) -> None:
        """Write progress to every partition of `signals`, as intake does."""
        for one in said:
            for partition in range(2):
                self._write(SIGNALS, [("", encode_signal(one))], partition)

    def _write(self, topic: str, records: Iterable[tuple[str, bytes]], partition: int = -1) -> None:
        for key, value in records:
            self._producer.produce(self.prefix + topic, value, key.encode(), partition)
        assert self._producer.flush(30) == 0

    def commands(self) -> list[Command]:
        """What has been written to `incidents.commands` since the last call."""
        return [decode_command(message.value()) for message in self._commands.rest()]

    def next_command(self) -> Command:
        """Wait for the one command that has not been read yet."""
        found: list[Command] = []

        def came() -> bool:
            found.extend(self.commands())
            return bool(found)

        until(came, "a command on the log", 20)
        (command,) = found
        return command

    def stop(self) -> int:
        """Press Ctrl-C; the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(SOON)

    def close(self) -> None:
        """End it and delete its topics."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._commands.close()
        self._topics.delete()
