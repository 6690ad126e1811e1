"""Every command and client on a Kafka that asks for a password, for a certificate, or for both."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import REPLIES
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from sinks.producer import Producer
from streams.requests.errors import BrokerAway
from streams.security import cluster_of
from streams.settings import load
from tests.streams.cli.running import fail, run
from tests.support.asking import Counter, answering, ask, echo, open_counter
from tests.support.burst import burst
from tests.support.secured import PASSWORD, USER, Secured, may_not_read, secured_broker
from tests.support.waiting import eventually
from tests.support.workers import Workers

pytestmark = [
    pytest.mark.broker,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl"),
]

LOGINS = [
    ("SASL_PLAINTEXT", "PLAIN"),
    ("SASL_PLAINTEXT", "SCRAM-SHA-512"),
    ("SASL_SSL", "SCRAM-SHA-256"),
    ("SASL_SSL", "PLAIN"),
    ("SSL", ""),
]
Settings = dict[str, Any]


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with secured_broker(tmp_path_factory.mktemp("secured")) as secured:
        yield secured


def settings(secured: Secured, protocol: str, mechanism: str = "") -> Settings:
    """What an operator sets; each file only where the listener needs it."""
    found = {"bootstrap": secured.addresses[protocol], "security_protocol": protocol}
    if protocol.startswith("SASL"):
        found |= {"sasl_username": USER, "sasl_password": PASSWORD}
        found |= {"sasl_mechanism": mechanism} if mechanism else {}
    if protocol.endswith("SSL"):
        found["ssl_ca_file"] = secured.file("ca.pem")
    if protocol == "SSL":
        found["ssl_cert_file"] = secured.file("client.pem")
        found["ssl_key_file"] = secured.file("client.key")
    return found


def environ(settings: dict[str, str]) -> dict[str, str | None]:
    return {"GROUNDSWELL_" + name.upper(): value for name, value in settings.items()}


def lines(folder: Path) -> Path:
    path = folder / "burst.jsonl"
    path.write_bytes(b"".join(value + b"\n" for _, value in burst()))
    return path


@pytest.mark.parametrize(("protocol", "mechanism"), LOGINS)
def test_topics_are_created_filled_and_read(
    secured: Secured, prefix: str, tmp_path: Path, protocol: str, mechanism: str
) -> None:
    env = environ(settings(secured, protocol, mechanism) | {"prefix": prefix})
    assert "created " in run("topics", "create", "--partitions", "2", env=env).stdout
    assert run("topics", "check", env=env).exit_code == 0
    played = run("play", str(lines(tmp_path)), env=env)
    assert played.stdout == f"{len(list(burst()))} records written\n"
    assert run("tail", "incidents", "--once", env=env).exit_code == 0
    assert run("dead-letters", "list", env=env).stdout == "0 dead letters\n"


@pytest.mark.parametrize(("protocol", "mechanism"), [("SASL_SSL", "SCRAM-SHA-512"), ("SSL", "")])
def test_a_whole_run_finds_the_incident(
    secured: Secured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    protocol: str,
    mechanism: str,
) -> None:
    found = tmp_path / "incidents.jsonl"
    given = settings(secured, protocol, mechanism)
    # Its worker, too, finds files that are named from where we are.
    monkeypatch.chdir(secured.folder)
    given["ssl_ca_file"] = "ca.pem"
    result = run(*("analyse", str(lines(tmp_path)), "--incidents", str(found)), env=environ(given))
    assert result.exit_code == 0, result.output
    first, *_ = found.read_text().splitlines()
    assert json.loads(first)["status"] == "open"
    assert "horse" not in result.output


def test_a_worker_joins_its_group_and_says_no_password(
    secured: Secured, prefix: str, tmp_path: Path
) -> None:
    given = settings(secured, "SASL_SSL")
    given.pop("sasl_password")
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    given["sasl_password_file"] = str(tmp_path / "password")
    assert run("topics", "create", env=environ({**given, "prefix": prefix})).exit_code == 0
    workers = Workers(given.pop("bootstrap"), prefix, tmp_path / "logs")
    try:
        worker = workers.start("--log-level", "debug", **given)
        worker.wait_ready()
        assert worker.stop() == 0
        assert "horse" not in worker.log.read_text()
    finally:
        workers.kill_all()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
def test_a_wrong_password_is_one_line(secured: Secured, mechanism: str) -> None:
    wrong = settings(secured, "SASL_SSL", mechanism) | {"sasl_password": "hunter2"}
    line = fail("topics", "create", env=environ(wrong))
    assert line == (
        f"{wrong['bootstrap']} refuses {USER} by {mechanism}:"
        " check sasl_username, sasl_password and sasl_mechanism"
    )


@pytest.mark.parametrize("protocol", ["SASL_SSL", "SSL"])
def test_a_broker_that_nobody_vouches_for_is_one_line(secured: Secured, protocol: str) -> None:
    wrong = settings(secured, protocol) | {"ssl_ca_file": secured.file("stranger.pem")}
    line = fail("topics", "create", env=environ(wrong))
    assert line.startswith(f"no TLS with {wrong['bootstrap']}: ssl_ca_file does not vouch for")


def test_a_missing_certificate_of_ours_is_one_line(secured: Secured) -> None:
    wrong = settings(secured, "SSL")
    del wrong["ssl_cert_file"], wrong["ssl_key_file"]
    line = fail("topics", "check", env=environ(wrong))
    # The broker closes the connection and says nothing.
    assert line.endswith("or mend the security settings (SSL)")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sasl_password": "hunter2"}, f"refuses {USER} by SCRAM-SHA-512"),
        ({"ssl_ca_file": "stranger.pem"}, "ssl_ca_file does not vouch for"),
    ],
)
def test_a_worker_that_is_refused_says_why(
    secured: Secured, prefix: str, tmp_path: Path, wrong: Settings, says: str
) -> None:
    given = settings(secured, "SASL_SSL")
    if "ssl_ca_file" in wrong:
        wrong = {"ssl_ca_file": secured.file(wrong["ssl_ca_file"])}
    given |= wrong
    workers = Workers(given.pop("bootstrap"), prefix, tmp_path)
    worker = workers.start(**given)
    assert worker.wait_exit() == 1
    *before, last = worker.lines()
    assert last.startswith("groundswell: ")
    assert says in last
    assert all(line.startswith("{") for line in before), before
    assert "hunter2" not in worker.log.read_text()


@pytest.fixture(scope="module")
def counter(secured: Secured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with open_counter(secured.plain, "t-asked-", tmp_path_factory.mktemp("counter")) as counter:
        yield counter


@pytest.mark.parametrize(("protocol", "mechanism"), LOGINS)
def test_what_is_asked_is_answered(
    secured: Secured, counter: Counter, protocol: str, mechanism: str
) -> None:
    counter.cluster = cluster_of(load({}, settings(secured, protocol, mechanism)))

    async def main() -> None:
        producer = Producer(counter.cluster)
        await producer.start()
        first, second = await producer.place([Message(counter.prefix + REPLIES, b"x", b"k")] * 2)
        assert second == first + 1
        await producer.stop()
        async with answering(counter, echo), counter.requester() as one:
            assert await ask(one, "hello", 20.0) == b"re hello"

    asyncio.run(main())


@pytest.mark.parametrize(
    ("protocol", "wrong"),
    [
        ("SASL_PLAINTEXT", {"sasl_password": "hunter2"}),
        ("SASL_SSL", {"sasl_password": "hunter2"}),
        ("SASL_SSL", {"ssl_ca_file": "stranger.pem"}),
        ("SSL", {"ssl_ca_file": "stranger.pem"}),
        ("SSL", {"ssl_cert_file": "", "ssl_key_file": ""}),
    ],
)
def test_a_producer_that_is_refused_does_not_wait(
    secured: Secured, protocol: str, wrong: Settings
) -> None:
    wrong = {n: secured.file(v) if v.endswith(".pem") else v for n, v in wrong.items()}
    cluster = cluster_of(load({}, settings(secured, protocol) | wrong))

    async def main() -> None:
        async with asyncio.timeout(8):
            with pytest.raises(DeliveryFailed, match="cannot write to") as raised:
                await Producer(cluster).start()
        assert "hunter2" not in str(raised.value)
        assert "\n" not in str(raised.value)

    asyncio.run(main())


def test_who_may_not_read_its_replies_is_not_ready(secured: Secured, counter: Counter) -> None:
    counter.cluster = cluster_of(load({}, settings(secured, "SASL_SSL")))

    async def main() -> None:
        async with answering(counter, echo), counter.requester() as one:
            assert await ask(one, "before", 20.0) == b"re before"
            with may_not_read(secured, counter.prefix + REPLIES):
                await eventually(lambda: not one.ready, "it is noticed")
                with pytest.raises(BrokerAway, match="replies cannot be read"):
                    await ask(one, "meanwhile")
            await eventually(lambda: one.ready, "it may read again")
            assert await ask(one, "after", 20.0) == b"re after"

    asyncio.run(main())
