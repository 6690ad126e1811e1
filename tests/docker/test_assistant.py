"""docker/assistant.yaml against the program and what a restricted namespace lets in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from schemas.topics import REPLIES, REQUESTS, TOPICS
from streams.cli import main
from streams.gateway.process import DRAIN_SECONDS
from streams.requests.places import take_place
from streams.settings import Settings, load
from streams.transport.worker import STOP_TIMEOUT

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker" / "assistant.yaml").read_text(encoding="utf-8")
DOCUMENTS: dict[tuple[str, str], dict[str, Any]] = {
    (d["kind"], d["metadata"]["name"]): d for d in yaml.safe_load_all(TEXT)
}
SETTINGS: dict[str, str] = DOCUMENTS["ConfigMap", "groundswell-assistant"]["data"]
GATEWAY = DOCUMENTS["StatefulSet", "groundswell-gateway"]["spec"]
WORKER = DOCUMENTS["Deployment", "groundswell-assistant"]["spec"]
PODS: dict[str, dict[str, Any]] = {
    "gateway": GATEWAY["template"]["spec"],
    "worker": WORKER["template"]["spec"],
}
LABELS: list[dict[str, str]] = [
    spec["template"]["metadata"]["labels"] for spec in (GATEWAY, WORKER)
]
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}
USUAL = Settings()
HEALTH = {"gateway": USUAL.gateway_health_port, "worker": USUAL.assistant_port}
EACH = pytest.mark.parametrize("name", PODS)


def container(name: str) -> dict[str, Any]:
    (only,) = PODS[name]["containers"]
    found: dict[str, Any] = only
    return found


def mounts(name: str) -> dict[str, str]:
    return {mount["name"]: mount["mountPath"] for mount in container(name)["volumeMounts"]}


def test_the_settings_are_settings_and_say_what_they_should() -> None:
    told = load(SETTINGS)
    assert told.security_protocol == "SASL_SSL"
    assert told.gateway_origins == ("https://app.bank.example",)
    names = {name.removeprefix("GROUNDSWELL_").lower() for name in SETTINGS}
    assert names <= {*Settings.__struct_fields__, "home"}


@EACH
def test_the_command_is_there(name: str) -> None:
    done = CliRunner().invoke(main, [*container(name)["args"], "--help"])
    assert done.exit_code == 0, done.output


def test_every_gateway_has_a_reply_partition_by_its_name(tmp_path: Path) -> None:
    assert "GROUNDSWELL_REPLY_PARTITION" not in SETTINGS
    assert "hostname" not in PODS["gateway"]
    for number in range(GATEWAY["replicas"]):
        host = f"groundswell-gateway-{number}"
        with take_place("auto", PARTITIONS[REPLIES], REPLIES, host, tmp_path) as place:
            assert place.partition == number
    assert f"At most {PARTITIONS[REPLIES] - 1}: assistant.replies has" in TEXT


def test_every_worker_has_a_partition() -> None:
    assert 1 < WORKER["replicas"] <= PARTITIONS[REQUESTS]
    assert f"At most {PARTITIONS[REQUESTS]}: as many" in TEXT


def test_a_stop_is_given_the_time_it_may_take() -> None:
    before: str = container("gateway")["lifecycle"]["preStop"]["exec"]["command"][-1]
    (pause,) = map(int, re.findall(r"sleep\((\d+)\)", before))
    assert PODS["gateway"]["terminationGracePeriodSeconds"] >= pause + DRAIN_SECONDS + 5
    assert PODS["worker"]["terminationGracePeriodSeconds"] >= STOP_TIMEOUT + 10


@EACH
def test_the_probes_ask_where_it_listens(name: str) -> None:
    ports = {port["name"]: port["containerPort"] for port in container(name)["ports"]}
    assert ports["health"] == HEALTH[name]
    assert ports.get("https", USUAL.gateway_port) == USUAL.gateway_port
    paths = {
        kind: container(name)[f"{kind}Probe"]["httpGet"]
        for kind in ("startup", "liveness", "readiness")
    }
    assert all(asked["port"] == "health" for asked in paths.values())
    assert [asked["path"] for asked in paths.values()] == ["/healthz", "/healthz", "/readyz"]


@EACH
def test_what_it_reads_is_mounted(name: str) -> None:
    others = {"gateway": "_BANK_", "worker": "_GATEWAY_"}[name]
    read = [v for k, v in SETTINGS.items() if k.endswith("_FILE") and others not in k]
    assert {str(Path(file).parent) for file in read} <= set(mounts(name).values())
    # Each is made by one of the commands above: a tls secret names its files itself.
    for file in (Path(one).name for one in read):
        assert re.search(rf"--(from-file={file}|cert={file}|key={file})( |$)", TEXT, re.MULTILINE)


def test_the_secrets_are_those_of_the_commands() -> None:
    made = re.findall(r"create (?:secret generic|secret tls|configmap) (\S+)", TEXT)
    used = {
        volume.get("secret", {}).get("secretName") or volume["configMap"]["name"]
        for pod in PODS.values()
        for volume in pod["volumes"]
        if "emptyDir" not in volume
    }
    assert used == set(made)
    (salt,) = container("worker")["env"]
    assert salt["name"] == "GROUNDSWELL_ASSISTANT_SALT"
    assert f"--from-literal={salt['valueFrom']['secretKeyRef']['key']}=" in TEXT


def test_what_opens_the_bank_is_the_workers() -> None:
    items = {
        name: [
            item["key"]
            for volume in PODS[name]["volumes"]
            for item in volume.get("secret", {}).get("items", ())
        ]
        for name in PODS
    }
    assert items == {"gateway": ["kafka-password"], "worker": ["kafka-password", "bank-token"]}
    assert "env" not in container("gateway")


@EACH
def test_a_restricted_namespace_lets_it_in(name: str) -> None:
    pod = PODS[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert {"requests", "limits"} == container(name)["resources"].keys()
    assert SETTINGS["GROUNDSWELL_HOME"] == mounts(name)["tmp"]


@EACH
def test_every_mount_has_a_volume(name: str) -> None:
    assert mounts(name).keys() == {volume["name"] for volume in PODS[name]["volumes"]}


def test_what_selects_pods_selects_ours() -> None:
    for (kind, name), document in DOCUMENTS.items():
        spec = document.get("spec", {})
        if kind == "Service":
            assert spec["selector"] == LABELS[0]
        elif kind == "NetworkPolicy":
            assert spec["podSelector"]["matchLabels"] == {"app": name}
        elif kind != "ConfigMap":
            assert spec["selector"]["matchLabels"] == {"app": name}
    assert GATEWAY["serviceName"] == "groundswell-gateways"
    assert LABELS[0] == {"app": "groundswell-gateway"}
    assert LABELS[1] == {"app": "groundswell-assistant"}


def test_who_may_reach_what() -> None:
    def ports(name: str, way: str) -> set[int]:
        rules = DOCUMENTS["NetworkPolicy", name]["spec"][way]
        return {port["port"] for rule in rules for port in rule["ports"]}

    kafka = int(SETTINGS["GROUNDSWELL_BOOTSTRAP"].rpartition(":")[2])
    assert ports("groundswell-gateway", "ingress") == {USUAL.gateway_port, HEALTH["gateway"]}
    assert ports("groundswell-assistant", "ingress") == {HEALTH["worker"]}
    for name in ("groundswell-gateway", "groundswell-assistant"):
        assert ports(name, "egress") == {kafka, 53, 443}
        assert DOCUMENTS["NetworkPolicy", name]["spec"]["policyTypes"] == ["Ingress", "Egress"]
        # Never without saying from where.
        assert all(rule["from"] for rule in DOCUMENTS["NetworkPolicy", name]["spec"]["ingress"])


def test_a_drain_of_nodes_leaves_somebody() -> None:
    for name, spec in (("groundswell-gateway", GATEWAY), ("groundswell-assistant", WORKER)):
        assert DOCUMENTS["PodDisruptionBudget", name]["spec"]["maxUnavailable"] < spec["replicas"]
