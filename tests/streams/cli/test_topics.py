import pytest

from schemas.topics import TOPICS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.broker.machine import free_port
from tests.streams.cli.running import fail, run

broker = pytest.mark.broker


@broker
def test_check_create_and_check_again(bootstrap: str, prefix: str) -> None:
    where = ("--bootstrap", bootstrap, "--prefix", prefix)
    before = run("topics", "check", *where)
    assert before.exit_code == 1
    assert before.stdout.splitlines() == [f"{prefix}{topic.name}: missing" for topic in TOPICS]
    assert before.stderr == (
        f"groundswell: {len(TOPICS)} differences; groundswell topics create adds what misses\n"
    )
    created = run("topics", "create", *where, "--partitions", "5")
    assert created.exit_code == 0
    assert created.stdout.splitlines()[0] == f"created {len(TOPICS)} topics"
    again = run("topics", "create", *where[2:], env={"GROUNDSWELL_BOOTSTRAP": bootstrap})
    assert again.stdout == "created 0 topics\n"
    after = run("topics", "check", *where)
    assert (after.exit_code, after.stdout) == (0, "all topics are as the table says\n")
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    assert admin.existing()[prefix + "signals"] == 5
    admin.delete()


def test_the_table_is_printed() -> None:
    shown = run("topics", "list").stdout
    assert all(topic.name in shown for topic in TOPICS)


@pytest.mark.slow
def test_a_broker_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.admin._TIMEOUT", 0.3)
    address = f"127.0.0.1:{free_port()}"
    for command in ("create", "check"):
        line = fail("topics", command, "--bootstrap", address)
        assert line.startswith(f"no Kafka answers at {address}: start it, give --bootstrap")


def test_a_wrong_prefix_is_named() -> None:
    line = fail("topics", "create", "--prefix", "no blanks")
    assert line.startswith("setting prefix (from --prefix): ")
    line = fail("topics", "create", env={"GROUNDSWELL_PREFIX": "no blanks"})
    assert line.startswith("setting prefix (from GROUNDSWELL_PREFIX): ")


def test_partitions_are_at_least_one() -> None:
    result = run("topics", "create", "--partitions", "0")
    assert result.exit_code == 2


def test_security_without_an_address_does_not_end_at_the_embedded_broker() -> None:
    env: dict[str, str | None] = {
        "GROUNDSWELL_BOOTSTRAP": None,
        "GROUNDSWELL_SECURITY_PROTOCOL": "SSL",
    }
    assert fail("topics", "check", env=env).startswith("setting bootstrap: security_protocol SSL ")
