from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Message, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from streams.broker import server
from streams.broker.errors import ChooseHomeError, ChoosePortError, FreeDiskError, ReadLogError
from streams.broker.machine import free_port
from streams.broker.process import ServerProcess, wait_until
from streams.broker.server import EmbeddedBroker

ENSURE = """
import sys; from pathlib import Path; from streams.broker import EmbeddedBroker
print(EmbeddedBroker(Path(sys.argv[1]), port=int(sys.argv[2]) or None).ensure(), flush=True)
"""


def ensure_elsewhere(home: Path, port: int = 0) -> subprocess.Popen[str]:
    """Another Python process that ensures the broker of `home`, prints its address and exits."""
    command = [sys.executable, "-c", ENSURE, str(home), str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def create_topic(bootstrap: str, **config: str) -> str:
    name = f"t-{uuid.uuid4().hex[:8]}"
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, 1, 1, config=config)])[name].result(10)
    return name


def produce(bootstrap: str, topic: str, *values: bytes) -> None:
    refused: list[object] = []

    def delivered(error: object, _message: Message) -> None:
        if error is not None:
            refused.append(error)

    producer = Producer({"bootstrap.servers": bootstrap, "message.max.bytes": 11_000_000})
    for value in values:
        producer.produce(topic, value, on_delivery=delivered)
    assert producer.flush(20) == 0
    assert refused == []


def consume(bootstrap: str, topic: str, count: int) -> list[bytes]:
    """The first `count` values of a topic, read by a new consumer group."""
    settings = {"group.id": f"g-{topic}", "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": bootstrap, "session.timeout.ms": 6000, **settings})
    consumer.subscribe([topic])
    values: list[bytes] = []

    def complete() -> bool:
        values.extend(m.value() or b"" for m in consumer.consume(count - len(values), 1.0))
        return len(values) == count

    assert wait_until(complete, 30)
    consumer.close()
    return values


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """A broker whose home would trip careless quoting; tests may stop it."""
    broker = EmbeddedBroker(tmp_path_factory.mktemp("home") / "über, 李" / "broker")
    try:
        yield broker
    finally:
        broker.wipe()


@pytest.mark.broker
@pytest.mark.slow
def test_topics_are_made_written_and_read(broker: EmbeddedBroker) -> None:
    bootstrap = broker.ensure()
    topic = create_topic(bootstrap)
    produce(bootstrap, topic, b"a", b"b")
    assert consume(bootstrap, topic, 2) == [b"a", b"b"]


@pytest.mark.broker
def test_ensure_starts_only_one(broker: EmbeddedBroker) -> None:
    lines: list[str] = []
    bootstrap = broker.ensure()
    before = broker.status()
    assert broker.ensure(lines.append) == bootstrap
    assert broker.status().pid == before.pid
    assert lines == []


@pytest.mark.broker
def test_a_message_of_10_mb(broker: EmbeddedBroker) -> None:
    bootstrap = broker.ensure()
    topic = create_topic(bootstrap)
    # Random bytes: what is compressed on the way would be no proof.
    value = os.urandom(10_000_000)
    produce(bootstrap, topic, value)
    assert consume(bootstrap, topic, 1) == [value]


@pytest.mark.broker
def test_a_missing_topic_is_not_made_by_reading(broker: EmbeddedBroker) -> None:
    admin = AdminClient({"bootstrap.servers": broker.ensure()})
    admin.list_topics("t-missing", timeout=10)
    assert "t-missing" not in admin.list_topics(timeout=10).topics


@pytest.mark.broker
def test_status_says_what_it_takes(broker: EmbeddedBroker) -> None:
    bootstrap = broker.ensure()
    status = broker.status()
    assert (status.running, status.bootstrap, status.version) == (True, bootstrap, "4.1.1")
    assert status.disk_bytes > 0
    assert status.resident_bytes is not None
    assert 50e6 < status.resident_bytes < 420e6


