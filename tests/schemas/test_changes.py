import pytest

from schemas.changes import decode_change
from schemas.errors import Reason, Refusal

MS = 1_767_225_600_000


def test_pagerdutys_form() -> None:
    change = decode_change(
        b'{"routing_key": "x", "payload": {"summary": "deploy 7.2.0", "source": "checkout",'
        b' "timestamp": "2026-01-01T00:00:00.000Z", "custom_details": {"product": "wallet",'
        b' "app_version": "7.2.0"}}, "links": [{"href": "https://ci/1", "text": "build"}]}',
        "changes-0@7",
        MS + 5,
    )
    assert (change.id, change.time_ms, change.product) == ("changes-0@7", MS, "wallet")
    assert (change.service, change.attributes["app_version"]) == ("checkout", "7.2.0")


def test_the_bare_form() -> None:
    change = decode_change(b'{"summary": "flag on", "service": "web", "id": "f1"}', "s", MS)
    assert (change.id, change.time_ms, change.service, change.product) == ("f1", MS, "web", "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.EMPTY_TEXT),
        (b"{}", Reason.WRONG_TYPE),
        (b"nope", Reason.NOT_JSON),
        (b'{"summary": ""}', Reason.EMPTY_TEXT),
        (b'{"summary": "a", "time": 5}', Reason.TIME_OUT_OF_RANGE),
        (b'{"summary": "' + b"a" * 70_000 + b'"}', Reason.MESSAGE_TOO_LARGE),
    ],
)
def test_what_is_no_change_is_refused(value: bytes | None, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        decode_change(value, "s", MS)
    assert refused.value.reason == reason


def test_a_planned_change_may_be_a_week_ahead() -> None:
    week = 7 * 24 * 3_600_000
    assert decode_change(dated(MS + week), "s", MS).time_ms == MS + week
    with pytest.raises(Refusal, match="dated more than 7 days ahead") as refused:
        decode_change(dated(MS + week + 1), "s", MS)
    assert refused.value.reason == Reason.FUTURE


def dated(ms: int) -> bytes:
    return b'{"summary": "flag on", "time": %d}' % ms
