"""compose.yaml against the program, the embedded broker, and Kafka itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from schemas.topics import TOPICS
from streams.broker.jars import fetch, kafka_version, read_lock
from streams.broker.java import find_java
from streams.broker.paths import default_cache
from streams.broker.properties import server_properties
from streams.cli import main
from streams.settings import Settings
from streams.transport.worker import STOP_TIMEOUT

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")

# What the image's scripts read themselves instead of passing it to the broker.
FOR_THE_SCRIPTS = {"KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS"}

# Addresses and directories: these differ between a process and a container.
PLACES = {
    "advertised.listeners",
    "controller.quorum.voters",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "listeners",
    "log.dirs",
}


def interpolated(text: str) -> str:
    """Compose's `${NAME:-default}` without any environment."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


COMPOSE: dict[str, Any] = yaml.safe_load(interpolated(TEXT))
SERVICES: dict[str, Any] = COMPOSE["services"]
BROKER = SERVICES["broker"]
SERVE = {"worker": "GROUNDSWELL_PORT", "enrich": "GROUNDSWELL_ENRICH_PORT"}
"""Services that run for ever, and the setting of their health port."""


def rendered() -> dict[str, str]:
    """The server.properties that the image makes of its KAFKA_* variables."""
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in BROKER["environment"].items()
        if name.startswith("KAFKA_") and name not in FOR_THE_SCRIPTS
    }


def addresses(listed: str) -> dict[str, str]:
    """Listener to host:port, from "NAME://host:port,..."."""
    return dict(entry.split("://") for entry in listed.split(","))


def seconds(duration: str) -> int:
    assert duration.endswith("s")
    return int(duration.removesuffix("s"))


def test_the_broker_is_the_embedded_one_but_for_places() -> None:
    embedded = dict(line.split("=", 1) for line in server_properties(1, 2).splitlines())
    ours = rendered()
    assert {k: v for k, v in ours.items() if k not in PLACES} == {
        k: v for k, v in embedded.items() if k not in PLACES
    }


def test_it_is_the_embedded_version_of_kafka() -> None:
    assert BROKER["image"] == f"apache/kafka:{kafka_version(read_lock())}"


def test_a_request_may_hold_the_largest_message_of_any_topic() -> None:
    largest = max(topic.max_message_bytes for topic in TOPICS)
    assert int(rendered()["socket.request.max.bytes"]) > largest


def test_the_listeners_agree() -> None:
    properties = rendered()
    listening = addresses(properties["listeners"])
    advertised = addresses(properties["advertised.listeners"])
    protocols = dict(p.split(":") for p in properties["listener.security.protocol.map"].split(","))
    assert listening.keys() == protocols.keys()
    assert listening.keys() - advertised.keys() == {properties["controller.listener.names"]}
    controller = listening[properties["controller.listener.names"]]
    voter = f"{properties['node.id']}@broker{controller}"
    assert properties["controller.quorum.voters"] == voter
    inside = properties["inter.broker.listener.name"]
    assert advertised[inside] == f"broker{listening[inside]}"
    host, published, inner = BROKER["ports"][0].split(":")
    assert advertised["PLAINTEXT_HOST"] == f"{host}:{published}"
    assert listening["PLAINTEXT_HOST"] == f":{inner}"


def test_everybody_inside_uses_the_inner_listener() -> None:
    inside = addresses(rendered()["advertised.listeners"])["PLAINTEXT"]
    assert BROKER["healthcheck"]["test"][-1] == inside
    for name in ("topics", "sinks", *SERVE):
        assert SERVICES[name]["environment"]["GROUNDSWELL_BOOTSTRAP"] == inside


def test_the_data_is_on_a_named_volume() -> None:
    (mount,) = BROKER["volumes"]
    volume, folder = mount.split(":")
    assert volume in COMPOSE["volumes"]
    assert rendered()["log.dirs"] == folder


