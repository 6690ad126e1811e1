"""A real PostgreSQL server of the tests' own, on loopback, where everybody needs a password."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from streams.broker.machine import free_port
from tests.support.waiting import until

PASSWORD = "s3cret-w0rd"
_HOST = "127.0.0.1"


def binary(name: str) -> str | None:
    """A program of the server, from PATH or from where Debian has them."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *map(str, places)]))


@dataclass
class Postgres:
    """`start` and `stop` as often as a test likes: address and data stay."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, user: str = "admin") -> str:
        """Where a database is; everybody has the same password."""
        return f"postgresql://{user}:{PASSWORD}@{_HOST}:{self.port}/{database}"

    def start(self) -> None:
        """Return when it answers."""
        # Durability is not what is tested, and the disk is slow.
        options = ["fsync=off", f"listen_addresses={_HOST}", "unix_socket_directories="]
        command = ["postgres", "-D", str(self.folder / "data"), "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                _as_somebody([*command, *(word for option in options for word in ("-c", option))]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        until(self._answers, "PostgreSQL answers", patience=30)

    def stop(self) -> None:
        """Cut all connections and end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
            self._process = None

    def say(self, database: str, sql: str, values: list[object] | None = None) -> list[Any]:
        """As the administrator; the rows of the answer."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, encoding: str = "UTF8") -> tuple[str, str]:
        """A database, and a role that may only connect to it; both have the same name."""
        name = f"t_{uuid.uuid4().hex[:8]}"
        self.say("postgres", f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
        self.say(
            "postgres",
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C'"
            " LC_CTYPE 'C'",
        )
        return name, name

    def cut_who_waits(self, database: str) -> None:
        """Wait until our own connection to it waits for a lock, and end that connection."""
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: bool(self.say(database, waiting)[0][0]), "it waits for a lock", 20)
        self.say(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'groundswell' AND datname = %s",
            [database],
        )

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "log").read_text()
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Runs to the end of the block. AssertionError says what to install."""
    assert binary("initdb"), "these tests need PostgreSQL's server: apt-get install postgresql"
    # Not tmp_path: only root may pass through its parents, and the server refuses to be root.
    folder = Path(tempfile.mkdtemp(prefix="groundswell-postgres-"))
    word = folder / "word"
    word.write_text(PASSWORD)
    if os.geteuid() == 0:
        for path in (folder, word):
            shutil.chown(path, "postgres", "postgres")
    server = Postgres(folder, free_port())
    try:
        own = ["-D", str(folder / "data"), "-U", "admin", "-A", "scram-sha-256"]
        own += [f"--pwfile={word}", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = _as_somebody(["initdb", *own])
        subprocess.run(command, check=True, capture_output=True, cwd="/")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody(command: list[str]) -> list[str]:
    """Not as root; Debian's package brings a user for it."""
    program = binary(command[0])
    assert program, f"no {command[0]}"
    full = [program, *command[1:]]
    if os.geteuid() != 0:
        return full
    user = pwd.getpwnam("postgres")
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, "--", *full]
