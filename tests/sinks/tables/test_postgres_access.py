"""What keeps us from the server: outages, rights, addresses."""

import asyncio
import re
import socket
import threading

import msgspec
import psycopg
import pytest

from sinks.cluster import Secret
from sinks.errors import Unreachable
from sinks.tables.postgres import PostgresOptions, PostgresSink
from tests.support.incidents import incident
from tests.support.postgres import PASSWORD, Postgres
from tests.support.tables import deliver, postgres_counts, postgres_sink


def test_the_server_may_be_gone_for_a_while(postgres: Postgres, database: str) -> None:
    async def run() -> None:
        sink = postgres_sink(postgres, database)
        await sink.start()
        await sink.deliver([incident()], 0)
        postgres.stop()
        try:
            for _ in range(2):
                with pytest.raises(Unreachable, match=r"^[^\n]+$") as caught:
                    await sink.deliver([incident(revision=2)], 0)
                assert PASSWORD not in str(caught.value)
        finally:
            postgres.start()
        await sink.deliver([incident(revision=2)], 0)
        await sink.stop()

    asyncio.run(run())
    assert postgres_counts(postgres, database)[:2] == [1, 2]


def test_a_batch_is_written_whole_or_not_at_all(postgres: Postgres, database: str) -> None:
    """A lock of somebody else stops it half way."""

    async def run() -> None:
        sink = postgres_sink(postgres, database)
        await sink.start()
        with psycopg.connect(postgres.url(database)) as other:
            other.execute("LOCK TABLE groundswell.incident_hypotheses")
            writing = asyncio.create_task(sink.deliver([incident()], 0))
            await asyncio.to_thread(postgres.cut_who_waits, database)
            with pytest.raises(Unreachable):
                await writing
        assert postgres_counts(postgres, database) == [0, 0, 0, 0]
        await sink.deliver([incident()], 0)
        await sink.stop()

    asyncio.run(run())
    assert postgres_counts(postgres, database) == [1, 1, 2, 1]


def test_a_role_without_rights_is_told_what_to_grant(postgres: Postgres) -> None:
    database, _ = postgres.new_database()
    with pytest.raises(Unreachable, match=r"^permission denied for database") as caught:
        deliver(postgres_sink(postgres, database), [incident()])
    grants = re.search(r"CREATE SCHEMA.*;", str(caught.value))
    assert grants is not None
    postgres.say(database, grants[0])
    deliver(postgres_sink(postgres, database), [incident()])
    assert postgres_counts(postgres, database)[0] == 1


def test_rights_to_the_rows_alone_are_enough_once_there_are_tables(postgres: Postgres) -> None:
    """The tables are an administrator's; the role may write rows and nothing else."""
    database, role = postgres.new_database()
    url = Secret(postgres.url(database))
    deliver(PostgresSink("admin", PostgresOptions(url=url)))
    with pytest.raises(Unreachable, match=r"permission denied for database .*GRANT"):
        deliver(postgres_sink(postgres, database), [incident()])
    postgres.say(database, f"GRANT USAGE ON SCHEMA groundswell TO {role}")
    postgres.say(
        database,
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA groundswell TO {role}",
    )
    deliver(postgres_sink(postgres, database), [incident()])
    assert postgres_counts(postgres, database)[0] == 1


def test_rights_that_are_taken_away_lose_nothing(postgres: Postgres, database: str) -> None:
    async def run() -> None:
        sink = postgres_sink(postgres, database)
        await sink.start()
        postgres.say(database, f"REVOKE ALL ON groundswell.incidents FROM {database}")
        with pytest.raises(Unreachable, match=r"for table incidents: .*GRANT"):
            await sink.deliver([incident()], 0)
        postgres.say(database, f"GRANT ALL ON groundswell.incidents TO {database}")
        await sink.deliver([incident()], 0)
        await sink.stop()

    asyncio.run(run())
    assert postgres_counts(postgres, database)[0] == 1


def test_a_database_without_room_for_all_texts_is_refused(postgres: Postgres) -> None:
    database, role = postgres.new_database("LATIN1")
    postgres.say("postgres", f"GRANT CREATE ON DATABASE {database} TO {role}")
    with pytest.raises(Unreachable, match=r"encoding LATIN1, .* 'UTF8'"):
        deliver(postgres_sink(postgres, database), [incident()])


def test_no_word_of_the_secret_is_shown(postgres: Postgres, database: str) -> None:
    wrong = postgres.url(database, user=database).replace(PASSWORD, "wr0ng-w0rd")
    options = PostgresOptions(url=Secret(wrong))
    assert "wr0ng" not in repr(options)
    with pytest.raises(Unreachable, match="password authentication failed") as caught:
        deliver(PostgresSink("store", options))
    assert "wr0ng" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["postgresql//wr0ng-w0rd@host", "wr0ng-w0rd", "a=b wr0ng-w0rd=1"])
def test_what_is_no_address_is_not_shown(url: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({"url": url}, PostgresOptions, dec_hook=lambda _, value: Secret(str(value)))
    assert str(caught.value).startswith("url is no address: write postgresql://USER:PASSWORD@")
    assert "wr0ng" not in repr(caught.value)


def test_one_that_takes_connections_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sinks.tables.postgres._BATCH_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = Secret(f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/d")
        with pytest.raises(Unreachable, match=r"^no answer within 0.5 s$"):
            deliver(PostgresSink("store", PostgresOptions(url=url)))


class _Wall:
    """Between a client and its server, until it swallows everything."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.up = False
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            self._ends += [client, server]
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                if not self.up:
                    target.sendall(data)
        except OSError:
            return

    def close(self) -> None:
        self._server.close()
        for end in self._ends:
            end.close()


@pytest.mark.slow
def test_a_network_that_swallows_everything(
    postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sinks.tables.postgres._BATCH_SECONDS", 2)
    wall = _Wall(postgres.port)
    url = postgres.url(database, user=database).replace(f":{postgres.port}", f":{wall.port}")
    sink = PostgresSink("store", PostgresOptions(url=Secret(url)))

    async def run() -> None:
        await sink.start()
        wall.up = True
        async with asyncio.timeout(20):
            with pytest.raises(Unreachable, match="no answer within 2 s"):
                await sink.deliver([incident()], 0)
        wall.up = False
        await sink.deliver([incident()], 0)
        await sink.stop()

    asyncio.run(run())
    wall.close()
    assert postgres_counts(postgres, database)[0] == 1
