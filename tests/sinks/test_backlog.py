from hypothesis import given
from hypothesis import strategies as st

from schemas.incidents import Incident
from sinks.backlog import Backlog
from sinks.feed import Place, Told
from tests.support.incidents import incident


def told(
    offset: int, name: str = "a", revision: int = 1, partition: int = 0, **other: object
) -> Told:
    key = str(other.pop("incident_key", name))
    one: Incident = incident(incident_id=name, incident_key=key, revision=revision, **other)
    return Told(one, Place(partition, offset), True, 0, 0)


def names(some: list[Told]) -> list[str]:
    return [one.incident.event_id for one in some]


def test_only_the_latest_revision_waits() -> None:
    backlog = Backlog(every=False)
    for offset, revision in enumerate((1, 2, 4, 3)):
        backlog.add(told(offset, revision=revision))
    assert names(backlog.next(9)) == ["a:4"]
    assert backlog.settled() == [Place(0, 1)]
    backlog.done(backlog.next(9))
    assert backlog.settled() == [Place(0, 3)]
    assert not backlog


def test_with_every_revision_all_wait_in_turn() -> None:
    backlog = Backlog(every=True)
    for offset, revision in enumerate((1, 2, 3)):
        backlog.add(
            told(offset, revision=revision, severity="info" if revision < 3 else "critical")
        )
    assert names(backlog.next(2)) == ["a:1", "a:2"]


def test_the_worst_come_first_and_what_is_over_last() -> None:
    backlog = Backlog(every=False)
    backlog.add(told(0, "a", severity="warning"))
    backlog.add(told(1, "b", severity="critical", status="resolved"))
    backlog.add(told(2, "c", severity="critical"))
    backlog.add(told(3, "d", severity="critical"))
    assert names(backlog.next(3)) == ["c:1", "d:1", "a:1"]


def test_incidents_of_one_key_come_in_their_order() -> None:
    backlog = Backlog(every=False)
    backlog.add(told(0, "first", 2, incident_key="k", status="resolved"))
    backlog.add(told(1, "second", 1, incident_key="k"))
    backlog.add(told(2, "first", 3, incident_key="k", status="resolved"))
    assert names(backlog.next(9)) == ["first:3"]
    backlog.done(backlog.next(9))
    assert names(backlog.next(9)) == ["second:1"]


def test_what_came_while_it_was_told_still_waits() -> None:
    backlog = Backlog(every=False)
    backlog.add(told(0))
    underway = backlog.next(1)
    backlog.add(told(1, revision=2))
    backlog.done(underway)
    assert names(backlog.next(1)) == ["a:2"]
    assert backlog.settled() == [Place(0, 0)]


def test_what_is_skipped_is_settled() -> None:
    backlog = Backlog(every=False)
    backlog.skip(Place(0, 7))
    backlog.skip(Place(1, 3))
    assert backlog.settled() == [Place(0, 7), Place(1, 3)]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=60),
    st.booleans(),
)
def test_nothing_is_settled_before_it_is_told(
    steps: list[tuple[int, int, bool]], every: bool
) -> None:
    backlog = Backlog(every=every)
    revisions: dict[str, int] = {}
    highest: dict[int, int] = {}
    for number, partition, give in steps:
        offset = highest[partition] = highest.get(partition, -1) + 1
        name = f"{number}-{partition}"
        revisions[name] = revisions.get(name, 0) + 1
        backlog.add(told(offset, name, revisions[name], partition))
        if give:
            backlog.done(backlog.next(2))
        waiting = {one.place for one in backlog}
        for place in backlog.settled():
            assert all(w.partition != place.partition or w.offset > place.offset for w in waiting)
    backlog.done(list(backlog))
    assert dict(backlog.settled()) == highest
