"""The webhook over real HTTP, onto a real log."""

import asyncio
import json
import socket

import pytest

from sinks.errors import CannotListen
from streams.changes.log import ChangeLog
from streams.changes.rules import Rule
from streams.changes.senders import senders
from streams.changes.webhook import Webhook
from streams.metrics import Metrics
from tests.streams.changes.bodies import (
    BARE,
    GITHUB_HEADERS,
    GITHUB_PING,
    GITHUB_STATUS,
    GITLAB,
    GITLAB_HEADERS,
    PAGERDUTY,
)
from tests.streams.changes.site import AWAY, JSON, OPEN, signed, site


@pytest.mark.broker
def test_each_provider_gets_its_change_onto_the_log(log: ChangeLog) -> None:
    rule = Rule(repository="acme/checkout", product="wallet", version="app_version")

    async def run() -> None:
        async with site(log, rules=(rule,)) as web:
            for path in ("/v2/change/enqueue", "/pagerduty"):
                status, body = await web.post(path, PAGERDUTY)
                assert (status, body) == (
                    202,
                    {"status": "success", "message": "Change event processed"},
                )
            status, body = await web.post("/github", GITHUB_STATUS, signed(GITHUB_STATUS))
            assert (status, body["status"]) == (202, "accepted")
            assert body["id"] == f"github-{GITHUB_HEADERS['X-GitHub-Delivery']}"
            token = {**GITLAB_HEADERS, "X-Gitlab-Token": "lab-word"}
            assert (await web.post("/gitlab", GITLAB, token))[0] == 202
            bearer = {**JSON, "Authorization": "Bearer bare-word"}
            assert await web.post("/changes", BARE, bearer) == (
                202,
                {"status": "accepted", "id": BARE["id"]},
            )
            assert web.count("pagerduty", "accepted") == 2

    asyncio.run(run())
    found = {change.id: change for change in log.all()}
    assert len(found) == 4
    github = found[f"github-{GITHUB_HEADERS['X-GitHub-Delivery']}"]
    assert (github.product, github.service) == ("wallet", "checkout")
    assert github.attributes["app_version"] == "7.2.0"
    assert found[BARE["id"]].product == "wallet"


@pytest.mark.broker
def test_here_no_secret_is_needed(log: ChangeLog) -> None:
    async def run() -> None:
        async with site(log, OPEN) as web:
            status, answer = await web.post("/changes", {"summary": "flag on"})
            assert (status, answer["id"][:7]) == (202, "change-")
            assert (await web.post("/github", GITHUB_STATUS, GITHUB_HEADERS))[0] == 202

    asyncio.run(run())
    first, _ = found = list(log.all())
    assert len(first.id) == len("change-") + 16
    assert [change.summary for change in found] == [
        "flag on",
        "checkout v7.2.0 (4f1c0ffe) deployed to production",
    ]


def test_what_is_no_change_is_well_and_writes_nothing(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, rules=(Rule(environment="production", ignore=True),)) as web:
            headers = {**signed(GITHUB_PING), "X-GitHub-Event": "ping"}
            assert await web.post("/github", GITHUB_PING, headers) == (
                202,
                {"status": "ignored", "reason": "event ping is no change"},
            )
            assert (await web.post("/github", GITHUB_STATUS, signed(GITHUB_STATUS)))[1] == {
                "status": "ignored",
                "reason": "a rule of changes_file ignores it",
            }
            status, body = await web.post("/v2/change/enqueue", PAGERDUTY)
            assert (status, body["status"]) == (202, "success")
            assert web.count("github", "ignored") == 2

    asyncio.run(run())


def test_a_log_that_is_away_is_said_to_be(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            status, answer = await web.post("/changes", BARE)
            assert (status, web.headers["Retry-After"]) == (503, "30")
            assert AWAY not in json.dumps(answer)
            assert web.count("bare", "failed") == 1

    asyncio.run(run())


def test_a_port_that_is_taken_is_one_line(nowhere: ChangeLog) -> None:
    async def run(port: int) -> str:
        with pytest.raises(CannotListen) as raised:
            await Webhook(nowhere, senders(OPEN), (), Metrics()).start("127.0.0.1", port)
        return str(raised.value)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = asyncio.run(run(port))
    assert message.startswith(f"cannot listen on 127.0.0.1:{port} (")
    assert message.endswith("; set changes_port")
