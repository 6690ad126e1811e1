"""`groundswell-edge open`: the page from a process that is guarded, until it is told to end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.edge import PASSPHRASE, make_vault
from tests.support.edge_page import NAME, fill

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_this_machine_until_it_is_told_to_end(tmp_path: Path, number: int) -> None:
    with make_vault(tmp_path) as vault:
        fill(vault)
    process = subprocess.Popen(
        [sys.executable, "-m", "edge", "open", "--home", str(tmp_path / "edge")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        address, _, word = process.stdout.readline().strip().partition("/#")
        host = address.removeprefix("http://")
        assert host.startswith("127.0.0.1:")
        headers = {"X-Groundswell": "none", "Content-Type": "application/json"}

        def post(path: str, body: object) -> tuple[int, str, str]:
            connection = http.client.HTTPConnection(host, timeout=20)
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read().decode()
            connection.close()
            return answer.status, content, answer.headers.get("Set-Cookie", "")

        _, told, cookie = post("/api/enter", {"word": word})
        headers |= {"X-Groundswell": json.loads(told)["half"], "Cookie": cookie.partition(";")[0]}
        assert post("/api/patients", {"words": ""})[0] == 423
        assert post("/api/unlock", {"passphrase": PASSPHRASE})[0] == 200
        assert NAME in post("/api/patients", {"words": ""})[1]
        note = "姓名：陈秀英 出生日期：1962-04-05\n诊断：高血压病2级"
        assert post("/api/paste", {"text": note})[0] == 200
        process.send_signal(number)
        out, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out == ""
    assert errors.count("\n") == 1
    assert NAME not in errors
