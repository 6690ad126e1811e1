"""What is installed: the locks, our short names, and the wheel on its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [
    p.removesuffix("*") for p in PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
]


def locked(name: str) -> dict[str, set[str]]:
    """Requirement line to its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.findall(r"^(\S+==[^\\\n]+?) \\\n((?: +--hash=\S+(?: \\)?\n)+)", text, re.MULTILINE)
    return {pin: set(re.findall(r"sha256:\w+", hashes)) for pin, hashes in entries}


def test_no_dependency_owns_one_of_our_names() -> None:
    owners = packages_distributions()
    for name in PACKAGES:
        assert set(owners.get(name, [])) <= {"groundswell"}, name
    assert owners["streams"], "the project itself is installed"


def test_the_image_runs_what_was_tested() -> None:
    run, tested = locked("requirements-run.lock"), locked("requirements.lock")
    assert run
    # The pins may carry other markers, since fewer packages ask for them.
    versions = {pin.split(" ;")[0]: hashes for pin, hashes in tested.items()}
    for pin, hashes in run.items():
        assert versions[pin.split(" ;")[0]] == hashes, pin


def test_the_image_gets_what_the_stream_needs_and_no_tools() -> None:
    names = {pin.split("==")[0] for pin in locked("requirements-run.lock")}
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["stream"]]
    assert {re.split(r"[\[<>=~ ]", requirement)[0] for requirement in wanted} <= names
    assert not names & {"pytest", "ruff", "mypy", "hypothesis"}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-run.lock"])
def test_a_lock_names_no_index(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def sources() -> list[str]:
    """Every file of our packages."""
    return sorted(
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    )


@pytest.mark.slow
def test_the_wheel_holds_every_file_and_works_without_the_checkout(tmp_path: Path) -> None:
    checkout, site = tmp_path / "checkout", tmp_path / "site"
    # A copy: a build leaves files behind, and takes up those of the last one.
    for name in ["pyproject.toml", "README.md", *sources()]:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, checkout / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", tmp_path, checkout], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in sorted(names) if ".dist-info/" not in name] == sources()

    subprocess.run([*pip, "install", "--no-deps", "--target", site, wheel], check=True)

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(site)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    command = site / "bin" / "groundswell"
    assert run("-c", "import streams; print(streams.__file__)").startswith(str(site))
    assert "worker" in run(command, "--help")
    assert "dead-letters" in run(command, "topics", "list")
    assert "messages on 6 topics" in run(command, "simulate", "--hours", "0.5", "--out", "run")
