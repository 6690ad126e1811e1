"""What the page asks for, and who may ask."""

from collections.abc import Iterator

import httpx
import pytest

from sinks.console.guard import PAGE_HEADERS
from tests.support.counter_page import CounterPage


@pytest.fixture(scope="module")
def counter() -> Iterator[CounterPage]:
    counter = CounterPage()
    yield counter
    counter.close()


def test_pages_say_what_may_run_and_nothing_of_the_disk_is_given(counter: CounterPage) -> None:
    with httpx.Client(base_url=counter.address) as client:
        for path in ("", "static/chat.js", "static/dom.js", "static/i18n/zh.json"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert {name: answer.headers[name] for name in PAGE_HEADERS} == PAGE_HEADERS
        for path in ("static/%2e%2e/page.py", "static/nothing.js", "static/..%2fpage.py"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "static/chat.js", "demo/stage", "demo/login"])
def test_another_name_of_this_machine_does_not_get_in(counter: CounterPage, path: str) -> None:
    headers = {"Host": "evil.example", "Content-Type": "application/json"}
    way = "POST" if path == "demo/login" else "GET"
    answer = httpx.request(way, counter.address + path, headers=headers)
    assert answer.status_code == 403
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"name":"bank","state":"well"}', "text/plain", 415),
        ('{"name":"bank","state":"on fire"}', "application/json", 400),
        ('{"name":"vault","state":"well"}', "application/json", 400),
        ('{"name":"worker","state":"starting"}', "application/json", 400),
        ("[" * 5000, "application/json", 400),
        (b"\xff", "application/json", 400),
    ],
)
def test_what_is_no_switch_is_refused(
    counter: CounterPage, body: str | bytes, kind: str, status: int
) -> None:
    before = list(counter.turned)
    answer = httpx.post(
        counter.address + "demo/switches", content=body, headers={"Content-Type": kind}
    )
    assert answer.status_code == status
    assert counter.turned == before


def test_a_switch_answers_with_how_all_stand(counter: CounterPage) -> None:
    told = httpx.post(counter.address + "demo/switches", json={"name": "bank", "state": "dead"})
    assert {one["name"]: one["state"] for one in told.json()["switches"]} == {
        "bank": "dead",
        "worker": "well",
    }
