"""docker/reviews-cronjob.yaml against the program and what a restricted namespace lets in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from streams.reviews.config import read_config
from streams.reviews.day import parse_at, zone_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker" / "reviews-cronjob.yaml").read_text(encoding="utf-8")
DOCUMENTS: dict[str, dict[str, Any]] = {d["kind"]: d for d in yaml.safe_load_all(TEXT)}
CRON: dict[str, Any] = DOCUMENTS["CronJob"]["spec"]
JOB: dict[str, Any] = CRON["jobTemplate"]["spec"]
POD: dict[str, Any] = JOB["template"]["spec"]
(CONTAINER,) = POD["containers"]
CONFIG: str = DOCUMENTS["ConfigMap"]["data"]["reviews.toml"]


def mounts() -> dict[str, dict[str, Any]]:
    return {mount["name"]: mount for mount in CONTAINER["volumeMounts"]}


def volumes() -> dict[str, dict[str, Any]]:
    return {volume["name"]: volume for volume in POD["volumes"]}


def test_the_kinds_and_their_versions() -> None:
    versions = {kind: document["apiVersion"] for kind, document in DOCUMENTS.items()}
    assert versions == {"ConfigMap": "v1", "PersistentVolumeClaim": "v1", "CronJob": "batch/v1"}


def test_it_reads_the_file_and_the_secret_that_are_mounted(tmp_path: Path) -> None:
    secrets = mounts()["secrets"]["mountPath"]
    assert secrets in CONFIG
    file = tmp_path / "reviews.toml"
    file.write_text(CONFIG.replace(secrets, str(tmp_path)), encoding="utf-8")
    (tmp_path / "reviews-url").write_text("postgresql://u:w@db/shop\n")
    config = read_config(file, {})
    assert config.zone.key == CRON["timeZone"]
    assert config.out.is_relative_to(mounts()["nights"]["mountPath"])
    args: list[str] = CONTAINER["args"]
    assert args[:4] == ["reviews", "run", "--date", "yesterday"]
    assert args[args.index("--config") + 1] == f"{mounts()['config']['mountPath']}/reviews.toml"


def test_it_runs_when_the_day_is_over_and_never_twice_at_once() -> None:
    minute, hour, *rest = CRON["schedule"].split()
    assert rest == ["*", "*", "*"]
    assert parse_at(f"{int(hour):02}:{int(minute):02}").hour < 6
    assert zone_of(CRON["timeZone"])
    assert CRON["concurrencyPolicy"] == "Forbid"
    # Later than that it would be another date.
    assert int(hour) * 3600 + CRON["startingDeadlineSeconds"] < 86_400
    assert JOB["activeDeadlineSeconds"] < 86_400
    assert POD["restartPolicy"] == "Never"


def test_a_restricted_namespace_lets_it_in() -> None:
    pod, container = POD["securityContext"], CONTAINER["securityContext"]
    assert pod["runAsNonRoot"] is True
    assert pod["runAsUser"] == 10001
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert POD["automountServiceAccountToken"] is False
    assert {"requests", "limits"} == CONTAINER["resources"].keys()
    assert all({"cpu", "memory"} == asked.keys() for asked in CONTAINER["resources"].values())


def test_every_mount_has_a_volume_and_every_volume_its_object() -> None:
    assert mounts().keys() == volumes().keys()
    own = DOCUMENTS["CronJob"]["metadata"]["name"]
    claim = volumes()["nights"]["persistentVolumeClaim"]["claimName"]
    assert claim == DOCUMENTS["PersistentVolumeClaim"]["metadata"]["name"] == own
    assert volumes()["config"]["configMap"]["name"] == DOCUMENTS["ConfigMap"]["metadata"]["name"]
    assert f"secret generic {volumes()['secrets']['secret']['secretName']} " in TEXT
