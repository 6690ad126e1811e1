"""The commands of the vault, as a person types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge.vault import Cost, vault
from tests.support.edge import CHEAP, PASSPHRASE, edge

NEW = "a later phrase"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands have no option for a cheap key."""
    monkeypatch.setattr(vault, "Cost", lambda: CHEAP)
    assert Cost().memory_kib == 65536


def test_from_the_first_to_the_last(tmp_path: Path) -> None:
    home, file = tmp_path / "edge", tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def run(*arguments: str | Path, typed: str = PASSPHRASE + "\n", fails: bool = False) -> str:
        done = edge(*arguments, home=home, typed=typed)
        assert done.exit_code == (1 if fails else 0), done.output
        assert "Traceback" not in done.output
        return done.output

    assert "vault create" in run("vault", "status", fails=True)
    assert "at least 8" in run("vault", "create", typed="short\n", fails=True)
    assert "user doctor" in run("vault", "create")
    assert "has a vault already" in run("vault", "create", fails=True)
    assert "no passphrase was given" in run("vault", "unlock-test", typed="", fails=True)
    added = run("patients", "add", typed=f"{PASSPHRASE}\n张三\nmale\n1960\nA1\n").split()[-1]
    assert "0 patients" not in run("vault", "unlock-test", "--passphrase-file", file, typed="")
    assert added in run("patients", "list")
    assert "张三" in run("patients", "show", added)
    twin = run("patients", "add", typed=f"{PASSPHRASE}\n张三\nmale\n1960\n\n")
    assert f"maybe the same: {added}" in twin
    run("patients", "merge", added, twin.split()[-1])
    assert "added nurse" in run("vault", "users", "add", "nurse", typed=f"{PASSPHRASE}\n{NEW}\n")
    assert "--user" in run("vault", "unlock-test", fails=True)
    assert run("vault", "users", "list").split() == ["doctor", "nurse"]
    assert "removed doctor" in run(
        "vault", "users", "remove", "doctor", "--user", "nurse", typed=NEW + "\n"
    )
    assert "last user" in run("vault", "users", "remove", "nurse", typed=NEW + "\n", fails=True)
    assert "changed for nurse" in run("vault", "passphrase", typed=f"{NEW}\n{PASSPHRASE}\n")
    assert "wrong user or passphrase" in run("vault", "unlock-test", typed=NEW + "\n", fails=True)
    assert "wait" in run("vault", "unlock-test", fails=True)
    assert "wait" in run("vault", "status")
    (home / "tries.json").unlink()
    backup = tmp_path / "backup"
    assert "MB" in run("vault", "backup", backup)
    assert "deleted" in run("patients", "delete", added, typed=PASSPHRASE + "\ny\n")
    assert "no patient" in run("patients", "show", added, fails=True)
    assert "--replace" in run("vault", "restore", backup, fails=True)
    assert "restored" in run("vault", "restore", backup, "--replace")
    assert "张三" in run("patients", "show", added)
    told = run("vault", "audit")
    assert f"imported {added}" not in told
    assert f"merged  {added}" in told
    assert "as written" in run("vault", "audit", "--verify")
    content = (home / "audit.json").read_text(encoding="utf-8")
    (home / "audit.json").write_text(content.replace('"count":', '"count":9'), encoding="utf-8")
    assert "NOT as written" in run("vault", "audit", "--verify", fails=True)


@pytest.mark.parametrize("module", [["edge"], ["streams", "edge"]])
def test_both_entry_points_are_guarded_and_say_errors_in_a_line(
    tmp_path: Path, module: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *module, "vault", "status"],
        env={**os.environ, "GROUNDSWELL_EDGE_HOME": str(tmp_path / "edge")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "vault create" in done.stderr
