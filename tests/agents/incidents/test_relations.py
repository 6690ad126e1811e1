import random
from typing import Any

import msgspec
import pytest

from agents.incidents.book import KEPT, Book
from agents.incidents.relations import MOST, PAUSE_MS, Relation, Relations
from schemas.causes import NearChange
from schemas.incidents import Grouping, Incident, Onset, Related, Slice
from schemas.times import MINUTE_MS, format_ms, parse_ms
from tests.support.incidents import incident

START = parse_ms("2026-11-20T09:00:00.000Z")
NOW = START + 20 * MINUTE_MS
REGION = Slice({"region": "CN-31"}, 0.9, 30.0, False, (), "")
NOWHERE = Slice({}, 0.0, 1.0, True, (), "even")


def one(name: str, product: str = "wallet", minute: float = 0, **other: Any) -> Incident:
    """Of the region that is in trouble; its onset `minute` after nine, opened three later."""
    onset = format_ms(START + round(minute * MINUTE_MS))
    opened = format_ms(START + round((minute + 3) * MINUTE_MS))
    given = {
        "slice": REGION,
        "changes": (),
        "grouping": Grouping(name, (name, name + "x"), "", 0.1),
        "opened_at": opened,
    }
    return incident(
        incident_id=name, product=product, onset=Onset(onset, onset), **{**given, **other}
    )


class Desk:
    """A book and its relations."""

    def __init__(self) -> None:
        self.book = Book()
        self.relations = Relations(self.book)

    def take(self, *incidents: Incident) -> None:
        for each in incidents:
            assert self.book.take(each)
            self.relations.learn(each)

    def tell(self, now: int = NOW) -> dict[str, Relation]:
        found = self.relations.tell(now)
        told = {relation.incident_id: relation for relation in found}
        assert len(told) == len(found)
        return told


def ids(relation: Relation) -> list[str]:
    return [other.incident_id for other in relation.related]


def again(before: Incident, **other: Any) -> Incident:
    return msgspec.structs.replace(before, revision=before.revision + 1, **other)


def test_both_are_told_and_the_first_is_the_head() -> None:
    desk = Desk()
    desk.take(one("a", "wallet", 1), one("b", "video", 5), one("c", "chat", 2, slice=NOWHERE))
    told = desk.tell()
    assert told.keys() == {"a", "b"}
    title = incident().title
    assert told["a"].related == (Related("b", "video", title, ("time", "slice")),)
    assert told["b"].related == (Related("a", "wallet", title, ("time", "slice")),)
    assert {relation.head_incident_id for relation in told.values()} == {"a"}


def test_one_that_was_alone_is_told_when_another_comes() -> None:
    desk = Desk()
    desk.take(one("a"))
    assert desk.tell() == {}
    desk.take(one("b", "video"))
    assert desk.tell(NOW + 1).keys() == {"a", "b"}


def test_nothing_is_said_twice() -> None:
    desk = Desk()
    a, b = one("a"), one("b", "video")
    desk.take(a, b)
    assert len(desk.tell()) == 2
    desk.take(again(a, title="wallet: more of it"), again(b, severity="warning"))
    for pause in (0, 1, PAUSE_MS, 5 * PAUSE_MS, 50 * PAUSE_MS):
        assert desk.tell(NOW + pause) == {}


def test_a_second_word_waits() -> None:
    desk = Desk()
    desk.take(one("a"), one("b", "video"))
    desk.tell()
    desk.take(one("c", "chat"))
    told = desk.tell(NOW + 1)
    assert told.keys() == {"c"}, "the first word is not held back"
    assert set(ids(told["c"])) == {"a", "b"}
    assert desk.tell(NOW + PAUSE_MS - 1) == {}
    told = desk.tell(NOW + PAUSE_MS)
    assert set(ids(told["a"])) == {"b", "c"}
    assert set(ids(told["b"])) == {"a", "c"}


def test_long_after_the_last_word_the_next_comes_at_once() -> None:
    desk = Desk()
    desk.take(one("a"), one("b", "video"))
    desk.tell()
    later = NOW + 7 * PAUSE_MS // 2
    desk.tell(later)
    desk.take(one("c", "chat", 10))
    assert desk.tell(later + 1).keys() == {"a", "b", "c"}


def test_what_is_no_longer_so_is_taken_back() -> None:
    desk = Desk()
    a, b = one("a"), one("b", "video")
    desk.take(a, b)
    desk.tell()
    desk.take(again(b, slice=NOWHERE))
    told = desk.tell(NOW + PAUSE_MS)
    assert told["b"] == Relation("b", (), None)
    assert told["a"] == Relation("a", (), None)


def test_one_that_is_over_is_told_nothing_and_still_named() -> None:
    desk = Desk()
    over = one("a", status="resolved", resolved_at=format_ms(START + 5 * MINUTE_MS))
    desk.take(over, one("b", "video", 10))
    assert desk.tell().keys() == {"b"}


