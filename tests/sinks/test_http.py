import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from schemas.incidents import Incident
from sinks.cluster import Secret
from sinks.errors import Rejected, Unreachable
from sinks.http import ANSWER_BYTES, HttpOptions, HttpSink, check_url
from streams.broker.machine import free_port
from tests.support.incidents import incident
from tests.support.receiver import Answer, LocalReceiver, cuts, floods, never, says


class Plain(HttpSink):
    async def deliver(self, incidents: object, now_ms: int) -> None:
        """Nothing: the tests post by themselves."""


def post(url: str, **options: object) -> tuple[bytes, str]:
    async def run() -> tuple[bytes, str]:
        sink = Plain(HttpOptions(**options))  # type: ignore[arg-type]
        await sink.start()
        try:
            return await sink.post(url, b"{}"), sink.answer
        finally:
            await sink.stop()

    return asyncio.run(run())


def test_what_is_taken_and_what_was_said(receiver: LocalReceiver) -> None:
    receiver.usual = says(202, "yes\nplease\u202e")
    said, answer = post(receiver.url)
    assert said == "yes\nplease\u202e".encode()
    assert answer == "202 yes please"
    assert receiver.got[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_some_answers_ask_for_patience(receiver: LocalReceiver, status: int) -> None:
    receiver.usual = says(status, "later", Retry_After="17")
    with pytest.raises(Unreachable, match=f"127.0.0.1 answered {status} later") as raised:
        post(receiver.url + "/key/s3cret")
    assert (raised.value.retry_after, raised.value.reason) == (17, f"status_{status}")
    assert "s3cret" not in str(raised.value)


def test_a_date_to_come_again_is_understood_and_nonsense_is_not(receiver: LocalReceiver) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    receiver.answers = [says(503, "", Retry_After=date), says(503, "", Retry_After="soon"),
                        says(503, "", Retry_After="99999999")]  # fmt: skip
    found = []
    for _ in range(3):
        with pytest.raises(Unreachable) as raised:
            post(receiver.url)
        found.append(raised.value.retry_after)
    assert found[0] == pytest.approx(100, abs=3)
    assert found[1:] == [None, 3600]


@pytest.mark.parametrize("when", ["0", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_even_whoever_asks_for_it_is_not_asked_again_without_a_pause(
    receiver: LocalReceiver, when: str
) -> None:
    receiver.usual = says(429, "", Retry_After=when)
    with pytest.raises(Unreachable) as raised:
        post(receiver.url)
    assert raised.value.retry_after == 1


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 405, 410])
def test_an_address_or_key_that_is_wrong_loses_nothing(
    receiver: LocalReceiver, status: int
) -> None:
    receiver.usual = says(status, "", Location="/elsewhere")
    with pytest.raises(Unreachable, match="check its address and key"):
        post(receiver.url + "/here")
    assert [got.path for got in receiver.got] == ["/here"]


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_what_is_refused_is_refused_for_good(receiver: LocalReceiver, status: int) -> None:
    receiver.usual = says(status, "bad <html>")
    with pytest.raises(Rejected, match=f"127.0.0.1 answered {status} bad"):
        post(receiver.url)


@pytest.mark.parametrize(("answer", "reason"), [(never, "timeout"), (cuts, "connection")])
def test_silence_and_a_cut_are_tried_again(
    receiver: LocalReceiver, answer: Answer, reason: str
) -> None:
    receiver.usual = answer
    with pytest.raises(Unreachable) as raised:
        post(receiver.url, timeout_seconds=0.3)
    assert raised.value.reason == reason


def test_a_flood_is_cut(receiver: LocalReceiver) -> None:
    receiver.usual = floods
    said, answer = post(receiver.url)
    assert len(said) == ANSWER_BYTES
    assert len(answer) < 400


def test_nobody_there() -> None:
    with pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1") as raised:
        post(f"http://127.0.0.1:{free_port()}/s3cret")
    assert "s3cret" not in str(raised.value)


def test_a_proxy_is_gone_through(receiver: LocalReceiver) -> None:
    post("http://somewhere.invalid/x", proxy=Secret(receiver.url))
    assert receiver.got[0].headers["Host"] == "somewhere.invalid"


def test_a_file_of_authorities_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match=r"ca_file .*none\.pem: No such file"):
        post("http://127.0.0.1:1", ca_file=str(tmp_path / "none.pem"))


@pytest.mark.parametrize(
    "url", ["", "ftp://host", "host:9093", "http://", "http://a b", "https://h:99999", "file:///x"]
)
def test_what_is_no_address_is_told_without_showing_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^url: write http://HOST"):
        check_url("url", url)


def test_the_console_is_linked_if_it_is_known() -> None:
    told: Incident = incident(incident_id="a/b?c")
    assert HttpOptions().link(told) == ""
    assert HttpOptions(console_url="https://gw/").link(told) == "https://gw/#/incident/a%2Fb%3Fc"
