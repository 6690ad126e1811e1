from schemas.signals import END, Counters, Progress
from sinks.console.health import Offsets, Source, health_of

APP = ("feedback.app", 0)
WEB = ("feedback.web", 0)
LOG = ("logs.errors", 1)
TICKETS = ("feedback.tickets", 0)
# Epoch minute of 2026-11-20T09:00Z.
MINUTE = 29_919_420


def progress(place: tuple[str, int], closed: int, idle: bool = False) -> Progress:
    counters = Counters(accepted=10, late=2, duplicates=1, refused={"future": 3, "not_json": 1})
    return Progress(place[0], place[1], 1, closed, counters, idle)


def by_place(sources: tuple[Source, ...]) -> dict[tuple[str, int], Source]:
    return {(one.topic, one.partition): one for one in sources}


def test_sources_idle_behind_ended_and_silent() -> None:
    said = [
        progress(APP, MINUTE),
        progress(WEB, MINUTE - 7),
        progress(LOG, MINUTE - 90, idle=True),
        progress(("changes", 0), END),
    ]
    health = health_of(said, Offsets([APP, TICKETS], {APP: 5}, 2))
    found = by_place(health.sources)
    assert [found[place].state for place in (APP, WEB, LOG, ("changes", 0), TICKETS)] == [
        "live", "live", "idle", "ended", "silent",
    ]  # fmt: skip
    assert [found[place].behind_minutes for place in (APP, WEB, LOG, TICKETS)] == [0, 7, None, None]
    assert found[APP].watermark == "2026-11-20T09:01:00.000Z"
    assert found["changes", 0].watermark is None
    assert (found[APP].lag, found[WEB].lag, found[APP].refused) == (5, 0, 4)
    assert health.workers == 2


def test_it_adds_up_what_the_sources_say_and_their_last_word_counts() -> None:
    said = [progress(APP, MINUTE - 1), progress(APP, MINUTE), progress(WEB, MINUTE)]
    health = health_of(said, Offsets([], {APP: 5, ("signals", 0): 2, ("signals", 1): 1}, 0))
    assert (health.accepted, health.late, health.duplicates) == (20, 4, 2)
    assert health.refused == {"future": 6, "not_json": 2}
    assert health.waiting == {"feedback.app": 5, "signals": 3}
    assert health.lag == 8


def test_before_the_first_word() -> None:
    health = health_of([], Offsets([], {}, 0))
    assert (health.state, health.known, health.sources, health.lag) == ("ok", True, (), 0)
    started = health_of([progress(APP, 0)], Offsets([], {}, 0))
    assert [(one.state, one.watermark) for one in started.sources] == [("silent", None)]
