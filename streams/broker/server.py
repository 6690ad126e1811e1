"""The embedded broker: one Apache Kafka per home directory, shared by every process."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from streams.broker.errors import (
    ChooseHomeError,
    ChoosePortError,
    FreeDiskError,
    ReadLogError,
)
from streams.broker.jars import Report, fetch, kafka_version, read_lock
from streams.broker.java import find_java
from streams.broker.machine import disk_bytes, free_bytes, free_port, port_is_free
from streams.broker.paths import default_cache
from streams.broker.process import CONSOLE, PID, ServerProcess, locked, wait_until
from streams.broker.properties import DATA, HOST, server_properties

DEFAULT_PORT = 19092
START_SECONDS = 60.0
STOP_SECONDS = 30.0
LEAST_FREE_BYTES = 512 * 1024 * 1024

_LOG = "broker.log"
_LOG4J = "log4j2.properties"
_PROPERTIES = "server.properties"
_STATE = "broker.json"


@dataclass(frozen=True)
class BrokerStatus:
    """What a home holds; `pid`, `bootstrap` and `resident_bytes` are None when nothing runs.

    `resident_bytes` is None on a system without /proc, too.
    """

    running: bool
    pid: int | None
    bootstrap: str | None
    version: str
    data: Path
    disk_bytes: int
    resident_bytes: int | None


class EmbeddedBroker:
    """The Kafka of `home`, which outlives the process that starts it.

    `port`: the only port to accept; None takes the last one used here, then 19092, then any
    that is free. `cache`: where the jars are kept, `default_cache()` unless given. `flags`: more
    of the JVM's, which win over ours.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        cache: Path | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        # Absolute: the server runs in the home, not where we are.
        self._home = home.absolute()
        self._port = port
        self._cache = (cache or default_cache()).absolute()
        self._flags = flags
        self._data = self._home / DATA
        self._process = ServerProcess(self._home)

    def ensure(self, report: Report | None = None) -> str:
        """The bootstrap address of a broker that answers, "127.0.0.1:PORT"; starts one if needed.

        `report` gets a line for every step that takes time. Raises BrokerError.
        """
        report = report or _silent
        with self._exclusive(report):
            if self._process.alive():
                port = self._running_port()
                if self._answers_in_time(port):
                    return f"{HOST}:{port}"
                report("the broker does not answer: starting it again")
                self._process.end(STOP_SECONDS)
            return self._start(report)

    def status(self) -> BrokerStatus:
        """What runs and what it takes, without waiting for anything."""
        state = self._state()
        running = self._process.alive()
        return BrokerStatus(
            running=running,
            pid=self._process.pid(),
            bootstrap=f"{HOST}:{state['port']}" if running and state else None,
            version=str(state["version"]) if running and state else kafka_version(read_lock()),
            data=self._data,
            disk_bytes=disk_bytes(self._data),
            resident_bytes=self._process.resident_bytes(),
        )

    def stop(self, timeout: float = STOP_SECONDS) -> None:
        """End the server, by force after `timeout` seconds; its data stays. Raises BrokerError."""
        if self._process.known():
            with self._exclusive(_silent):
                self._process.end(timeout)

    def wipe(self) -> None:
        """Stop the server and delete its data and logs; the jars stay. Raises BrokerError."""
        # A directory that is no broker's home loses nothing.
        if self._process.known():
            with self._exclusive(_silent):
                self._process.end(STOP_SECONDS)
                shutil.rmtree(self._data, ignore_errors=True)
                # Not the two lock files: another process may be waiting for one.
                for name in (_LOG, f"{_LOG}.1", _LOG4J, _PROPERTIES, _STATE, CONSOLE, PID):
                    (self._home / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _exclusive(self, report: Report) -> Iterator[None]:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            lock = self._home / "start.lock"
            lock.touch()
        except OSError as error:
            raise ChooseHomeError(
                f"cannot write to {self._home} ({error.strerror}): choose another --home"
            ) from error
        with locked(lock, lambda: report("waiting for another process at the same broker")):
            yield

    def _state(self) -> dict[str, int | str] | None:
        """The port and the version of the last start; None before the first."""
        try:
            state: dict[str, int | str] = json.loads((self._home / _STATE).read_text())
        except (FileNotFoundError, ValueError):
            return None
        return state

    def _running_port(self) -> int:
        state = self._state()
        port = int(state["port"]) if state else 0
        if self._port not in (None, port):
            raise ChoosePortError(
                f"the broker of {self._home} already runs at {HOST}:{port}: stop it first, or"
                " leave --port out"
            )
        return port

    def _start(self, report: Report) -> str:
        free = free_bytes(self._home)
        if free < LEAST_FREE_BYTES:
            raise FreeDiskError(
                f"only {free >> 20} MB free at {self._home}: free {LEAST_FREE_BYTES >> 20} MB, or"
                " choose another --home"
            )
        java = find_java()
        jars = read_lock()
        class_path = os.pathsep.join(map(str, fetch(jars, self._cache, report)))
        command = [
            *(str(java.launcher), *java.flags(), *self._flags, "-cp", class_path),
            *(f"-Dlog4j2.configurationFile={_LOG4J}", f"-Dgroundswell.broker.log={_LOG}"),
        ]
        version = kafka_version(jars)
        port = self._choose_port()
        while True:
            self._write_settings(port, version)
            self._format(command, report)
            report(f"starting Kafka {version} at {HOST}:{port}")
            try:
                self._launch(command, port)
            except ReadLogError:
                # Another server may have taken the port after we looked.
                if self._port is not None or port_is_free(port):
                    raise
                port = free_port()
            else:
                return f"{HOST}:{port}"

    def _choose_port(self) -> int:
        if self._port is not None:
            if not port_is_free(self._port):
                raise ChoosePortError(
                    f"port {self._port} is taken: choose another --port, or leave it out"
                )
            return self._port
        state = self._state()
        wanted = [int(state["port"])] if state else []
        return next((p for p in [*wanted, DEFAULT_PORT] if port_is_free(p)), None) or free_port()

    def _write_settings(self, port: int, version: str) -> None:
        (self._home / _PROPERTIES).write_text(server_properties(port, free_port()))
        shutil.copyfile(Path(__file__).with_name(_LOG4J), self._home / _LOG4J)
        (self._home / _STATE).write_text(json.dumps({"port": port, "version": version}))

    def _format(self, command: list[str], report: Report) -> None:
        # Kafka writes this file last, so without it nothing was ever stored.
        if (self._data / "meta.properties").is_file():
            return
        report("preparing the data directory")
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}"]
        done = subprocess.run(
            [*command, *tool, "-c", _PROPERTIES],
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr or done.stdout).strip().rpartition("\n")[2]
            raise ReadLogError(f"Kafka cannot prepare {self._data}: {last}")

    def _launch(self, command: list[str], port: int) -> None:
        log = self._home / _LOG
        read_from = log.stat().st_size if log.is_file() else 0
        try:
            self._process.spawn([*command, "kafka.Kafka", _PROPERTIES])
            if not self._answers_in_time(port):
                raise ReadLogError(
                    f"Kafka did not start: {self._last_error(read_from)} (see {log} and"
                    f" {self._home / CONSOLE})"
                )
        except BaseException:
            # Ctrl-C included: nobody else would end it.
            self._process.end(timeout=0)
            raise

    def _answers_in_time(self, port: int) -> bool:
        answered = False

        def settled() -> bool:
            nonlocal answered
            answered = self._answers(port)
            return answered or not self._process.alive()

        wait_until(settled, START_SECONDS)
        return answered

    def _answers(self, port: int) -> bool:
        """Whether our own cluster, not another one, serves clients at `port`."""
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            return False
        # Imported here: a command that only looks at the status needs no client.
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        client = AdminClient({"bootstrap.servers": f"{HOST}:{port}", "log_level": 0})
        try:
            metadata = client.list_topics(timeout=2)
        except KafkaException:
            return False
        ours = f"cluster.id={metadata.cluster_id}\n" in (self._data / "meta.properties").read_text()
        return ours and bool(metadata.brokers)

    def _last_error(self, read_from: int) -> str:
        log = self._home / _LOG
        text = log.read_bytes()[read_from:].decode(errors="replace") if log.is_file() else ""
        errors = [s for s in text.splitlines() if " ERROR " in s or s.startswith("Caused by: ")]
        console = (self._home / CONSOLE).read_text(errors="replace").strip().splitlines()
        return next(iter(errors[-1:] or console[-1:]), "it did not answer in time")


def _silent(_line: str) -> None:
    """The report of a caller who wants none."""