def test_one_that_is_long_over_is_not_named() -> None:
    flag = (NearChange("flag", "flag", format_ms(START), 0, ("service",)),)
    over = one("a", status="resolved", resolved_at=format_ms(START), changes=flag)
    for opens, named in ((50, True), (70, False)):
        desk = Desk()
        desk.take(over, one("b", "video", opens, changes=flag))
        assert bool(desk.tell()) is named


@pytest.mark.parametrize(
    "likely",
    [
        {"channels": {"log": 30, "app": 2}},
        {"changes": (NearChange("d", "deploy", format_ms(START), 1, ("service",)),)},
    ],
)
def test_of_those_that_began_together_the_likelier_is_the_head(likely: dict[str, Any]) -> None:
    desk = Desk()
    desk.take(one("a", minute=1), one("b", "video", 2.5, **likely), one("c", "chat", 9, **likely))
    assert {relation.head_incident_id for relation in desk.tell().values()} == {"b"}
    desk = Desk()
    desk.take(one("a", minute=1), one("b", "video", 4, **likely))
    assert {relation.head_incident_id for relation in desk.tell().values()} == {"a"}


def test_the_most_alike_are_named_and_always_the_head() -> None:
    flag = (NearChange("flag", "flag", format_ms(START), 9, ()),)
    crowd = [one(f"m{n:02}", f"p{n}", 10, changes=flag) for n in range(14)]
    desk = Desk()
    desk.take(one("first", "video", 1), *crowd)
    told = desk.tell()
    assert all(len(relation.related) <= MOST for relation in told.values())
    for each in crowd:
        relation = told[each.incident_id]
        assert relation.head_incident_id == "first"
        assert len(relation.related) == MOST
        assert "first" in ids(relation)
        assert all("change" in other.shares for other in relation.related[:-1])


def test_what_was_heard_before_is_not_said_again() -> None:
    before = Desk()
    pair = one("a"), one("b", "video")
    before.take(*pair)
    told = before.tell()
    desk = Desk()
    for relation in told.values():
        desk.relations.heard(relation, NOW)
    desk.take(*pair)
    assert desk.tell(NOW + 10) == {}
    desk.take(one("c", "chat"))
    assert desk.tell(NOW + 20).keys() == {"c"}
    assert desk.tell(NOW + PAUSE_MS).keys() == {"a", "b"}


def test_an_older_word_is_mended_after_a_restart() -> None:
    desk = Desk()
    desk.relations.heard(Relation("a", (), None), NOW - PAUSE_MS)
    desk.take(one("a"), one("b", "video"))
    assert desk.tell().keys() == {"a", "b"}


def test_what_the_book_forgot_is_not_named() -> None:
    desk = Desk()
    over: dict[str, Any] = {"status": "resolved", "resolved_at": format_ms(START)}
    desk.take(one("old", **over))
    desk.take(*(one(f"x{n}", f"x{n}", -500, slice=NOWHERE, **over) for n in range(KEPT)))
    assert desk.book.get("old") is None
    desk.take(one("new", "video"))
    assert desk.tell() == {}


def test_what_the_book_has_forgotten_is_not_held_for_ever() -> None:
    desk = Desk()
    over: dict[str, Any] = {
        "status": "resolved",
        "resolved_at": format_ms(START),
        "slice": NOWHERE,
    }
    for n in range(2 * KEPT + 10):
        desk.take(one(f"x{n}", minute=n, **over))
        desk.tell(NOW + n * MINUTE_MS)
    assert len(desk.book) == KEPT
    assert KEPT <= len(desk.relations) <= 2 * KEPT


def crowd(size: int, *, alike: bool) -> list[Incident]:
    """Opened in one minute: each its own trouble but for some, or all the same in everything."""
    rng = random.Random(5)
    words = [f"word{n}" for n in range(4_000)]
    made = []
    for n in range(size):
        region = "CN-31" if alike else f"CN-{rng.randrange(300)}"
        terms = words[:8] if alike else rng.sample(words, 8)
        named = "flag" if alike else f"flag-{rng.randrange(200)}"
        made.append(
            one(
                f"i{n:04}",
                "wallet" if alike else f"p{rng.randrange(400)}",
                rng.randrange(3),
                slice=Slice({"region": region}, 0.9, 30.0, False, (), ""),
                grouping=Grouping("c", tuple(terms), "", 0.1),
                changes=(NearChange(named, named, format_ms(START), 3, ("region",)),),
            )
        )
    return made


@pytest.mark.parametrize("alike", [False, True])
def test_a_thousand_in_a_minute_are_told(alike: bool) -> None:
    desk = Desk()
    incidents = crowd(1_000, alike=alike)
    told: set[str] = set()
    for n in range(0, len(incidents), 20):
        desk.take(*incidents[n : n + 20])
        told |= desk.tell(NOW + n * 60).keys()
    assert len(told) == len(incidents) if alike else len(told) > 500
