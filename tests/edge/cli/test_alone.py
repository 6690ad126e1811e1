"""A device runs without what only a publisher or a server has: by what is loaded, not by contract.

The commands run as they are, in a process of their own; what it has imported by its end counts.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.edge import PASSPHRASE, make_vault

NOTE = "姓名：陈测试 性别：女 出生日期：1962-04-05\n诊断：高血压病2级\n处理：缬沙坦80mg qd。"
FORBIDDEN = {
    "aiohttp", "aiokafka", "confluent_kafka", "faust", "httpx", "mode", "requests", "sinks",
    "streams", "tuf", "urllib3",
}  # fmt: skip
PROGRAM = """\
import sys
from edge.cli import main
try:
    main(sys.argv[1:])
except SystemExit as error:
    code = error.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


def loaded(*words: str | Path) -> tuple[str, set[str]]:
    """What a command printed, and the packages that it brought."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, words)],
        input=f"{PASSPHRASE}\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, set(done.stderr.splitlines()[-1].split())


@pytest.mark.slow
def test_records_are_read_without_a_broker_or_a_network_client(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    home = ("--home", tmp_path / "edge")
    (tmp_path / "note.txt").write_text(NOTE, encoding="utf-8")
    told, brought = loaded("import", tmp_path / "note.txt", *home)
    patient = told.split("\t")[2]
    for words, found in ((("search", "缬沙坦"), "缬沙坦"), (("summary", patient), "高血压病2级")):
        told, more = loaded(*words, *home)
        assert found in told
        brought |= more
    # It sees what is loaded: these are.
    assert {"agents", "edge", "schemas", "sqlcipher3"} <= brought
    assert brought & FORBIDDEN == set()
