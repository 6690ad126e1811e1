"""Every form against a full body of its provider."""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from schemas.changes import Change, decode_change
from schemas.times import parse_ms
from sinks.cluster import Secret
from streams.changes import bare, github, gitlab, pagerduty
from streams.changes.errors import BadForm, NotAChange
from streams.changes.form import Reported, Request, version_of
from tests.streams.changes.bodies import (
    BARE,
    GITHUB_DEPLOYMENT,
    GITHUB_HEADERS,
    GITHUB_PING,
    GITHUB_STATUS,
    GITLAB,
    GITLAB_HEADERS,
    PAGERDUTY,
)

WORD = Secret("s3cret-words")


def request(body: object, headers: Mapping[str, str] = {}) -> Request:
    return Request({k.lower(): v for k, v in headers.items()}, json.dumps(body).encode())


def taken(reported: Reported) -> Change:
    """What intake takes it for."""
    return decode_change(msgspec.json.encode(reported.message), "changes-0@7", 1_795_000_000_000)


def status(state: str) -> Request:
    body = {**GITHUB_STATUS, "deployment_status": {**GITHUB_STATUS["deployment_status"]}}
    body["deployment_status"]["state"] = state
    return request(body, GITHUB_HEADERS)


def test_a_github_deployment_status() -> None:
    reported = github.read(request(GITHUB_STATUS, GITHUB_HEADERS))
    assert taken(reported) == Change(
        "github-72d3162e-cc78-11e3-81ab-4c9367dc0958",
        parse_ms("2026-11-20T09:00:05Z"),
        "checkout v7.2.0 (4f1c0ffe) deployed to production",
        service="checkout",
        attributes={"environment": "production", "ref": "v7.2.0", "sha": "4f1c0ffe"},
    )
    assert reported.repository == "acme/checkout"
    assert reported.environment == "production"
    assert reported.version == "7.2.0"
    assert [link.href for link in reported.message.links] == ["https://ci.example.com/runs/12"]


def test_the_states_of_github_that_count() -> None:
    for state, word in github.WORDS.items():
        assert f" {word} to production" in taken(github.read(status(state))).summary
    for state in ("queued", "pending", "waiting", "inactive", "made-up"):
        with pytest.raises(NotAChange, match=f"state {state} is no change"):
            github.read(status(state))


def test_a_github_deployment_and_a_ping() -> None:
    asked = github.read(
        request(GITHUB_DEPLOYMENT, {**GITHUB_HEADERS, "X-GitHub-Event": "deployment"})
    )
    assert taken(asked).summary == "checkout v7.2.0 (4f1c0ffe) deployment requested to production"
    assert taken(asked).time_ms == parse_ms("2026-11-20T08:58:00Z")
    with pytest.raises(NotAChange, match="event ping is no change"):
        github.read(request(GITHUB_PING, {**GITHUB_HEADERS, "X-GitHub-Event": "ping"}))


def test_a_delivery_that_is_no_id_is_not_taken_for_one() -> None:
    for strange in ("", "x" * 65, "a b", "\udcff"):
        found = github.read(
            request(GITHUB_STATUS, {**GITHUB_HEADERS, "X-GitHub-Delivery": strange})
        )
        again = github.read(
            request(GITHUB_STATUS, {**GITHUB_HEADERS, "X-GitHub-Delivery": strange})
        )
        assert len(str(found.message.id)) == len("github-") + 16
        assert found.message.id == again.message.id


def test_a_gitlab_deployment() -> None:
    reported = gitlab.read(request(GITLAB, GITLAB_HEADERS))
    assert taken(reported) == Change(
        "gitlab-30-15-success",
        parse_ms("2026-11-20T09:00:05Z"),
        "Shopping Cart main (279484c0) deployed to production: Faster totals",
        service="cart",
        attributes={"environment": "production", "ref": "main", "sha": "279484c0"},
    )
    assert (reported.repository, reported.environment) == ("acme/shop/cart", "production")


def test_the_statuses_of_gitlab_that_count() -> None:
    for state, word in gitlab.WORDS.items():
        read = gitlab.read(request({**GITLAB, "status": state}, GITLAB_HEADERS))
        assert f" {word} to production" in taken(read).summary
    for state in ("created", "canceled", "skipped", "blocked"):
        with pytest.raises(NotAChange):
            gitlab.read(request({**GITLAB, "status": state}, GITLAB_HEADERS))
    with pytest.raises(NotAChange, match="event Push Hook is no change"):
        gitlab.read(request(GITLAB, {**GITLAB_HEADERS, "X-Gitlab-Event": "Push Hook"}))


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-11-20 09:00:05 UTC", "2026-11-20T09:00:05Z"), ("", "2026-11-18T11:06:40Z")],
)
def test_other_times_of_gitlab(text: str, moment: str) -> None:
    read = gitlab.read(request({**GITLAB, "status_changed_at": text}, GITLAB_HEADERS))
    assert taken(read).time_ms == parse_ms(moment)


