import json
from typing import Any

import msgspec
import pytest

from agents.incidents.lifecycle import Incidents
from agents.incidents.past import KEPT, LEAST, Likeness, Past, similarity
from agents.incidents.rules import IncidentRules
from schemas.handling import Remark
from schemas.incidents import Incident
from tests.agents.incidents.made import calm, outbreak
from tests.support.incidents import incident

ONE = Likeness("a", ("支付", "转圈"), {"app_version": "7.2.0"}, "payment", "checkout")
AT = "2026-11-20T10:00:00.000Z"


def over(name: str = "past", *, said: tuple[str, ...] = (), **other: Any) -> Incident:
    notes = tuple(Remark("ana", AT, text) for text in said)
    told = {"incident_id": name, "status": "resolved", "resolved_at": AT, "notes": notes}
    return incident(**(told | other))


def likeness(of: Incident) -> Likeness:
    return Likeness(
        of.grouping.cluster_id,
        of.grouping.terms,
        of.slice.attributes,
        of.rca.category,
        of.service or "",
    )


@pytest.mark.parametrize(
    ("different", "alike"),
    [
        ({}, 1.0),
        ({"cluster_id": "b"}, 1.0),
        ({"terms": ("other",)}, 1.0),
        ({"cluster_id": "b", "terms": ("other",)}, 0.5),
        ({"cluster_id": "b", "terms": ("支付", "失败")}, 0.75),
        ({"cluster_id": "b", "terms": ()}, 0.5),
        ({"attributes": {"app_version": "7.3.0"}}, 0.9),
        ({"attributes": {"app_version": "7.2.0", "os": "ios"}}, 0.9),
        ({"attributes": {"region": "CN-31"}}, 0.8),
        ({"attributes": {}}, 0.8),
        ({"category": "login"}, 0.85),
        ({"service": "search"}, 0.85),
        ({"service": ""}, 0.85),
    ],
)
def test_how_alike_two_are(different: dict[str, Any], alike: float) -> None:
    other = ONE._replace(**different)
    assert similarity(ONE, other) == pytest.approx(alike)
    assert similarity(other, ONE) == pytest.approx(alike)


LATER = "2026-11-20T10:05:00.000Z"


@pytest.mark.parametrize(
    ("notes", "resolution"),
    [
        ((), ""),
        (((LATER, "looking"),), "looking"),
        (((AT, "rolled back"), (LATER, "thanks!")), "rolled back"),
        (((LATER, "it was the cache"), (LATER, "fixed since")), "fixed since"),
    ],
)
def test_what_ended_it_is_what_was_said_at_the_resolve(
    notes: tuple[tuple[str, str], ...], resolution: str
) -> None:
    past = Past()
    past.learn(over(notes=tuple(Remark("ana", at, text) for at, text in notes)))
    (found,) = past.like(likeness(over()), "another")
    assert found.resolution == resolution


def test_what_is_not_known_of_both_is_not_the_same() -> None:
    nothing = Likeness("a", (), {}, "other", "")
    assert similarity(nothing, nothing._replace(cluster_id="b")) == 0


def test_a_resolved_one_is_named_with_what_ended_it() -> None:
    past = Past()
    past.learn(over(said=("looking", "rolled back 7.2.0")))
    (found,) = past.like(likeness(incident()), "now")
    assert (found.id, found.similarity, found.resolution) == ("past", 1.0, "rolled back 7.2.0")
    assert (found.resolved_at, found.title) == (AT, incident().title)


def test_one_that_is_open_is_not_past() -> None:
    past = Past()
    past.learn(incident())
    assert len(past) == 0


def test_one_that_opens_again_is_past_no_more() -> None:
    past = Past()
    past.learn(over())
    past.forget("past")
    past.forget("never heard of")
    assert len(past) == 0


def test_it_is_not_like_itself() -> None:
    past = Past()
    past.learn(over())
    assert past.like(likeness(incident()), "past") == ()


def test_what_is_said_later_counts() -> None:
    past = Past()
    for said in ((), ("it was the provider",)):
        past.learn(over(said=said))
    assert [one.resolution for one in past.like(likeness(incident()), "now")] == [
        "it was the provider"
    ]


def test_words_of_people_are_made_visible_and_short() -> None:
    past = Past()
    past.learn(over(said=("a\u202eb\x00" + "c" * 5_000,)))
    (found,) = past.like(likeness(incident()), "now")
    assert found.resolution.startswith("abccc")
    assert len(found.resolution) <= 300


def test_three_at_most_the_likest_first_then_the_latest() -> None:
    past = Past()
    for name in ("p1", "p2", "p3", "p4"):
        past.learn(over(name, service="search" if name == "p3" else "checkout"))
    found = past.like(likeness(incident()), "now")
    assert [one.id for one in found] == ["p4", "p2", "p1"]


def test_what_is_hardly_alike_is_not_named() -> None:
    past = Past()
    past.learn(over())
    faint = Likeness("b", (), {}, "payment", "checkout")
    assert similarity(faint, likeness(over())) < LEAST
    assert past.like(faint, "now") == ()


def test_only_the_last_are_kept() -> None:
    past = Past()
    for n in range(KEPT + 5):
        past.learn(over(f"p{n}"))
    assert len(past) == KEPT
    assert past.like(likeness(incident()), "now")[0].id == f"p{KEPT + 4}"


def test_a_restored_one_is_the_same() -> None:
    past, copy = Past(), Past()
    for n in range(3):
        past.learn(over(f"p{n}", said=(f"done {n}",)))
    copy.restore(json.loads(msgspec.json.encode(past.state())))
    assert copy.like(likeness(incident()), "now") == past.like(likeness(incident()), "now")
    assert copy.state() == past.state()


def test_the_lifecycle_names_what_is_over_to_the_next_one() -> None:
    incidents = Incidents(IncidentRules())
    incidents.step(outbreak())
    for after in range(1, 16):
        incidents.step(calm(after))
    assert not incidents.is_open("abcdef")
    copy = Incidents(IncidentRules())
    copy.restore(json.loads(msgspec.json.encode(incidents.state())))
    for one in (incidents, copy):
        again = one.step(outbreak(60))
        assert again is not None
        (found,) = again.incident.past
        assert found.similarity == 1.0
        assert found.id == again.incident.previous_incident_id
        assert any(found.id in said.evidence_ids for said in again.incident.rca.hypotheses)
