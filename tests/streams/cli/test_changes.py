import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from schemas.times import format_ms
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.streams.cli.running import fail, run
from tests.support.waiting import until

pytestmark = pytest.mark.broker


@pytest.fixture
def where(bootstrap: str, prefix: str) -> Iterator[tuple[str, ...]]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1)
    yield ("--bootstrap", bootstrap, "--prefix", prefix)
    admin.delete()


def listed(*arguments: str) -> list[dict[str, object]]:
    result = run("changes", "list", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_change_is_added_once_and_listed(where: tuple[str, ...]) -> None:
    moment = format_ms(time.time_ns() // 1_000_000 - 60_000)
    deploy = (
        *("changes", "add", "checkout 7.2.0 rolled out", "--product", "wallet", *where),
        *("--service", "checkout", "--attribute", "app_version=7.2.0", "--time", moment),
        *("--link", "https://ci.example.com/2"),
    )
    first, second = run(*deploy), run(*deploy)
    assert re.fullmatch(r"cli-[0-9a-f]{16} added\n", first.stdout)
    assert second.stdout == first.stdout.replace("added", "is on the log already")
    assert run("changes", "add", "flag on", "--id", "f1", *where).stdout == "f1 added\n"
    assert run("changes", "add", "again", "--id", "f1", *where).exit_code == 0
    flag, change = listed(*where)
    assert (flag["id"], flag["summary"], flag["product"]) == ("f1", "flag on", "")
    assert (change["summary"], change["product"]) == ("checkout 7.2.0 rolled out", "wallet")
    assert (change["service"], change["attributes"]) == ("checkout", {"app_version": "7.2.0"})
    lines = run("changes", "list", *where, env={"COLUMNS": "140"}).stdout.splitlines()
    assert [line.split()[2] for line in lines[1:]] == ["any", "wallet"]
    assert "rolled out (app_version=7.2.0 service=checkout)" in lines[2]


def test_the_same_words_at_another_time_are_another_change(where: tuple[str, ...]) -> None:
    for _ in range(2):
        assert "added" in run("changes", "add", "flag on", *where).stdout
    assert len(listed(*where)) == 2


def test_since_says_how_far_back(where: tuple[str, ...]) -> None:
    old = format_ms(time.time_ns() // 1_000_000 - 25 * 3_600_000)
    run("changes", "add", "old", "--time", old, *where)
    assert run("changes", "list", *where).stdout.startswith("no change since then")
    assert [change["summary"] for change in listed("--since", "2d", *where)] == ["old"]


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--attribute", "app_version", "write NAME=VALUE"),
        ("--time", "yesterday", "write it like 2026-11-20T09:14:03Z"),
        ("--time", "2026-11-20T09:14:03", "write it like 2026-11-20T09:14:03Z"),
        ("--time", "1999-12-31T00:00:00Z", "it is not within 2000 and 2100"),
        ("--link", "javascript:alert(1)", "write https://..."),
    ],
)
def test_a_wrong_option_is_a_usage_error(option: str, value: str, says: str) -> None:
    result = run("changes", "add", "x", option, value)
    assert result.exit_code == 2
    assert says in result.stderr


def test_an_attribute_has_one_value() -> None:
    result = run("changes", "add", "x", "--attribute", "os=ios", "--attribute", "os=android")
    assert result.exit_code == 2
    assert "each name once" in result.stderr


def test_what_is_no_change_is_one_line(where: tuple[str, ...], prefix: str) -> None:
    for summary in ("", "a\x07b", "\udcff"):
        assert fail("changes", "add", summary, *where).startswith("this is no change: ")
    assert fail("changes", "add", " ", *where) == "this is no change: the summary is empty"
    line = fail("changes", "list", *where[:2], "--prefix", prefix + "x")
    assert line.endswith("does not exist; run: groundswell topics create")


def test_what_is_planned_is_taken_a_week_before(where: tuple[str, ...]) -> None:
    now, day = time.time_ns() // 1_000_000, 24 * 3_600_000
    planned = ("changes", "add", "new checkout", *where, "--time")
    assert "added" in run(*planned, format_ms(now + 6 * day)).stdout
    assert fail(*planned, format_ms(now + 8 * day)) == (
        "this is no change: it is dated more than 7 days ahead"
    )
    assert len(listed(*where)) == 1


def test_the_webhook_refuses_to_be_open_to_others(where: tuple[str, ...]) -> None:
    line = fail("changes", "serve", "--host", "0.0.0.0", *where)
    assert line.startswith("changes_host 0.0.0.0 is open to others: set a secret (")
    assert fail("changes", "serve", "--rules", "none.toml", *where).startswith(
        "setting changes_file: cannot read none.toml"
    )


def test_the_webhook_serves_until_it_is_asked_to_stop(where: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "streams", "changes", "serve", "--port", "0", *where]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GROUNDSWELL_CHANGES")}
    env = {**clean, "GROUNDSWELL_CHANGES_HEALTH_PORT": "0", "GROUNDSWELL_CHANGES_TOKEN": "s3cret"}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            started = json.loads(process.stderr.readline())
            assert (started["message"], started["secrets"]) == ("taking changes", "bare")
            body = {"id": "w1", "summary": "flag on"}
            token = {"Authorization": "Bearer s3cret"}
            with httpx.Client(trust_env=False, timeout=20) as http:
                site, health = f"http://{started['address']}", f"http://{started['health']}"
                assert http.post(f"{site}/changes", json=body).status_code == 401
                answer = http.post(f"{site}/changes", json=body, headers=token)
                assert (answer.status_code, answer.json()["id"]) == (202, "w1")
                assert http.get(f"{health}/healthz").json() == {"alive": True, "trouble": ""}
                until(lambda: http.get(f"{health}/readyz").status_code == 200, "it sees the log")
                shown = http.get(f"{health}/metrics").text
            assert 'changes_total{outcome="accepted",source="bare"} 1.0' in shown
            assert 'changes_total{outcome="unauthorised",source="bare"} 1.0' in shown
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
            assert "s3cret" not in process.stderr.read()
        finally:
            process.kill()
    assert [change["id"] for change in listed(*where)] == ["w1"]
