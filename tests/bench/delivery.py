"""Receivers: how soon tables have what opened at once, and what dead ones cost the worker."""

import re
import secrets
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import duckdb
import httpx
import psycopg
from confluent_kafka import Producer

from schemas.incidents import encode_incident
from schemas.topics import INCIDENTS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.bench.beside import process
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.runs import MeasuredRun, Spent
from tests.bench.traffic import Traffic
from tests.support.incidents import incident
from tests.support.postgres import binary, postgres_server
from tests.support.waiting import until

_INCIDENTS = 1_000
_EVENTS = 600_000
_TO_FAIL_AT = 50
_LIMIT = 1 / 0.97
_STORED_SECONDS = 300
_COUNT = "SELECT count(*), count(DISTINCT incident_id) FROM {}incident_revisions"


def run(bench: Bench) -> list[Result]:
    """One table for the burst and one for the cost."""
    return [_burst(bench), _cost(bench)]


def _burst(bench: Bench) -> Result:
    count = _INCIDENTS // 5 if bench.quick else _INCIDENTS
    bench.say(f"delivery: {count:,} incidents at once")
    prefix = f"bench-{secrets.token_hex(4)}-"
    admin = TopicAdmin(Cluster(bench.bootstrap), prefix)
    admin.create(4)
    try:
        with ExitStack() as stack:
            file = bench.home / f"{prefix}incidents.duckdb"
            stores = {"duckdb": lambda: _in_duckdb(file)}
            tables = f'[duckdb]\ntype = "duckdb"\nfile = "{file}"\n'
            if binary("initdb"):
                url = stack.enter_context(postgres_server()).url("postgres")
                stores["postgres"] = lambda: _in_postgres(url)
                tables += f'[postgres]\ntype = "postgres"\nurl = "{url}"\n'
            port = stack.enter_context(_sinks(bench, prefix, tables))
            # To connect and to make the tables is not what is measured.
            _write(bench.bootstrap, prefix, ["first"])
            _until_taken(port, stores, 1)
            began = time.perf_counter()
            _write(bench.bootstrap, prefix, [f"bench-{n:06}" for n in range(count)])
            seconds = _until_taken(port, stores, count + 1)
            rows = [_row(name, stores[name](), seconds[name] - began) for name in stores]
    finally:
        admin.delete()
    wrong = sum(abs(int(row["revisions"]) - count - 1) for row in rows)
    return Result("Incidents at once, until all are stored", rows, [Goal("wrong", wrong, 0)])


def _until_taken(port: int, names: Iterable[str], count: int) -> dict[str, float]:
    """When each of them had taken so many revisions, by its own metric.

    To ask DuckDB all the time would keep the receiver out of its file.
    """
    seconds: dict[str, float] = {}

    def taken() -> bool:
        metrics = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        for name in names:
            line = rf'^groundswell_sink_delivered_total\{{sink="{name}"\}} (\S+)$'
            found = re.search(line, metrics, re.MULTILINE)
            if found and float(found[1]) >= count:
                seconds.setdefault(name, time.perf_counter())
        return len(seconds) == len(list(names))

    until(taken, f"{count} revisions in every table", _STORED_SECONDS)
    return seconds


def _row(name: str, found: tuple[int, int], seconds: float) -> dict[str, Value]:
    revisions, incidents = found
    return {"table": name, "revisions": revisions, "incidents": incidents, "s": seconds}


def _in_duckdb(file: Path) -> tuple[int, int]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return _pair(connection.execute(_COUNT.format("")).fetchone())


def _in_postgres(url: str) -> tuple[int, int]:
    with psycopg.connect(url) as connection:
        return _pair(connection.execute(_COUNT.format("groundswell.")).fetchone())


def _pair(row: tuple[int, ...] | None) -> tuple[int, int]:
    assert row is not None
    revisions, incidents = row
    return revisions, incidents


def _cost(bench: Bench) -> Result:
    rounds = 1 if bench.quick else 3
    count = bench.count(_EVENTS, _EVENTS // 4)
    spent: dict[str, list[Spent]] = {}
    # In turns, so that a slow minute of the machine hits both.
    for n in range(rounds):
        for name, beside in (("alone", False), ("beside dead receivers", True)):
            bench.say(f"delivery: the worker {name}, round {n + 1} of {rounds}")
            spent.setdefault(name, []).append(_worker(bench, count, beside))
    cost = {name: median(s.us_per_event for s in found) for name, found in spent.items()}
    rows: list[dict[str, Value]] = [
        {
            "worker": name,
            "CPU us/event": cost[name],
            "events/s": round(median(s.events / s.wall_s for s in found)),
        }
        for name, found in spent.items()
    ]
    alone, beside_them = cost.values()
    goal = Goal("CPU of an event beside dead receivers / alone", beside_them / alone, _LIMIT)
    return Result("What dead receivers, a dead model and a console cost", rows, [goal])


def _worker(bench: Bench, count: int, beside: bool) -> Spent:
    with MeasuredRun(bench.bootstrap, topics=("feedback.app",)) as run, ExitStack() as stack:
        run.feeder.write(Traffic(bench.seed, novel=0.0).messages(count))
        if beside:
            _write(bench.bootstrap, run.prefix, [f"bench-{n}" for n in range(_TO_FAIL_AT)])
            # It takes connections and never says a word: worse than one that refuses them.
            silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            receiver = f'[dead]\ntype = "webhook"\nurl = "{url}/hook"\nsecret = "{"s" * 32}"\n'
            stack.enter_context(_sinks(bench, run.prefix, receiver))
            model = {"GROUNDSWELL_MODEL_URL": f"{url}/v1", "GROUNDSWELL_MODEL_NAME": "dead"}
            stack.enter_context(process(bench, run.prefix, ["enrich"], model))
            stack.enter_context(process(bench, run.prefix, ["console"]))
        return run.measure()


def _write(bootstrap: str, prefix: str, names: Iterable[str]) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5, "log_level": 0})
    for name in names:
        opened = incident(incident_id=name, incident_key=name)
        producer.produce(prefix + INCIDENTS, encode_incident(opened), name.encode())
    if producer.flush(60):
        raise RuntimeError("the broker did not take the incidents")


@contextmanager
def _sinks(bench: Bench, prefix: str, tables: str) -> Iterator[int]:
    """The port of its metrics."""
    file = bench.home / f"{prefix}sinks.toml"
    file.write_text(tables)
    with process(bench, prefix, ["sinks", "run", "--config", str(file)]) as port:
        yield port
