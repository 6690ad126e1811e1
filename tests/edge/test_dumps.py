"""Killed while it holds a patient's words, a command of the device leaves no dump of its memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.edge import PASSPHRASE, document, make_vault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

PROGRAM = """\
import ctypes, os, resource, signal, sys
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
from edge import cli
from edge.vault import Vault
def told():
    print(*resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3), flush=True)
"""
"""Dumped in full if it fails; 3: PR_GET_DUMPABLE."""
KILLED = """\
def killed(vault):
    assert not vault.locked
    told()
    os.kill(os.getpid(), signal.SIGSEGV)
Vault.close = killed
cli.main(sys.argv[1:])
"""
HELPED = """\
cli.main([*sys.argv[1:], "--help"], standalone_mode=False)
told()
"""


def started(script: str, *words: str | Path, within: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + script, *map(str, words)],
        stdout=subprocess.PIPE, text=True, cwd=within,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_a_command_killed_with_a_record_open_leaves_no_core(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        shown = vault.documents.add(document(vault.patients.add("欧阳震华").id)).id
    typed, empty = tmp_path / "passphrase", tmp_path / "empty"
    typed.write_text(PASSPHRASE)
    empty.mkdir()
    words = ("documents", "show", shown, "--home", tmp_path / "edge", "--passphrase-file", typed)
    child = started(KILLED, *words, within=empty)
    assert child.stdout is not None
    with child.stdout:
        *text, told = child.stdout.read().splitlines()
    status = os.waitpid(child.pid, 0)[1]
    child.returncode = status
    assert any("建议三个月后复查" in line for line in text)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    assert list(empty.iterdir()) == []
    assert not os.WCOREDUMP(status)
    assert told == "0 0 0"


@pytest.mark.parametrize(
    ("command", "dumped"), [("open", False), ("vault", False), ("update", True)]
)
def test_whatever_holds_the_key_is_not_dumped(command: str, dumped: bool, tmp_path: Path) -> None:
    told, _ = started(HELPED, command, within=tmp_path).communicate(timeout=60)
    assert told.splitlines()[-1].endswith(" 1" if dumped else "0 0 0")
