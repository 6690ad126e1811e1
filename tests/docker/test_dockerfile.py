"""docker/Dockerfile and .dockerignore against the project, and the health check at work."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from streams.broker.machine import free_port
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

Stage = list[tuple[str, str]]


def stages() -> list[Stage]:
    """(instruction, arguments) of every stage, lines joined, comments left out."""
    text = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found: list[Stage] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            if word == "FROM":
                found.append([])
            found[-1].append((word, rest))
    return found


BUILD, RUNTIME = stages()


def only(stage: Stage, instruction: str) -> str:
    (arguments,) = [rest for word, rest in stage if word == instruction]
    return arguments


def assigned(stage: Stage, instruction: str) -> dict[str, str]:
    """NAME to value of ENV or LABEL."""
    pairs = re.findall(r'([\w.]+)=(?:"([^"]*)"|(\S+))', only(stage, instruction))
    return {name: quoted or plain for name, quoted, plain in pairs}


def test_both_stages_have_one_pinned_base() -> None:
    base = only(RUNTIME, "FROM")
    assert only(BUILD, "FROM") == f"{base} AS build"
    assert re.fullmatch(r"python:3\.\d+-slim", base)


def test_the_packages_are_those_of_the_lock() -> None:
    installs = [rest for word, rest in BUILD if word == "RUN" and " install " in rest]
    packages, project = installs
    assert packages.endswith("install --require-hashes -r requirements-run.lock")
    assert project.endswith("install --no-deps .")


def test_only_the_environment_reaches_the_image() -> None:
    runs = [rest for word, rest in BUILD if word == "RUN"]
    environment, folder = re.findall(r"/\S+", runs[0])
    assert runs[0] == f"python -m venv --without-pip {environment} && mkdir {folder}"
    assert all(run.startswith(f"pip --python {environment} ") for run in runs[1:])
    copied, empty = [rest for word, rest in RUNTIME if word == "COPY"]
    assert copied == f"--from=build {environment} {environment}"
    assert empty.startswith(f"--from=build --chown={only(RUNTIME, 'USER')} {folder} ")
    assert not {"RUN", "ADD"} & {word for word, _ in RUNTIME}
    assert assigned(RUNTIME, "ENV")["PATH"] == f"{environment}/bin:$PATH"


def test_it_runs_our_command_as_nobody_in_particular() -> None:
    (script,) = json.loads(only(RUNTIME, "ENTRYPOINT"))
    assert script in PYPROJECT["project"]["scripts"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", only(RUNTIME, "USER"))
    assert only(RUNTIME, "STOPSIGNAL") == "SIGTERM"


def test_the_labels_are_the_projects() -> None:
    labels = assigned(RUNTIME, "LABEL")
    prefix = "org.opencontainers.image."
    assert labels[prefix + "title"] == PYPROJECT["project"]["name"]
    assert labels[prefix + "description"] == PYPROJECT["project"]["description"]
    assert labels[prefix + "version"] == PYPROJECT["project"]["version"]


def test_the_port_is_the_workers() -> None:
    environment = assigned(RUNTIME, "ENV")
    assert environment["GROUNDSWELL_HOST"] == "0.0.0.0"
    assert environment["GROUNDSWELL_PORT"] == only(RUNTIME, "EXPOSE") == str(Settings().port)


def test_the_context_is_what_the_build_needs() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    packages = {
        p.removesuffix("*") for p in PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    files = {"pyproject.toml", PYPROJECT["project"]["readme"], "requirements-run.lock"}
    assert patterns[0] == "*"
    assert {p[1:] for p in patterns if p.startswith("!")} == packages | files
    assert "**/__pycache__" in patterns


def test_the_health_check_tells_a_worker_that_lives_from_one_that_is_stuck() -> None:
    command = json.loads(only(RUNTIME, "HEALTHCHECK").partition("CMD ")[2])
    assert command[0] == "python"
    # A proxy that nobody answers at: it must not be asked.
    nobody = f"http://127.0.0.1:{free_port()}"
    now = 0.0

    async def check(port: int) -> int:
        environment = os.environ | {"GROUNDSWELL_PORT": str(port), "http_proxy": nobody}
        probe = await asyncio.create_subprocess_exec(
            sys.executable, *command[1:], env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        return await probe.wait()

    async def codes() -> list[int]:
        nonlocal now
        server = HealthServer(Liveness(60.0, lambda: now), Metrics())
        port = await server.start("127.0.0.1", 0)
        alive = await check(port)
        now = 61.0
        stuck = await check(port)
        await server.stop()
        return [alive, stuck, await check(port)]

    assert asyncio.run(codes()) == [0, 1, 1]
