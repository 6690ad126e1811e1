"""compose.yaml against the program, the embedded broker, and Kafka itself."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from schemas.topics import REPLIES, TOPICS
from sinks.cluster import Cluster, Secret
from sinks.console import Console, Guard
from streams.broker.jars import fetch, kafka_version, read_lock
from streams.broker.java import find_java
from streams.broker.paths import default_cache, default_home
from streams.broker.properties import server_properties
from streams.cli import main
from streams.cli.sinks import HEALTH_PORT
from streams.requests.places import take_place
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
HEALTH = {
    "worker": 9464,
    "enrich": 9465,
    "sinks": 9466,
    "changes": 9467,
    "gateway": 9468,
    "assistant-worker": 9471,
}
"""Services with a health port, and the port that is usual for it."""
SERVE = (*HEALTH, "console", "reviews")
"""Services that run for ever."""
OURS = ("topics", *SERVE)
ASKED_FOR = ("assistant", "changes", "console", "reviews", "sinks")
"""Profiles of what needs a secret or a file first, and starts only if its profile is named."""
ASSISTANT = ("gateway", "assistant-worker")


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
    for name in OURS:
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


def test_all_are_of_one_image_and_take_the_same_settings() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {"groundswell:local"}
    assert all(SERVICES[name]["env_file"] == SERVICES["topics"]["env_file"] for name in OURS)


def test_what_needs_nothing_starts_at_once_and_the_rest_when_asked_for() -> None:
    asked = {name: service for name, service in SERVICES.items() if "profiles" in service}
    assert {profile for service in asked.values() for profile in service["profiles"]} == {
        *ASKED_FOR
    }
    for name, service in asked.items():
        assert service["profiles"] == ["assistant" if name in ASSISTANT else name]


def test_a_stop_is_given_the_time_it_may_take() -> None:
    for name in SERVE:
        assert seconds(SERVICES[name]["stop_grace_period"]) >= STOP_TIMEOUT + 5


@pytest.mark.parametrize("name", OURS)
def test_the_commands_exist(name: str) -> None:
    done = CliRunner().invoke(main, [*SERVICES[name]["command"], "--help"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", OURS)
def test_what_it_is_told_are_settings(name: str) -> None:
    told = {n.removeprefix("GROUNDSWELL_").lower() for n in SERVICES[name]["environment"]}
    # The place of files is no setting.
    assert told <= {*Settings.__struct_fields__, "home"}


@pytest.mark.parametrize(("name", "usual"), HEALTH.items())
def test_the_health_port_is_asked_by_the_image_and_published_where_it_listens(
    name: str, usual: int
) -> None:
    environment = SERVICES[name]["environment"]
    assert "healthcheck" not in SERVICES[name], "the image has one, which asks GROUNDSWELL_PORT"
    assert environment["GROUNDSWELL_PORT"] == str(usual) == listens(name)
    assert environment["GROUNDSWELL_HOST"] == "0.0.0.0"
    assert SERVICES[name]["ports"][-1].split(":")[1:] == [str(usual)] * 2


def listens(name: str) -> str:
    """The health port as the service's own setting or option has it."""
    if name == "sinks":
        command: list[str] = SERVICES[name]["command"]
        return command[command.index("--port") + 1]
    own = {
        "worker": "",
        "enrich": "ENRICH_",
        "changes": "CHANGES_HEALTH_",
        "gateway": "GATEWAY_HEALTH_",
        "assistant-worker": "ASSISTANT_",
    }[name]
    return str(SERVICES[name]["environment"][f"GROUNDSWELL_{own}PORT"])


def test_the_ports_are_those_without_compose() -> None:
    settings = Settings()
    usual = {
        "worker": settings.port,
        "enrich": settings.enrich_port,
        "sinks": HEALTH_PORT,
        "changes": settings.changes_health_port,
        "gateway": settings.gateway_health_port,
        "assistant-worker": settings.assistant_port,
    }
    assert usual == HEALTH
    assert SERVICES["changes"]["environment"]["GROUNDSWELL_CHANGES_PORT"] == str(
        settings.changes_port
    )
    console = SERVICES["console"]["environment"]["GROUNDSWELL_CONSOLE_PORT"]
    assert console == str(settings.console_port)


def test_nothing_is_published_twice() -> None:
    taken = [p.split(":")[1] for service in SERVICES.values() for p in service.get("ports", [])]
    assert len(taken) == len(set(taken))