def test_a_pagerduty_change_event() -> None:
    reported = pagerduty.read(request(PAGERDUTY))
    assert taken(reported) == Change(
        str(reported.message.id),
        parse_ms("2026-11-20T09:00:00.315Z"),
        "checkout 7.2.0 rolled out",
        service="checkout",
        attributes={
            "build_state": "passed",
            "build_number": "2",
            "environment": "production",
            "version": "7.2.0",
        },
    )
    assert (reported.environment, reported.version) == ("production", "7.2.0")
    assert PAGERDUTY["routing_key"].encode() not in msgspec.json.encode(reported.message)


def test_what_comes_again_has_its_id_again_if_it_says_when_it_was() -> None:
    for read, body in ((pagerduty.read, PAGERDUTY), (bare.read, {**BARE, "id": None})):
        assert read(request(body)).message.id == read(request(body)).message.id != None  # noqa: E711
    without: dict[str, Any] = {"payload": {"summary": "x"}}
    assert pagerduty.read(request(without)).message.id is None
    assert bare.read(request({"summary": "x"})).message.id is None


def test_the_bare_form() -> None:
    reported = bare.read(request(BARE))
    assert taken(reported) == Change(
        "flag-fast-pay-on",
        parse_ms("2026-11-20T09:00:00Z"),
        "flag fast-pay on for 50 %",
        "wallet",
        "checkout",
        {"flag": "fast-pay", "region": "CN-31"},
    )


def test_each_form_knows_who_has_the_secret() -> None:
    body = json.dumps(GITHUB_STATUS).encode()
    signature = "sha256=" + hmac.new(b"s3cret-words", body, sha256).hexdigest()
    genuine = {
        github.is_genuine: Request({"x-hub-signature-256": signature}, body),
        gitlab.is_genuine: request({}, {"X-Gitlab-Token": "s3cret-words"}),
        bare.is_genuine: request({}, {"Authorization": "bearer s3cret-words"}),
        pagerduty.is_genuine: request({**PAGERDUTY, "routing_key": "s3cret-words"}),
    }
    for check, good in genuine.items():
        assert check(good, WORD)
        assert not check(good, Secret("other"))
        assert not check(Request({}, b"{}"), WORD)
        assert not check(Request(dict.fromkeys(good.headers, "\udcff"), b"\xff"), WORD)
    assert not github.is_genuine(Request({"x-hub-signature-256": signature}, body + b" "), WORD)
    assert not bare.is_genuine(request({}, {"Authorization": "s3cret-words"}), WORD)


HOSTILE = (
    b"", b"null", b"[]", b"1e999", b"\xff\xfe", b'"\\ud800"', b"[" * 30_000,
    b'{"summary":1}', b'{"payload":{}}', b'{"deployment":{},"repository":{}}',
    b'{"deployment_status":null,"deployment":{"id":1,"ref":"","sha":""},"repository":[]}',
    b'{"payload":{"summary":"x","custom_details":' + b'{"a":' * 5000 + b"1" + b"}" * 5001 + b"}",
    b'{"status":"success","deployment_id":' + b"9" * 400 + b"}",
    b'{"payload":{"summary":"x","timestamp":"yesterday"}}',
    b'{"summary":"x","time":{}}',
)  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_body_is_a_bad_form(body: bytes) -> None:
    headers = {"x-github-event": "deployment_status", "x-gitlab-event": "Deployment Hook"}
    for form in (bare, pagerduty, github, gitlab):
        try:
            reported = form.read(Request(headers, body))
        except (BadForm, NotAChange):
            continue
        # The bare form takes anything that may be a message; whether it is one is asked later.
        assert (form, reported.message.summary) == (bare, None)


@pytest.mark.parametrize(
    ("ref", "version"),
    [("v7.2.0", "7.2.0"), ("refs/tags/7.2.0-rc.1", "7.2.0-rc.1"), ("main", ""), ("", ""),
     ("feature/7.2.0", "")],
)  # fmt: skip
def test_the_version_of_a_ref(ref: str, version: str) -> None:
    assert version_of(ref) == version
