import pytest

from sinks.console.hub import KEPT, PAGES, QUEUE, Crowded, Event, Hub, Page


def waiting(page: Page) -> list[Event]:
    return [page.waiting.get_nowait() for _ in range(page.waiting.qsize())]


def names(page: Page) -> list[str]:
    return [event.name for event in waiting(page)]


def test_the_form_on_the_wire() -> None:
    assert Event("incident", b'{"a":1}', "r-3").frame() == (
        b'id: r-3\nevent: incident\ndata: {"a":1}\n\n'
    )
    assert Event("health", b"{}").frame() == b"event: health\ndata: {}\n\n"


def test_a_new_page_starts_anew_and_is_told_what_comes() -> None:
    hub = Hub("r")
    hub.publish("incident", b"1")
    hub.show("health", b"old")
    hub.show("health", b"new")
    page = hub.join("")
    assert [(event.name, event.data) for event in waiting(page)] == [
        ("reset", b"{}"),
        ("health", b"new"),
    ]
    hub.publish("incident", b"2")
    assert [event.data for event in waiting(page)] == [b"2"]


def test_a_page_that_comes_back_is_told_what_it_missed() -> None:
    hub = Hub("r")
    for n in range(1, 4):
        hub.publish("incident", str(n).encode())
    assert [event.data for event in waiting(hub.join("r-1"))] == [b"2", b"3"]
    assert names(hub.join("r-3")) == []


@pytest.mark.parametrize("last_id", ["other-1", "r-0", "r-99", "nonsense"])
def test_what_we_do_not_remember_starts_anew(last_id: str) -> None:
    hub = Hub("r")
    hub.publish("incident", b"1")
    assert names(hub.join(last_id)) == ["reset"]


def test_whoever_missed_too_much_starts_anew() -> None:
    hub = Hub("r")
    for _ in range(KEPT):
        hub.publish("incident", b"1")
    assert names(hub.join("r-1")) == ["reset"]
    hub.publish("incident", b"1")
    assert names(hub.join("r-1")) == ["reset"]


def test_a_slow_page_is_let_go_and_the_others_are_told_everything() -> None:
    hub = Hub("r")
    slow, quick = hub.join(""), hub.join("")
    told = 0
    for _ in range(QUEUE + 10):
        hub.publish("incident", b"1")
        told += names(quick).count("incident")
    assert slow.gone.is_set()
    assert not quick.gone.is_set()
    assert told == QUEUE + 10
    assert len(hub) == 1


def test_a_reset_forgets_what_was_before() -> None:
    hub = Hub("r")
    hub.publish("incident", b"1")
    page = hub.join("r-1")
    hub.publish("incident", b"2")
    hub.reset()
    assert names(page) == ["incident", "reset"]
    assert names(hub.join("r-1")) == ["reset"]


def test_a_page_that_was_away_during_a_reset_is_told_of_it() -> None:
    hub = Hub("r")
    hub.publish("incident", b"1")
    hub.reset()
    assert names(hub.join("r-1")) == ["reset"]
    hub.publish("incident", b"2")
    assert names(hub.join("r-1")) == ["reset"]
    assert names(hub.join("r-3")) == []


def test_only_so_many_pages_listen() -> None:
    hub = Hub("r")
    pages = [hub.join("") for _ in range(PAGES)]
    with pytest.raises(Crowded):
        hub.join("")
    hub.leave(pages[0])
    hub.leave(pages[0])
    hub.join("")
    hub.close()
    assert len(hub) == 0
    assert all(page.gone.is_set() for page in pages[1:])
