"""`groundswell-edge open`: the page from a process that is guarded, until it is told to end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.edge.test_consult import gate
from tests.support.edge import PASSPHRASE, make_vault
from tests.support.edge_page import NAME, fill
from tests.support.waiting import SOON

ROOT = Path(__file__).parents[3]


class Opened:
    """The page of a process, entered and unlocked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        address, _, word = process.stdout.readline().strip().partition("/#")
        self.host = address.removeprefix("http://")
        assert self.host.startswith("127.0.0.1:")
        self._headers = {"X-Groundswell": "none", "Content-Type": "application/json"}
        _, told, cookie = self._post("/api/enter", {"word": word})
        self._headers |= {"X-Groundswell": told["half"], "Cookie": cookie.partition(";")[0]}
        assert self.post("/api/patients", {"words": ""})[0] == 423
        assert self.post("/api/unlock", {"passphrase": PASSPHRASE})[0] == 200

    def post(self, path: str, body: object) -> tuple[int, Any]:
        """Status, and what it says."""
        return self._post(path, body)[:2]

    def _post(self, path: str, body: object) -> tuple[int, Any, str]:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        connection.request("POST", path, json.dumps(body), self._headers)
        answer = connection.getresponse()
        content = json.loads(answer.read())
        connection.close()
        return answer.status, content, answer.headers.get("Set-Cookie", "")


@contextmanager
def opened(home: Path, *options: str, **variables: str) -> Iterator[Opened]:
    process = subprocess.Popen(
        [sys.executable, "-m", "edge", "open", "--home", str(home), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables},
    )
    try:
        yield Opened(process)
    finally:
        process.kill()
        process.communicate()


def test_an_unfit_gateway_is_said_before_anything_is_served(tmp_path: Path) -> None:
    make_vault(tmp_path).close()
    made = subprocess.run(
        [sys.executable, "-m", "edge", "open", "--home", str(tmp_path / "edge")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GROUNDSWELL_EDGE_GATEWAY": "http://10.0.0.7/secret",
        },
        timeout=SOON,
    )
    assert made.returncode != 0
    assert "a gateway is https://HOST" in made.stderr
    assert "secret" not in made.stdout + made.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_this_machine_until_it_is_told_to_end(tmp_path: Path, number: int) -> None:
    with make_vault(tmp_path) as vault:
        fill(vault)
    with opened(tmp_path / "edge") as page:
        assert NAME in str(page.post("/api/patients", {"words": ""})[1])
        note = "姓名：陈秀英 出生日期：1962-04-05\n诊断：高血压病2级"
        assert page.post("/api/paste", {"text": note})[0] == 200
        page.process.send_signal(number)
        out, errors = page.process.communicate(timeout=20)
    assert page.process.returncode == 0
    assert out == ""
    assert errors.count("\n") == 1
    assert NAME not in errors


@pytest.mark.parametrize("by", ["option", "variable"])
def test_under_the_guard_a_question_leaves_after_a_yes(tmp_path: Path, by: str) -> None:
    with make_vault(tmp_path) as vault:
        path = f"/api/patients/{fill(vault).id}"
        (vault.home.folder / "gateway.token").write_text("abc")
    with gate() as there:
        options = ("--gateway", there.address) if by == "option" else ()
        variables = {} if options else {"GROUNDSWELL_EDGE_GATEWAY": there.address}
        with opened(tmp_path / "edge", *options, **variables) as page:
            _, told = page.post(f"{path}/ask", {"question": f"{NAME}问什么是房颤"})
            assert there.got == []
            _, came = page.post(f"{path}/draft/send", {"digest": told["draft"]["digest"]})
            assert came["outcome"] == "answered"
            page.process.send_signal(signal.SIGINT)
            _, errors = page.process.communicate(timeout=20)
    ((_, _, headers, body),) = there.got
    assert json.loads(body)["text"] == "".join(one["text"] for one in told["draft"]["pieces"])
    assert headers["Authorization"] == "Bearer abc"
    assert NAME.encode() not in body
    assert "房颤" not in errors


def test_without_a_gateway_it_says_so(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        path = f"/api/patients/{fill(vault).id}"
    with opened(tmp_path / "edge") as page:
        _, told = page.post(f"{path}/ask", {"question": "什么是房颤"})
    assert (told["general"], told["draft"]) == (True, None)
