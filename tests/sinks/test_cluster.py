import pytest

from sinks.cluster import Cluster, Secret


def test_a_secret_is_shown_nowhere_and_still_compares() -> None:
    secret = Secret("hunter2")
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret]), repr({secret: 1})):
        assert "hunter2" not in shown
    assert secret == Secret("hunter2") != Secret("other")
    assert len({secret, Secret("hunter2")}) == 1
    assert secret
    assert not Secret()
    assert secret.reveal() == "hunter2"


def test_who_knows_a_secret() -> None:
    secret = Secret("schlüssel")
    assert secret.is_known_to("schlüssel")
    for word in ("", "schlussel", "schlüsse", "\udcfc"):
        assert not secret.is_known_to(word)
    assert not Secret().is_known_to("")


def test_a_cluster_is_shown_without_its_password() -> None:
    cluster = Cluster("one:9092", "SASL_SSL", "PLAIN", "alice", Secret("hunter2"))
    assert str(cluster) == "one:9092"
    assert "alice" in repr(cluster)
    assert "hunter2" not in repr(cluster)


def test_without_security_there_is_an_address_and_nothing_else() -> None:
    cluster = Cluster("one:9092", username="alice", password=Secret("p"), ca_file="/nowhere")
    assert cluster.for_librdkafka() == {
        "bootstrap.servers": "one:9092",
        "security.protocol": "PLAINTEXT",
        "log_level": 0,
    }
    assert cluster.for_aiokafka() == {
        "bootstrap_servers": "one:9092",
        "security_protocol": "PLAINTEXT",
        "ssl_context": None,
    }


@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL", "SSL"])
def test_each_client_gets_the_same(protocol: str) -> None:
    cluster = Cluster("one:9092", protocol, "SCRAM-SHA-256", "alice", Secret("p"))
    ours, theirs = cluster.for_aiokafka(), cluster.for_librdkafka()
    assert ours["security_protocol"] == theirs["security.protocol"] == protocol
    for name, other in (
        ("sasl_mechanism", "sasl.mechanism"),
        ("sasl_plain_username", "sasl.username"),
        ("sasl_plain_password", "sasl.password"),
    ):
        assert ours.get(name) == theirs.get(other)
        assert (name in ours) == protocol.startswith("SASL")
    assert (ours["ssl_context"] is not None) == protocol.endswith("SSL")


def test_a_broker_must_show_a_certificate_of_its_name() -> None:
    context = Cluster("one:9092", "SSL").tls
    assert context is not None
    assert context.check_hostname