@pytest.mark.broker
@pytest.mark.slow
def test_data_and_port_survive_stop_and_start(broker: EmbeddedBroker) -> None:
    bootstrap = broker.ensure()
    topic = create_topic(bootstrap)
    produce(bootstrap, topic, b"kept")
    broker.stop()
    assert broker.status().running is False
    assert broker.status().bootstrap is None
    broker.stop()
    assert broker.ensure() == bootstrap
    assert consume(bootstrap, topic, 1) == [b"kept"]


@pytest.mark.broker
@pytest.mark.slow
def test_a_killed_broker_is_replaced_and_recovers(broker: EmbeddedBroker) -> None:
    bootstrap = broker.ensure()
    topic = create_topic(bootstrap)
    produce(bootstrap, topic, b"written before the kill")
    pid = broker.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not broker.status().running, 5)
    assert broker.ensure() == bootstrap
    assert broker.status().pid != pid
    assert consume(bootstrap, topic, 1) == [b"written before the kill"]


@pytest.mark.broker
def test_another_port_than_the_running_one(broker: EmbeddedBroker) -> None:
    bootstrap = broker.ensure()
    home = broker.status().data.parent
    with pytest.raises(ChoosePortError, match=f"already runs at {bootstrap}: stop it first"):
        EmbeddedBroker(home, port=free_port()).ensure()
    assert broker.status().running


@pytest.mark.broker
def test_a_broker_that_hangs_is_ended_by_force(broker: EmbeddedBroker) -> None:
    broker.ensure()
    pid = broker.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    broker.stop(timeout=0.2)
    assert not broker.status().running


@pytest.mark.broker
@pytest.mark.slow
def test_two_processes_at_once_share_one_that_outlives_them(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    try:
        both = [ensure_elsewhere(tmp_path), ensure_elsewhere(tmp_path)]
        answers = [process.communicate(timeout=60) for process in both]
        assert [error for _, error in answers] == ["", ""]
        assert len({address for address, _ in answers}) == 1
        assert broker.status().bootstrap == answers[0][0].strip() == broker.ensure()
        broker.wipe()
        assert not broker.status().data.exists()
        assert not broker.status().running
        broker.wipe()
    finally:
        broker.wipe()


@pytest.mark.broker
@pytest.mark.slow
def test_ctrl_c_during_the_start_leaves_no_process(tmp_path: Path) -> None:
    starting = ensure_elsewhere(tmp_path)
    process = ServerProcess(tmp_path)
    assert wait_until(process.alive, 30)
    starting.send_signal(signal.SIGINT)
    output, error = starting.communicate(timeout=30)
    assert output == ""
    assert "KeyboardInterrupt" in error
    assert not process.alive()


@pytest.mark.broker
@pytest.mark.slow
def test_a_server_that_dies_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "port_is_free", lambda _port: True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        broker = EmbeddedBroker(tmp_path, port=other.getsockname()[1])
        with pytest.raises(ReadLogError, match=r"Address already in use \(see .*broker\.log"):
            broker.ensure()
    assert not broker.status().running


@pytest.mark.broker
def test_flags_of_ones_own_reach_the_server(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path, port=free_port(), flags=("-XX:+NoSuchFlag",))
    with pytest.raises(ReadLogError, match=r"^Kafka cannot prepare .*fatal exception"):
        broker.ensure()


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ChoosePortError, match=f"^port {port} is taken: choose another --port"):
            EmbeddedBroker(tmp_path, port=port).ensure()


def test_no_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "free_bytes", lambda _directory: 100 * 1024 * 1024)
    with pytest.raises(FreeDiskError, match=r"^only 100 MB free at .*: free 512 MB"):
        EmbeddedBroker(tmp_path).ensure()


def test_a_home_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ChooseHomeError, match="choose another --home"):
        EmbeddedBroker(tmp_path / "file" / "home").ensure()


def test_stop_and_wipe_touch_nothing_that_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "kafka-data").mkdir()
    (tmp_path / "server.properties").touch()
    EmbeddedBroker(tmp_path).wipe()
    EmbeddedBroker(tmp_path / "missing").stop()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kafka-data", "server.properties"]