def test_what_the_broker_must_write_and_run_is_allowed() -> None:
    folders = dict(entry.split(":") for entry in BROKER["tmpfs"])
    # Docker mounts a tmpfs as root's and noexec, with the mode of the folder below it.
    assert {"uid=1000", "gid=1000"} <= set(folders["/opt/kafka/config"].split(","))
    assert "exec" in folders["/tmp"].split(",")
    assert BROKER["environment"]["LOG_DIR"] in folders


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_can_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert "privileged" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_order_of_the_start() -> None:
    assert SERVICES["topics"]["depends_on"] == {"broker": {"condition": "service_healthy"}}
    assert SERVICES["topics"]["restart"] == "no"
    for name in SERVE:
        assert SERVICES[name]["depends_on"] == {
            "broker": {"condition": "service_healthy"},
            "topics": {"condition": "service_completed_successfully"},
        }
        assert SERVICES[name]["restart"] == "unless-stopped"


def test_what_serves_has_the_health_check_of_the_image() -> None:
    assert SERVICES["topics"]["healthcheck"] == {"disable": True}
    for name in SERVE:
        assert "healthcheck" not in SERVICES[name]


def test_a_stop_is_given_the_time_it_may_take() -> None:
    assert seconds(SERVICES["worker"]["stop_grace_period"]) >= STOP_TIMEOUT + 5


@pytest.mark.parametrize("name", ["topics", "sinks", *SERVE])
def test_the_commands_exist(name: str) -> None:
    done = CliRunner().invoke(main, [*SERVICES[name]["command"], "--help"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(("name", "setting"), SERVE.items())
def test_the_health_port_is_published_where_it_listens_and_is_asked(
    name: str, setting: str
) -> None:
    environment = SERVICES[name]["environment"]
    (port,) = SERVICES[name]["ports"]
    assert port.rpartition(":")[2] == environment[setting]
    # The health check of the image asks the worker's setting, whoever listens there.
    assert environment["GROUNDSWELL_PORT"] == environment[setting]
    assert environment["GROUNDSWELL_HOST"] == "0.0.0.0"


def test_the_webhook_of_changes_is_asked_for_and_published_where_it_listens() -> None:
    service = SERVICES["changes"]
    assert service["profiles"] == ["changes"], "it does not start without a secret"
    environment = service["environment"]
    health, taken = environment["GROUNDSWELL_PORT"], environment["GROUNDSWELL_CHANGES_PORT"]
    assert environment["GROUNDSWELL_CHANGES_HEALTH_PORT"] == health
    assert [port.rpartition(":")[2] for port in service["ports"]] == [taken, health]
    assert {int(taken), int(health)} == {Settings().changes_port, Settings().changes_health_port}
    assert service["depends_on"] == SERVICES["worker"]["depends_on"]


def test_the_receivers_are_asked_for_and_listen_where_the_health_check_asks() -> None:
    receivers = SERVICES["sinks"]
    assert receivers["profiles"] == ["sinks"]
    command = receivers["command"]
    assert command[command.index("--port") + 1] == receivers["environment"]["GROUNDSWELL_PORT"]
    folder = receivers["volumes"][0].split(":")[1]
    assert command[command.index("--config") + 1].startswith(folder)


def test_the_example_names_every_variable_and_only_settings_that_are_free() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    ports = {name for name in named if not name.startswith("GROUNDSWELL_")}
    assert ports == set(re.findall(r"\$\{(\w+)", TEXT))
    settings = {name.removeprefix("GROUNDSWELL_").lower() for name in set(named) - ports}
    assert settings <= set(Settings.__struct_fields__)
    fixed = {setting for name in SERVE for setting in SERVICES[name]["environment"]}
    assert not fixed & set(named)
    assert "those that compose.yaml fixes for one service" in example


@pytest.mark.broker
def test_kafka_takes_the_configuration(tmp_path: Path) -> None:
    properties = tmp_path / "server.properties"
    ours = rendered() | {"log.dirs": str(tmp_path / "data")}
    properties.write_text("".join(f"{key}={value}\n" for key, value in ours.items()))
    jars = fetch(read_lock(), default_cache(), lambda _: None)
    cluster = BROKER["environment"]["CLUSTER_ID"]
    done = subprocess.run(
        [
            *(str(find_java().launcher), "-cp", os.pathsep.join(map(str, jars))),
            *("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", properties),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"cluster.id={cluster}" in (tmp_path / "data" / "meta.properties").read_text()


def _compose_is_there() -> bool:
    docker = shutil.which("docker")
    command = [docker or "", "compose", "version"]
    return bool(docker) and subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.skipif(not _compose_is_there(), reason="needs the compose plugin of docker")
def test_compose_takes_the_file() -> None:
    command = ["docker", "compose", "--file", str(ROOT / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