def test_the_webhook_of_changes_is_published_where_it_listens() -> None:
    environment = SERVICES["changes"]["environment"]
    taken = environment["GROUNDSWELL_CHANGES_PORT"]
    assert SERVICES["changes"]["ports"][0].split(":")[1:] == [taken, taken]
    assert environment["GROUNDSWELL_CHANGES_HOST"] == "0.0.0.0"


def test_the_gateway_is_published_where_it_listens_and_has_a_place_of_its_own(
    tmp_path: Path,
) -> None:
    environment = SERVICES["gateway"]["environment"]
    taken = environment["GROUNDSWELL_GATEWAY_PORT"]
    assert taken == str(Settings().gateway_port)
    assert SERVICES["gateway"]["ports"][0].split(":")[1:] == [taken, taken]
    assert environment["GROUNDSWELL_GATEWAY_HOST"] == "0.0.0.0"
    partitions = {topic.name: topic.partitions for topic in TOPICS}[REPLIES]
    place = environment["GROUNDSWELL_REPLY_PARTITION"]
    # The name of a container may end like that of a pod.
    with take_place(place, partitions, REPLIES, "compose-gateway-31", tmp_path) as held:
        assert str(held.partition) == place
    assert environment["GROUNDSWELL_HOME"] in [
        mount.split(":")[0] for mount in SERVICES["gateway"]["tmpfs"]
    ]


def test_the_made_up_bank_is_on_a_volume_that_it_may_write_to() -> None:
    worker = SERVICES["assistant-worker"]
    volume, folder = worker["volumes"][-1].split(":")
    assert volume in COMPOSE["volumes"]
    home = default_home({"GROUNDSWELL_HOME": worker["environment"]["GROUNDSWELL_HOME"]}).parent
    assert str(home) == folder
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
    assert f" /data {folder}\n" in dockerfile


def test_the_receivers_have_their_file_and_a_folder_that_they_may_write_to() -> None:
    receivers = SERVICES["sinks"]
    alerting, tables = (mount.split(":") for mount in receivers["volumes"])
    command = receivers["command"]
    assert command[command.index("--config") + 1] == f"{alerting[1]}/sinks.toml"
    assert alerting[2:] == ["ro"]
    assert tables[0] in COMPOSE["volumes"]
    # A new volume belongs to whom the folder of the image belongs to.
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
    (user,) = re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)
    assert f"--chown={user} /data {tables[1]}\n" in dockerfile


def test_the_token_of_the_console_comes_from_a_file_only() -> None:
    console = SERVICES["console"]
    (secret,) = console["secrets"]
    assert console["environment"]["GROUNDSWELL_CONSOLE_TOKEN_FILE"] == f"/run/secrets/{secret}"
    assert set(COMPOSE["secrets"][secret]) == {"file"}
    # Neither into the image nor into the history.
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{Path(COMPOSE['secrets'][secret]['file']).name}" in ignored


def test_the_health_check_of_the_console_needs_no_token() -> None:
    command = SERVICES["console"]["healthcheck"]["test"]
    port = SERVICES["console"]["environment"]["GROUNDSWELL_CONSOLE_PORT"]
    assert command[:3] == ["CMD", "python", "-c"]
    assert command[3].count(port) == 1

    async def check(port_now: int) -> int:
        program = command[3].replace(port, str(port_now))
        probe = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stderr=asyncio.subprocess.DEVNULL
        )
        return await probe.wait()

    async def codes() -> list[int]:
        guard = Guard("0.0.0.0", Secret("a token of the console"))
        console = Console(Cluster("127.0.0.1:1"), "", "groundswell", guard)
        taken = await console.start("127.0.0.1", 0)
        alive = await check(taken)
        await console.stop()
        return [alive, await check(taken)]

    assert asyncio.run(codes()) == [0, 1]


def test_the_example_names_every_variable_and_only_settings_that_are_free() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    others = {name for name in named if not name.startswith("GROUNDSWELL_")}
    assert others == {"COMPOSE_PROFILES", *re.findall(r"\$\{(\w+)", TEXT)}
    settings = {name.removeprefix("GROUNDSWELL_").lower() for name in set(named) - others}
    assert settings <= set(Settings.__struct_fields__)
    fixed = {setting for name in SERVE for setting in SERVICES[name]["environment"]}
    assert not fixed & set(named)
    assert f"#COMPOSE_PROFILES={','.join(ASKED_FOR)}" in example
    assert "those that compose.yaml fixes for one service" in example


@pytest.mark.broker
@pytest.mark.slow
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
